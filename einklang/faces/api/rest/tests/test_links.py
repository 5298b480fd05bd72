"""Where the document says that an answer leads, it leads."""

from __future__ import annotations

from typing import Any

import pytest

from einklang.faces.api.rest.api import api
from einklang.faces.api.rest.tests.calling import Caller
from einklang.faces.api.rest.tests.test_document import a_small_house

BODIES: dict[str, Any] = {
    "correct_person": {"specialty": "Kardiologie"},
    "withdraw_consent": {"permission": "visit", "evidence": "Brief"},
}
ACT = {"act": "pause"}


class Walk:
    """Follows each link once, from the lists on."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.seen: set[str] = set()
        self.told: dict[str, Any] = api.get_openapi_schema(path_prefix="")["paths"]
        self.places = {
            each["operationId"]: (way, path, each) for path, ways in self.told.items() for way, each in ways.items()
        }

    def go(self, operation: str, values: dict[str, Any], body: Any) -> None:
        self.seen.add(operation)
        way, path, described = self.places[operation]
        query = {} if "{" in path or way != "get" else values
        path = path.format(**values, **ACT)
        answer = self.caller.get(path, **query) if way == "get" else self.caller.send(way.upper(), path, body)
        assert answer.status_code < 300, (operation, answer.content)
        links = described["responses"][str(answer.status_code)].get("links", {})
        heard = {"$response.body": answer.json(), "$request.body": body}
        for link in links.values():
            parameters = found(link["parameters"], heard)
            if link["operationId"] not in self.seen and None not in parameters.values():
                sent = found(link.get("requestBody"), heard) or BODIES.get(link["operationId"], {})
                self.go(link["operationId"], parameters, sent)


def found(template: Any, heard: dict[str, Any]) -> Any:
    if isinstance(template, dict):
        return {key: found(value, heard) for key, value in template.items()}
    if isinstance(template, list):
        return [found(each, heard) for each in template]
    if not isinstance(template, str) or not template.startswith("$"):
        return template
    where, _, pointer = template.partition("#/")
    value = heard[where]
    for step in pointer.split("/"):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


@pytest.mark.slow
def test_every_link_of_the_document_leads_to_an_answer(fresh_db: str) -> None:
    a_small_house()
    walk = Walk(Caller())
    for name in ("list_people", "list_messages", "list_journeys", "list_orders", "list_contents", "list_verdicts"):
        walk.go(name, {} if name == "list_journeys" else {"limit": 1}, None)
    assert {"take_down_request", "record_interactions", "get_request", "replay_verdict"} <= walk.seen
