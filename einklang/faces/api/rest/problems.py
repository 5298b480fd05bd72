"""Every refusal is a problem (RFC 9457): one shape, whatever went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from einklang.core.errors import BadToken, Conflict, EinklangError, InputError, NotAllowed, NotFound
from einklang.core.words import speak

CONTENT_TYPE = "application/problem+json"
LOCALE = "en"  # who reads this writes programs
UNKNOWN_CALLER = "Send a valid token as `Authorization: Bearer …`."
LOCATIONS = ("body", "query", "path", "header")
Fault = dict[str, str]


class Outdated(Conflict):
    """The caller saw an older version than there is."""


class Several(EinklangError):
    """Of a batch, every rule that is broken."""

    def __init__(self, broken: Sequence[InputError]) -> None:
        super().__init__(len(broken))
        self.broken = broken


def response(status: int, detail: str, errors: Sequence[Fault] = (), **headers: str) -> HttpResponse:
    told: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    told |= {"detail": detail} | ({"errors": list(errors)} if errors else {})
    answer = HttpResponse(orjson.dumps(told), status=status, content_type=CONTENT_TYPE)
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def unauthorized() -> HttpResponse:
    return response(401, UNKNOWN_CALLER, WWW_Authenticate='Bearer realm="api"')


def install(api: NinjaAPI) -> None:
    api.exception_handler(AuthenticationError)(lambda request, error: unauthorized())
    api.exception_handler(HttpError)(lambda request, error: response(error.status_code, str(error)))
    api.exception_handler(ValidationError)(_invalid)
    api.exception_handler(InputError)(lambda request, error: _broken([error]))
    api.exception_handler(Several)(lambda request, error: _broken(error.broken))
    api.exception_handler(NotFound)(lambda request, error: response(404, "There is no such thing."))
    api.exception_handler(NotAllowed)(lambda request, error: response(403, str(error)))
    api.exception_handler(BadToken)(lambda request, error: response(422, "This cursor leads nowhere. Begin anew."))
    api.exception_handler(Outdated)(lambda request, error: response(412, _first(error)))
    api.exception_handler(Conflict)(lambda request, error: response(409, _first(error)))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [{"field": _field(each["loc"]), "rule": str(each["msg"]), "way_out": ""} for each in error.errors]
    return response(400, "What was sent does not have the documented form.", faults)


def _broken(rules: Sequence[InputError]) -> HttpResponse:
    faults = [
        {"field": each.field, "rule": speak(each.rule, LOCALE), "way_out": speak(each.way_out, LOCALE)}
        for each in rules
    ]
    return response(422, f"{faults[0]['field']}: {faults[0]['rule']}", faults)


def _field(location: Sequence[Any]) -> str:
    """Without the names that only the framework knows: where it was, and which argument took the body."""
    names = [str(part) for part in location]
    return ".".join(names[2 if names[0] == "body" else 1 :] if names and names[0] in LOCATIONS else names)


def _first(error: Conflict) -> str:
    return speak(error.args[0], LOCALE) if error.args else "The state of the thing does not permit this."
