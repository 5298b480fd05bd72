"""The intake's addresses in the OpenAPI document. They are answered by `faces.api.intake`; docs/intake.md says more."""

from __future__ import annotations

from typing import Any

from einklang.faces.api.rest.problems import CONTENT_TYPE

Json = dict[str, Any]
KINDS = ("batch", "track", "identify", "page", "screen", "group", "alias")
SCHEME: Json = {"type": "http", "scheme": "basic", "description": "A write key as user name, no password"}
TAG = "intake"
SECONDS = {"description": "In how many seconds it is worth trying again", "schema": {"type": "integer", "minimum": 1}}
TOLD = {
    "400": "No JSON object, or larger than 500 KB",
    "401": "The write key is unknown",
    "403": "The key may not be used from this origin",
    "404": "No write key looks like this",
    "405": "Events are posted; what a library fetches is read",
    "429": "Too many events from this address",
    "503": "The database is away for a moment",
}
WAITING = ("429", "503")
FAULT = {
    "type": "object",
    "required": ["index", "field", "reason"],
    "properties": {
        "index": {"type": "integer", "description": "Which event of the batch"},
        "field": {"type": "string"},
        "reason": {"type": "string"},
        "rule": {"type": "string", "description": "Of the rule pack, where one keeps the event out"},
    },
}
RECEIPT = {
    "type": "object",
    "required": ["success", "accepted", "errors"],
    "properties": {
        "success": {"type": "boolean"},
        "accepted": {"type": "integer", "minimum": 0},
        "errors": {"type": "array", "items": FAULT},
    },
}
FIELDS = {  # without types: what does not fit is named in `errors`, and the other events are kept
    "messageId": "A string of your own: told again, the event is written down once",
    "event": "For `track`: a kind of the registry, or any name",
    "userId": "With a server key: our id of the person, or yours",
    "anonymousId": "Of the browser",
    "timestamp": "When it happened, ISO 8601, within the last 30 days",
    "sentAt": "What the sender's clock said when it was sent",
    "properties": "An object; a registered kind demands some",
    "context": "An object",
    "writeKey": "Instead of Basic auth",
}
EVENT: Json = {"type": "object", "properties": {name: {"description": text} for name, text in FIELDS.items()}}
BATCH: Json = {
    "type": "object",
    "required": ["batch"],
    "properties": {"batch": {"type": "array", "items": {"description": "An event with its `type`"}}},
}
READ: Json = {"content_slug": "leitlinie", "topics": ["herzinsuffizienz"]}
HAPPENED: Json = {"event": "content.viewed", "userId": "4711", "messageId": "a-1", "properties": READ}
EXAMPLES: dict[str, Json] = {"track": HAPPENED, "batch": {"batch": [HAPPENED | {"type": "track"}]}}
DOCUMENTS = {
    "/v1/projects/{key}/settings": ("read_segment_settings", "What Segment's browser library fetches first", "path"),
    "/sourceConfig": ("read_rudderstack_settings", "What RudderStack's browser library fetches first", "query"),
}


def paths() -> Json:
    posted = {f"/v1/{kind}": {"post": _told(kind)} for kind in KINDS}
    return posted | {path: {"get": _document(*told)} for path, told in DOCUMENTS.items()}


def _told(kind: str) -> Json:
    body: Json = {"schema": BATCH if kind == "batch" else EVENT}
    if kind in EXAMPLES:
        body["example"] = EXAMPLES[kind]
    return {
        "operationId": f"tell_{kind}",
        "description": "After the commit. What a rule keeps out is named in `errors`; all else is in the log.",
        "tags": [TAG],
        "security": [{"WriteKey": []}],
        "requestBody": {"required": True, "content": {"application/json": body}},
        "responses": {"200": _json("Written down", RECEIPT)} | {code: _problem(code) for code in TOLD if code != "404"},
    }


def _document(operation: str, description: str, place: str) -> Json:
    """A query without a key is answered, too: what the library then sends is refused."""
    in_path = place == "path"
    key = {"in": place, "name": "key" if in_path else "writeKey", "required": in_path, "description": "A write key"}
    shape = {"type": "string"} | ({"pattern": "^[0-9A-Za-z_-]+$"} if in_path else {})
    return {
        "operationId": operation,
        "description": f"{description}.",
        "tags": [TAG],
        "parameters": [key | {"schema": shape}],
        "responses": {
            "200": _json("It leads back here", {"type": "object"}),
            "404": _problem("404"),
            "405": _problem("405"),
        },
    }


def _json(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem(code: str) -> Json:
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    headers: Json = {"headers": {"Retry-After": SECONDS}} if code in WAITING else {}
    return {"description": TOLD[code], "content": content, **headers}
