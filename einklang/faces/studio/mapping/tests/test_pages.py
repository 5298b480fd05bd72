"""Names of other systems: listed, tried, mapped, and undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter
from einklang.facts.audit import trail
from einklang.loop.interactions import keys, log, make, mapping
from tests import cast

pytestmark = pytest.mark.django_db
READ = {"article": "leitlinie", "tags": ["lipide"], "visitor_mail": "somebody@example.com"}
CHOSEN = {"kind": "content.viewed", "content_slug": "article", "topics": "tags", "title": ""}


@pytest.fixture
def source() -> str:
    key = keys.lookup(cursor(), keys.create(cursor(), "Kongress-Seite", server=True, now=cast.NOW))
    assert key is not None
    tells(key.source, READ, READ, {"tags": ["lipide"]})
    return key.source


def tells(source: str, *told: dict[str, Any]) -> None:
    rows = [
        make.interaction("custom.article-read", now=cast.NOW, source=source, person=ids.new(), properties=each)
        for each in told
    ]
    log.record(cursor(), rows)


def address(source: str) -> str:
    return f"/studio/events/{source.removeprefix('key:')}/article-read/"


def text(client: Client, path: str, **given: str) -> str:
    answer = client.get(path, given)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_any_the_page_says_what_belongs_here(enter: Enter) -> None:
    assert "Noch meldet niemand etwas unter eigenem Namen" in text(enter("data_steward"), "/studio/events/")


def test_the_list_shows_names_numbers_and_fields_but_no_values(enter: Enter, source: str) -> None:
    for path in ("/studio/events/", address(source)):
        shown = text(enter("data_steward"), path)
        assert "article-read" in shown
        assert "Kongress-Seite" in shown
        assert "tags" in shown
        assert "somebody@example.com" not in shown


def test_the_preview_says_what_becomes_of_them_and_changes_nothing(enter: Enter, source: str) -> None:
    shown = text(enter("marketing"), address(source), **CHOSEN)
    assert "2 von 3 werden „Inhalt gelesen“." in shown
    assert "Kurzname des Inhalts: fehlt" in shown
    assert "So zuordnen" not in shown, "marketing looks on"
    assert mapping.made(cursor()) == []


def test_a_steward_maps_and_takes_it_back_and_both_are_on_record(enter: Enter, source: str) -> None:
    steward = enter("data_steward")
    assert "So zuordnen" in text(steward, address(source), **CHOSEN)
    answer = steward.post(address(source), CHOSEN, follow=True)
    assert "Rückgängig" in answer.content.decode()
    (made,) = mapping.made(cursor())
    assert (made.kind, made.renames) == ("content.viewed", {"article": "content_slug", "tags": "topics"})
    assert "Aufheben" in text(steward, address(source))
    steward.post(f"/studio/events/{made.id}/undo")
    assert mapping.made(cursor()) == []
    told = trail.listing(cursor(), limit=5, object=f"mapping:{made.id}")
    assert [each.act for each in told] == ["mapping.undo", "mapping.create"]


def test_who_comes_second_is_told(enter: Enter, source: str) -> None:
    steward = enter("data_steward")
    steward.post(address(source), CHOSEN)
    assert "schon zugeordnet" in steward.post(address(source), CHOSEN, follow=True).content.decode()
    (made,) = mapping.made(cursor())
    undo = f"/studio/events/{made.id}/undo"
    steward.post(undo)
    assert "schon aufgehoben" in steward.post(undo, follow=True).content.decode()


def test_bad_choices_are_told_and_kept(enter: Enter, source: str) -> None:
    steward = enter("data_steward")
    doubled = CHOSEN | {"topics": "article"}
    assert "aus demselben Feld" in text(steward, address(source), **doubled)
    for bad in (doubled, {"kind": "visit.held"}, {}):
        assert steward.post(address(source), bad).status_code == 400
    assert mapping.made(cursor()) == []


def test_marketing_may_look_and_not_map(enter: Enter, source: str) -> None:
    assert enter("marketing").post(address(source), CHOSEN).status_code == 403
    assert enter("legal_reviewer").get(address(source)).status_code == 403


def test_a_name_that_nobody_tells_is_not_there(enter: Enter) -> None:
    assert enter("data_steward").get("/studio/events/7/nirgends/").status_code == 404
