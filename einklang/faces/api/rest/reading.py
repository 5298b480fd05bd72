"""The OpenAPI document as people read it: operations by subject, each with fields, answers and an example. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

Json = dict[str, Any]
GOOD = ("200", "201")
DEEPEST = 3
HEADERS = {"Idempotency-Key": '-H "Idempotency-Key: $MY_NUMBER"', "If-Match": '-H "If-Match: $ETAG"'}
SAMPLES = {
    "uuid": "01a20662-91e4-7698-818b-fbacb2af8a06",
    "date-time": "2026-11-23T10:30:00+01:00",
    "date": "2026-11-23",
}


class Prose(str):
    """A sentence in which code stands between backticks."""

    @property
    def parts(self) -> list[tuple[str, bool]]:
        """Piece by piece: is it code?"""
        return [(part, bool(place % 2)) for place, part in enumerate(self.split("`")) if part]


class Field(NamedTuple):
    name: str
    shape: str
    required: bool
    text: Prose


class Operation(NamedTuple):
    id: str
    method: str
    path: str
    text: Prose
    scope: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    refusals: list[tuple[str, Prose]]
    example: str


def operations(document: Json, host: str) -> dict[str, list[Operation]]:
    """By tag, in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            found.setdefault(told["tags"][0], []).append(_operation(_Reader(document), method, path, told, host))
    return found


class _Reader:
    def __init__(self, document: Json) -> None:
        self.schemas: Json = document["components"]["schemas"]

    def meant(self, schema: Json) -> Json:
        """Behind references, and without the `or null` of what may be left out."""
        if "$ref" in schema:
            return self.meant(self.schemas[schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return self.meant(next(each for each in schema["anyOf"] if each.get("type") != "null"))
        return schema

    def shape(self, schema: Json) -> str:
        meant = self.meant(schema)
        if "enum" in meant or "const" in meant:
            return " | ".join(str(each) or '""' for each in meant.get("enum", [meant.get("const")]))
        if meant.get("type") == "array":
            return f"[{self.shape(meant.get('items', {}))}]"
        return str(meant.get("format", meant.get("type", "")))

    def fields(self, schema: Json, before: str = "", depth: int = 0) -> Iterator[Field]:
        meant = self.meant(schema)
        for name, each in meant.get("properties", {}).items():
            required = name in meant.get("required", ())
            yield Field(before + name, self.shape(each), required, Prose(each.get("description", "")))
            inner = self.meant(each)
            inside, step = (inner.get("items", {}), "[].") if inner.get("type") == "array" else (inner, ".")
            if depth < DEEPEST:
                yield from self.fields(inside, f"{before}{name}{step}", depth + 1)

    def sample(self, schema: Json) -> Any:
        """Only what has to be there."""
        meant = self.meant(schema)
        if "enum" in meant:
            return meant["enum"][0]
        if meant.get("type") == "array":
            return [self.sample(meant.get("items", {}))]
        if meant.get("type") == "object":
            properties = meant.get("properties", {})
            return {name: self.sample(properties[name]) for name in meant.get("required", ())}
        return SAMPLES.get(meant.get("format", ""), 1 if meant.get("type") == "integer" else "…")


def _operation(reader: _Reader, method: str, path: str, told: Json, host: str) -> Operation:
    sent = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers: Mapping[str, Json] = told["responses"]
    good = next((answers[code] for code in GOOD if code in answers), {})
    schema = good.get("content", {}).get("application/json", {}).get("schema", {})
    scope = next((scopes[0] for each in told.get("security", []) for scopes in each.values() if scopes), "")
    return Operation(
        told["operationId"],
        method.upper(),
        path,
        Prose(told["description"]),
        scope,
        [
            Field(each["name"], reader.shape(each["schema"]), each["required"], Prose(each["description"]))
            for each in told.get("parameters", [])
        ],
        list(reader.fields(sent.get("schema", {}))),
        list(reader.fields(schema)),
        [(code, Prose(each["description"])) for code, each in sorted(answers.items()) if code not in GOOD],
        _example(reader, method.upper(), host + path, sent, told),
    )


def _example(reader: _Reader, method: str, address: str, sent: Json, told: Json) -> str:
    for each in told.get("parameters", []):
        if each["in"] == "path":
            address = address.replace(f"{{{each['name']}}}", str(reader.sample(each["schema"])))
    lines = ["curl" if method == "GET" else f"curl -X {method}", address]
    schemes = [name for each in told.get("security", []) for name in each]
    if "ApiToken" in schemes:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if "WriteKey" in schemes:
        lines.append('-u "$KEY:"')
    lines += [HEADERS[each["name"]] for each in told.get("parameters", []) if each["name"] in HEADERS]
    if sent:
        body = sent.get("example") or reader.sample(sent.get("schema", {}))
        lines += ['-H "Content-Type: application/json"', f"-d '{orjson.dumps(body).decode()}'"]
    return f"{lines[0]} {lines[1]}" + "".join(f" \\\n  {line}" for line in lines[2:])
