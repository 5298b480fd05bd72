from __future__ import annotations

import pytest
from django.test import Client

from einklang.core.words import Words
from einklang.faces.api.rest import reading
from einklang.faces.api.rest.api import api
from einklang.faces.api.rest.titles import TAGS, TITLES
from einklang.services.tokens.scopes import SCOPES

PAGE = "/api/v1/docs"


def told() -> dict[str, list[reading.Operation]]:
    return reading.operations(api.get_openapi_schema(path_prefix="/api/v1/"), "https://einklang.example")


def test_every_operation_has_its_title_and_no_title_is_left_over() -> None:
    shown = told()
    assert shown.keys() == TAGS.keys()
    assert {each.id for part in shown.values() for each in part} == TITLES.keys()


def test_every_operation_says_what_it_asks_for() -> None:
    scopes = {each.scope for part in told().values() for each in part}
    assert scopes - {""} == SCOPES.keys() - {"medical:read"}


def test_the_example_of_a_call_holds_what_has_to_be_there() -> None:
    (call,) = [each for each in told()["requests"] if each.id == "take_down_request"]
    assert call.example.startswith("curl -X POST https://einklang.example/api/v1/requests \\\n")
    assert '"kind":"access"' in call.example
    assert {each.name for each in call.body if each.required} == {"person", "kind", "source", "identity", "reference"}
    assert "wishes.email" in {each.name for each in call.body}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody_may_read_it_in_both_languages(language: str) -> None:
    answer = Client(headers={"accept-language": language}).get(PAGE)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(_in(title, language) in page for title in (*TITLES.values(), *TAGS.values()))


def _in(words: Words, language: str) -> str:
    return words.in_(language).replace("'", "&#x27;")
