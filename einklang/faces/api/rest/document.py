"""The OpenAPI document, completed by what the framework does not know: refusals, links, and the intake's addresses."""

from __future__ import annotations

from typing import Any

from einklang.faces.api.rest import once
from einklang.faces.api.rest.problems import CONTENT_TYPE

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
SECONDS = {"description": "In how many seconds it is worth trying again", "schema": {"type": "integer", "minimum": 1}}
WAITING: dict[int, Json] = {429: {"headers": {"Retry-After": SECONDS}}}
INTAKE = ("batch", "track", "identify", "page", "screen", "group", "alias")
TOLD = {
    "400": "The body cannot be read as a whole",
    "401": "The write key is unknown",
    "403": "The key may not be used from this origin",
    "405": "Events are posted",
    "429": "Too many events from this address",
    "503": "The database is away for a moment",
}
RECEIPT = {
    "schema": {
        "type": "object",
        "required": ["success", "accepted", "errors"],
        "properties": {
            "success": {"type": "boolean"},
            "accepted": {"type": "integer"},
            "errors": {"type": "array", "items": {"type": "object"}},
        },
    }
}
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
LINKS: dict[tuple[str, str], dict[str, tuple[str, dict[str, str]]]] = {  # operation, status: where its answer leads
    ("list_people", "200"): {
        "person": ("get_person", {"person": "$response.body#/items/0/id"}),
        "correction": ("correct_person", {"person": "$response.body#/items/0/id"}),
        "consents": ("list_consents", {"person": "$response.body#/items/0/id"}),
        "withdrawal": ("withdraw_consent", {"person": "$response.body#/items/0/id"}),
        "next": ("list_people", {"cursor": "$response.body#/next"}),
    },
    ("list_messages", "200"): {"message": ("get_message", {"message": "$response.body#/items/0/id"})},
    ("list_journeys", "200"): {
        "journey": ("get_journey", {"journey": "$response.body#/items/0/id"}),
        "pause": ("switch_journey", {"journey": "$response.body#/items/0/id"}),
    },
    ("list_orders", "200"): {
        "order": ("get_order", {"order": "$response.body#/items/0/id"}),
        "next": ("list_orders", {"cursor": "$response.body#/next"}),
    },
    ("list_requests", "200"): {
        "request": ("get_request", {"case": "$response.body#/items/0/id"}),
        "next": ("list_requests", {"cursor": "$response.body#/next"}),
    },
    ("list_contents", "200"): {"next": ("list_contents", {"cursor": "$response.body#/next"})},
    ("take_down_request", "201"): {"request": ("get_request", {"case": "$response.body#/id"})},
    ("record_interactions", "201"): {"written": ("list_interactions", {"person": "$request.body#/items/0/person"})},
    ("list_verdicts", "200"): {
        "verdict": ("get_verdict", {"verdict": "$response.body#/items/0/id"}),
        "replay": ("replay_verdict", {"verdict": "$response.body#/items/0/id"}),
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
    document["paths"] |= {f"/v1/{kind}": {"post": _intake(kind)} for kind in INTAKE}
    document["components"]["securitySchemes"]["WriteKey"] = {"type": "http", "scheme": "basic"}
    return document


def _intake(kind: str) -> Json:
    """Answered by `faces.api.intake`; docs/intake.md says more."""
    answers = {code: _problem(text) for code, text in TOLD.items()}
    return {
        "operationId": f"tell_{kind}",
        "summary": f"Tell what happened: {kind}",
        "description": "With a write key as user name, no password. What a rule keeps out is named in `errors`.",
        "tags": ["intake"],
        "security": [{"WriteKey": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {"200": {"description": "Written down", "content": {"application/json": RECEIPT}}} | answers,
    }


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


def _link(operation: str, parameters: dict[str, str]) -> Json:
    return {"operationId": operation, "parameters": parameters}
