"""The OpenAPI document, completed by what the framework does not know: refusals, links, and the intake's addresses."""

from __future__ import annotations

from typing import Any

from einklang.faces.api.rest import intake, once
from einklang.faces.api.rest.problems import CONTENT_TYPE
from einklang.faces.api.rest.titles import TITLES

Json = dict[str, Any]
SCHEME = "ApiToken"

EVERYWHERE = {
    400: "The call does not have the documented form",
    422: "A rule is broken: which one, and the way out",
    500: "Our mistake; the detail has a reference number",
    503: "The database is away for a moment",
}
WITH_TOKEN = {
    401: "No token, or none that is valid",
    403: "The token lacks the scope",
    429: "Too many calls with this token: 50 a second, 1,000 at once",
}
WITH_BODY = {
    409: "The state does not permit it, or the same act is being done at this moment",
    413: "The body is larger than 1 MB",
    415: "The body is not JSON",
}
NOT_THERE = {404: "There is no such thing, or none that the token may know of"}
OUTDATED = {412: "Somebody else has changed it since"}
WAITING: dict[int, Json] = {status: {"headers": {"Retry-After": intake.SECONDS}} for status in (429, 503)}
KEY = {
    "in": "header",
    "name": once.HEADER,
    "required": False,
    "description": "Asked again within 24 hours, the same act is answered the same and done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": once.LONGEST, "pattern": "^[!-~]+$"},
}
MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The ETag that was read",
    "schema": {"type": "string"},
}
FIRST = "$response.body#/items/0/id"
ASKED = {"person": FIRST, "kind": "erasure", "source": "mail", "identity": "mail", "reference": FIRST}
SEEN = {"items": [{"person": FIRST, "kind": "email.opened", "source_id": FIRST}]}
Link = tuple[str, dict[str, str]] | tuple[str, dict[str, str], Json]
LINKS: dict[tuple[str, str], dict[str, Link]] = {  # operation, status: where its answer leads
    ("list_people", "200"): {
        "person": ("get_person", {"person": FIRST}),
        "correction": ("correct_person", {"person": FIRST}),
        "consents": ("list_consents", {"person": FIRST}),
        "withdrawal": ("withdraw_consent", {"person": FIRST}),
        "request": ("take_down_request", {}, ASKED),
        "happening": ("record_interactions", {}, SEEN),
        "next": ("list_people", {"cursor": "$response.body#/next"}),
    },
    ("list_messages", "200"): {"message": ("get_message", {"message": FIRST})},
    ("list_journeys", "200"): {
        "journey": ("get_journey", {"journey": FIRST}),
        "pause": ("switch_journey", {"journey": FIRST}),
    },
    ("list_orders", "200"): {
        "order": ("get_order", {"order": FIRST}),
        "next": ("list_orders", {"cursor": "$response.body#/next"}),
    },
    ("list_requests", "200"): {
        "request": ("get_request", {"case": FIRST}),
        "next": ("list_requests", {"cursor": "$response.body#/next"}),
    },
    ("list_contents", "200"): {"next": ("list_contents", {"cursor": "$response.body#/next"})},
    ("take_down_request", "201"): {"request": ("get_request", {"case": "$response.body#/id"})},
    ("record_interactions", "201"): {"written": ("list_interactions", {"person": "$request.body#/items/0/person"})},
    ("list_verdicts", "200"): {
        "verdict": ("get_verdict", {"verdict": FIRST}),
        "replay": ("replay_verdict", {"verdict": FIRST}),
    },
}


def completed(document: Json, scopes: dict[str, str]) -> Json:
    """`scopes` by operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, path, method)
            if scope := scopes.get(operation["operationId"]):
                operation["security"] = [{SCHEME: [scope]}]
                operation["responses"] |= _problems(WITH_TOKEN)
                operation["description"] = f"{operation.get('description', '')} Scope: `{scope}`.".strip()
    document["paths"] |= intake.paths()
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["summary"] = TITLES[operation["operationId"]].en
    document["components"]["securitySchemes"]["WriteKey"] = intake.SCHEME
    return document


def _complete(operation: Json, path: str, method: str) -> None:
    answers = {**EVERYWHERE}
    if method in ("post", "put", "patch"):
        answers |= WITH_BODY | NOT_THERE
    if "{" in path:
        answers |= NOT_THERE
    if method == "post":
        operation["parameters"].append(KEY)
    if method == "patch":
        operation["parameters"].append(MATCH)
        answers |= OUTDATED
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    responses |= _problems(answers)
    for (name, status), links in LINKS.items():
        if name == operation["operationId"]:
            responses[status]["links"] = {key: _link(*link) for key, link in links.items()}
    operation["responses"] = responses


def _problems(answers: dict[int, str]) -> Json:
    return {str(status): _problem(text) | WAITING.get(status, {}) for status, text in answers.items()}


def _problem(text: str) -> Json:
    return {"description": text, "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _link(operation: str, parameters: dict[str, str], body: Json | None = None) -> Json:
    link: Json = {"operationId": operation, "parameters": parameters}
    return link if body is None else link | {"requestBody": body}
