from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from einklang.core.words import Words
from einklang.faces.api.rest import reading
from einklang.faces.api.rest.api import api
from einklang.faces.api.rest.meanings import MEANINGS
from einklang.faces.api.rest.texts import TEXTS
from einklang.faces.api.rest.titles import TAGS, TITLES
from einklang.services.tokens.scopes import SCOPES

PAGE = "/api/v1/docs"


def told(language: str = "en") -> dict[str, list[reading.Operation]]:
    document = api.get_openapi_schema(path_prefix="/api/v1/", language=language)
    return reading.operations(document, "https://einklang.example")


def test_every_operation_has_its_title_and_no_title_is_left_over() -> None:
    shown = told()
    assert shown.keys() == TAGS.keys()
    assert {each.id for part in shown.values() for each in part} == TITLES.keys() == TEXTS.keys()


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_operation_parameter_field_and_refusal_is_explained(language: str) -> None:
    for each in (one for part in told(language).values() for one in part):
        assert each.text
        assert not [field.name for field in (*each.parameters, *each.body, *each.answer) if not field.text], each.id
        assert all(text for _, text in each.refusals)


def test_no_meaning_is_left_over() -> None:
    named = {name for part in told().values() for each in part for name in _names(each)}
    schemas = api.get_openapi_schema(path_prefix="/api/v1/")["components"]["schemas"]
    named |= {f"{schema}.{field}" for schema, told in schemas.items() for field in told.get("properties", {})}
    assert not [name for name in MEANINGS if name not in named | {each.rpartition(".")[2] for each in named}]


def test_no_sentence_is_in_the_other_language() -> None:
    german, english = (_sentences(api.get_openapi_schema(language=code, path_prefix="")) for code in ("de", "en"))
    assert len(german) == len(english)
    same = {de for de, en in zip(german, english, strict=True) if de == en}
    assert {text for text in same if " " in text} == {MEANINGS["profession"].en}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "headers", "language"),
    [
        ("", {}, "en"),
        ("", {"accept-language": "de-DE,de;q=0.9,en;q=0.8"}, "de"),
        ("", {"accept-language": "fr, *;q=0.1"}, "en"),
        ("?lang=de", {"accept-language": "en"}, "de"),
        ("?lang=fr", {}, "en"),
    ],
)
def test_the_document_speaks_the_language_that_is_asked_for(query: str, headers: dict[str, str], language: str) -> None:
    answer = Client(headers=headers).get(f"/api/v1/openapi.json{query}")
    assert answer.json()["paths"]["/api/v1/people"]["get"]["summary"] == TITLES["list_people"].in_(language)
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_example_of_an_act_can_be_repeated() -> None:
    (call,) = [each for each in told()["consents"] if each.id == "withdraw_consent"]
    assert 'Idempotency-Key: $MY_NUMBER"' in call.example


def test_code_within_a_sentence_is_told_apart() -> None:
    assert reading.Prose("Send `next` on.").parts == [("Send ", False), ("next", True), (" on.", False)]


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


def _names(operation: reading.Operation) -> list[str]:
    fields = [field.name.rpartition(".")[2] for field in (*operation.body, *operation.answer)]
    return fields + [f"{operation.id}.{each.name}" for each in operation.parameters]


def _sentences(told: Any) -> list[str]:
    """In the order of the document."""
    if isinstance(told, dict):
        own = [told[key] for key in ("description", "summary") if isinstance(told.get(key), str)]
        return own + [text for each in told.values() for text in _sentences(each)]
    return [text for each in told for text in _sentences(each)] if isinstance(told, list) else []
