"""The intake's addresses in the OpenAPI document. They are answered by `faces.api.intake`; docs/intake.md says more."""

from __future__ import annotations

from typing import Any

from einklang.core.words import Words
from einklang.faces.api.rest.problems import CONTENT_TYPE

Json = dict[str, Any]
KINDS = ("batch", "track", "identify", "page", "screen", "group", "alias")
SCHEME: Json = {
    "type": "http",
    "scheme": "basic",
    "description": Words(
        "Ein Schreibschlüssel als Benutzername, kein Passwort", "A write key as user name, no password"
    ),
}
TAG = "intake"
SECONDS = {
    "description": Words(
        "Nach so vielen Sekunden lohnt es sich wieder", "In how many seconds it is worth trying again"
    ),
    "schema": {"type": "integer", "minimum": 1},
}
TOLD = {
    "400": Words("Kein JSON-Objekt, oder größer als 500 KB", "No JSON object, or larger than 500 KB"),
    "401": Words("Diesen Schreibschlüssel gibt es nicht", "The write key is unknown"),
    "403": Words("Der Schlüssel gilt nicht für diese Herkunft", "The key may not be used from this origin"),
    "404": Words("So sieht kein Schreibschlüssel aus", "No write key looks like this"),
    "405": Words(
        "Ereignisse kommen per POST; was eine Bibliothek holt, per GET",
        "Events are posted; what a library fetches is read",
    ),
    "429": Words("Zu viele Ereignisse von dieser Adresse", "Too many events from this address"),
    "503": Words("Die Datenbank ist gerade nicht erreichbar", "The database is away for a moment"),
}
WAITING = ("429", "503")
FAULT = {
    "type": "object",
    "required": ["index", "field", "reason"],
    "properties": {
        "index": {
            "type": "integer",
            "description": Words("Welches Ereignis des Stapels", "Which event of the batch"),
        },
        "field": {"type": "string", "description": Words("Welches Feld", "Which field")},
        "reason": {"type": "string", "description": Words("Was nicht stimmt", "What is wrong")},
        "rule": {
            "type": "string",
            "description": Words(
                "Aus dem Regelwerk, wo eines das Ereignis fernhält",
                "Of the rule pack, where one keeps the event out",
            ),
        },
    },
}
RECEIPT = {
    "type": "object",
    "required": ["success", "accepted", "errors"],
    "properties": {
        "success": {"type": "boolean", "description": Words("Angekommen", "It has arrived")},
        "accepted": {
            "type": "integer",
            "minimum": 0,
            "description": Words("Wie viele jetzt im Protokoll stehen", "How many stand in the log now"),
        },
        "errors": {
            "type": "array",
            "items": FAULT,
            "description": Words("Was nicht aufgenommen wurde", "What was not taken"),
        },
    },
}
FIELDS = {  # without types: what does not fit is named in `errors`, and the other events are kept
    "messageId": Words(
        "Ihre eigene Kennung: noch einmal gemeldet, steht das Ereignis einmal da",
        "A string of your own: told again, the event is written down once",
    ),
    "event": Words(
        "Bei `track`: eine Art aus dem Verzeichnis oder ein beliebiger Name",
        "For `track`: a kind of the registry, or any name",
    ),
    "userId": Words(
        "Mit einem Serverschlüssel: unsere Kennung der Person oder Ihre",
        "With a server key: our id of the person, or yours",
    ),
    "anonymousId": Words("Des Browsers", "Of the browser"),
    "timestamp": Words(
        "Wann es geschah, ISO 8601, in den letzten 30 Tagen", "When it happened, ISO 8601, within the last 30 days"
    ),
    "sentAt": Words("Was die Uhr des Absenders beim Senden sagte", "What the sender's clock said when it was sent"),
    "properties": Words(
        "Ein Objekt; eine Art des Verzeichnisses verlangt manches", "An object; a registered kind demands some"
    ),
    "context": Words("Ein Objekt", "An object"),
    "writeKey": Words("Anstelle von Basic Auth", "Instead of Basic auth"),
}
EVENT: Json = {"type": "object", "properties": {name: {"description": text} for name, text in FIELDS.items()}}
EVENTS: Json = {
    "type": "array",
    "description": Words("Bis zu 500 KB", "Up to 500 KB"),
    "items": {"description": Words("Ein Ereignis mit seinem `type`", "An event with its `type`")},
}
BATCH: Json = {
    "type": "object",
    "required": ["batch"],
    "properties": {"batch": EVENTS},
}
READ: Json = {"content_slug": "leitlinie", "topics": ["herzinsuffizienz"]}
HAPPENED: Json = {"event": "content.viewed", "userId": "4711", "messageId": "a-1", "properties": READ}
EXAMPLES: dict[str, Json] = {"track": HAPPENED, "batch": {"batch": [HAPPENED | {"type": "track"}]}}
DOCUMENTS = {
    "/v1/projects/{key}/settings": ("read_segment_settings", "path"),
    "/sourceConfig": ("read_rudderstack_settings", "query"),
}
WRITTEN = Words("Festgehalten", "Written down")
HITHER = Words("Sie führen hierher zurück", "It leads back here")


def paths() -> Json:
    posted = {f"/v1/{kind}": {"post": _told(kind)} for kind in KINDS}
    return posted | {path: {"get": _document(*told)} for path, told in DOCUMENTS.items()}


def _told(kind: str) -> Json:
    body: Json = {"schema": BATCH if kind == "batch" else EVENT}
    if kind in EXAMPLES:
        body["example"] = EXAMPLES[kind]
    return {
        "operationId": f"tell_{kind}",
        "tags": [TAG],
        "security": [{"WriteKey": []}],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {"200": _json(WRITTEN, RECEIPT)} | {code: _problem(code) for code in TOLD if code != "404"},
    }


def _document(operation: str, place: str) -> Json:
    """A query without a key is answered, too: what the library then sends is refused."""
    in_path = place == "path"
    key = {"in": place, "name": "key" if in_path else "writeKey", "required": in_path}
    shape = {"type": "string"} | ({"pattern": "^[0-9A-Za-z_-]+$"} if in_path else {})
    return {
        "operationId": operation,
        "tags": [TAG],
        "parameters": [key | {"schema": shape}],
        "responses": {
            "200": _json(HITHER, {"type": "object"}),
            "404": _problem("404"),
            "405": _problem("405"),
        },
    }


def _json(description: Words, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem(code: str) -> Json:
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    headers: Json = {"headers": {"Retry-After": SECONDS}} if code in WAITING else {}
    return {"description": TOLD[code], "content": content, **headers}
