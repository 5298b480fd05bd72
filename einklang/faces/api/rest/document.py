"""The OpenAPI document, completed by what the framework does not know: what everything means, refusals, links, and the
intake's addresses. Its sentences are `Words` until `spoken` says them in one language."""

from __future__ import annotations

from typing import Any

from einklang.core.words import Words
from einklang.faces.api.rest import intake, once
from einklang.faces.api.rest.meanings import MEANINGS
from einklang.faces.api.rest.problems import CONTENT_TYPE
from einklang.faces.api.rest.texts import ABOUT, TEXTS
from einklang.faces.api.rest.titles import TAGS, TITLES

Json = dict[str, Any]
SCHEME = "ApiToken"

DONE = {"200": Words("Getan", "Done"), "201": Words("Angelegt", "Made")}
EVERYWHERE = {
    400: Words("Der Aufruf hat nicht die beschriebene Form", "The call does not have the documented form"),
    422: Words("Eine Regel ist verletzt: welche, und der Ausweg", "A rule is broken: which one, and the way out"),
    500: Words("Unser Fehler; `detail` nennt eine Vorgangsnummer", "Our mistake; `detail` has a reference number"),
    503: Words("Die Datenbank ist gerade nicht erreichbar", "The database is away for a moment"),
}
WITH_TOKEN = {
    401: Words("Kein Token, oder keines, das gilt", "No token, or none that is valid"),
    403: Words("Dem Token fehlt das Recht", "The token lacks the scope"),
    429: Words(
        "Zu viele Aufrufe mit diesem Token: 50 in der Sekunde, 1.000 auf einmal",
        "Too many calls with this token: 50 a second, 1,000 at once",
    ),
}
WITH_BODY = {
    409: Words(
        "Der Zustand lässt es nicht zu, oder dieselbe Handlung läuft in diesem Augenblick",
        "The state does not permit it, or the same act is being done at this moment",
    ),
    413: Words("Der Inhalt ist größer als 1 MB", "The body is larger than 1 MB"),
    415: Words("Der Inhalt ist kein JSON", "The body is not JSON"),
}
NOT_THERE = {
    404: Words(
        "Das gibt es nicht, oder dieses Token darf davon nicht wissen",
        "There is no such thing, or none that the token may know of",
    )
}
OUTDATED = {412: Words("Jemand anderes hat es seither geändert", "Somebody else has changed it since")}
WAITING: dict[int, Json] = {status: {"headers": {"Retry-After": intake.SECONDS}} for status in (429, 503)}
TEXT = {"type": "string"}
KEY = {
    "in": "header",
    "name": once.HEADER,
    "required": False,
    "schema": TEXT | {"minLength": 1, "maxLength": once.LONGEST, "pattern": "^[!-~]+$"},
}
MATCH = {"in": "header", "name": "If-Match", "required": False, "schema": TEXT}
ETAG = {"ETag": {"description": Words("Der gelesene Stand", "What was read"), "schema": TEXT}}
REPLAYED = {
    once.REPLAYED: {
        "description": Words("`true`: die Antwort von damals", "`true`: the answer of the first time"),
        "schema": TEXT,
    }
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
            if scopes.get(operation["operationId"]):
                operation["responses"] |= _problems(WITH_TOKEN)
    document["paths"] |= intake.paths()
    for methods in document["paths"].values():
        for operation in methods.values():
            _explain(operation, scopes.get(operation["operationId"]))
    for name, schema in document["components"]["schemas"].items():
        for field, shape in schema.get("properties", {}).items():
            shape["description"] = _meaning(name, field)
    document["components"]["securitySchemes"]["WriteKey"] = intake.SCHEME
    document["info"]["description"] = ABOUT
    document["tags"] = [{"name": tag, "description": words} for tag, words in TAGS.items()]
    return document


def spoken(told: Any, language: str) -> Any:
    if isinstance(told, Words):
        return told.in_(language)
    if isinstance(told, dict):
        return {key: spoken(value, language) for key, value in told.items()}
    return [spoken(each, language) for each in told] if isinstance(told, list) else told


def _complete(operation: Json, path: str, method: str) -> None:
    answers = {**EVERYWHERE}
    if method in ("post", "put", "patch"):
        answers |= WITH_BODY | NOT_THERE
    if "{" in path:
        answers |= NOT_THERE
    if method == "post":
        operation["parameters"].append({**KEY})
    if method == "patch":
        operation["parameters"].append({**MATCH})
        answers |= OUTDATED
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    for status, answer in responses.items():
        answer["description"] = DONE[status]
        if method == "post":
            answer["headers"] = REPLAYED
        if operation["operationId"] == "get_person":
            answer["headers"] = ETAG
    responses |= _problems(answers)
    for (name, status), links in LINKS.items():
        if name == operation["operationId"]:
            responses[status]["links"] = {key: _link(*link) for key, link in links.items()}
    operation["responses"] = responses


def _explain(operation: Json, scope: str | None) -> None:
    name = operation["operationId"]
    operation |= {"summary": TITLES[name], "description": TEXTS[name]}
    for each in operation.get("parameters", []):
        each["description"] = _meaning(name, each["name"])
        each["schema"] = {key: value for key, value in each["schema"].items() if key != "title"}
    if scope:
        de, en = TEXTS[name]
        operation["security"] = [{SCHEME: [scope]}]
        operation["description"] = Words(f"{de} Recht: `{scope}`.", f"{en} Scope: `{scope}`.")


def _meaning(of: str, name: str) -> Words:
    return MEANINGS.get(f"{of}.{name}") or MEANINGS[name]


def _problems(answers: dict[int, Words]) -> Json:
    return {str(status): _problem(text) | WAITING.get(status, {}) for status, text in answers.items()}


def _problem(text: Words) -> Json:
    return {"description": text, "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _link(operation: str, parameters: dict[str, str], body: Json | None = None) -> Json:
    link: Json = {"operationId": operation, "parameters": parameters}
    return link if body is None else link | {"requestBody": body}
