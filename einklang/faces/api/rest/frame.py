"""What every call goes through, in this order: whose token, how often, is the body readable, was it done before.

What changes something is one transaction, which an answer of refusal takes back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.errors import NotAllowed
from einklang.core.pg import Cursor
from einklang.faces.api.rest import once, pace, problems
from einklang.facts.audit import trail
from einklang.services.tokens import tokens
from einklang.services.tokens.tokens import Token

LARGEST_BODY = 1024 * 1024
SAFE = ("GET", "HEAD", "OPTIONS")
UNPRINTABLE = ("%00", b"\\u0000")  # PostgreSQL keeps no NUL
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Caller:
    token: Token
    cur: Cursor
    now: datetime

    @property
    def hidden(self) -> tuple[str, ...]:
        """Purposes of which this token learns nothing, existence included."""
        return ("safety",) if "medical:read" in self.token.scopes else ("safety", "medical")

    @property
    def source(self) -> str:
        return f"token:{self.token.id}"

    def note(self, act: str, object_: str, new: Any = None) -> None:
        """The last thing that an act does."""
        done = trail.Act(act=act, object=object_, who=None, new=new, source=self.source)
        trail.write(self.cur, [done], self.now)


class ApiToken(HttpBearer):
    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        caller = _caller(request)
        if caller and self.scope not in caller.token.scopes:
            raise NotAllowed(f"This token lacks the scope {self.scope}.")
        return caller.token if caller else None


def caller(request: HttpRequest) -> Caller:
    found = _caller(request)
    assert found is not None  # `ApiToken` has let it pass
    return found


def framed(view: View) -> View:
    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        cur = cursor()
        real = clock.real_now()
        token = _recognised(cur, request, real)
        request.caller = Caller(token, cur, clock.now(cur)) if token else None  # type: ignore[attr-defined]
        if token and not pace.allows(cur, token.id, real):
            return problems.response(429, "Too many calls with this token.", Retry_After="1")
        response = _unreadable(request) or _done(cur, request, token, real, lambda: view(request, *args, **kwargs))
        if response.status_code == 405:
            return problems.response(405, "This address does not know this method.", Allow=response.headers["Allow"])
        response.headers["Cache-Control"] = "no-store"
        return response

    return cast(View, answer)


def _done(
    cur: Cursor, request: HttpRequest, token: Token | None, real: datetime, act: Callable[[], HttpResponse]
) -> HttpResponse:
    if request.method in SAFE or token is None:
        return act()
    with transaction.atomic():
        keyed = request.method == "POST" and once.HEADER in request.headers
        response = once.answer(cur, request, token.id, real, act) if keyed else act()
        if response.status_code >= 400:
            transaction.set_rollback(True)
    return response


def _recognised(cur: Cursor, request: HttpRequest, real: datetime) -> Token | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = tokens.recognise(cur, secret, real) if scheme.lower() == "bearer" else None
    if token:
        tokens.note_use(cur, token, real)
    return token


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    if UNPRINTABLE[0] in request.META.get("QUERY_STRING", "") or "\0" in request.path:
        return problems.response(422, "The address holds a NUL character.")
    if request.method in SAFE or _caller(request) is None:
        return None
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return problems.response(413, "The body is larger than 1 MB.")
    if request.body and request.content_type != "application/json":
        return problems.response(415, "The body is JSON: send `Content-Type: application/json`.")
    if UNPRINTABLE[1] in request.body:
        return problems.response(422, "The body holds a NUL character.")
    return None


def _caller(request: HttpRequest) -> Caller | None:
    found: Caller | None = getattr(request, "caller", None)
    return found
