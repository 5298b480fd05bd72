"""What a rep keeps between visits: tasks, what was shown, and the report that is being written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.loop.channels.visit import drafts, shown, todo
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()


def add(title: str = "Dosistabelle schicken", source: str = "own:1") -> UUID:
    rep, person = cast.petersen().id, cast.albrecht().id
    return todo.add(cursor(), rep=rep, person=person, title=title, due=TODAY, source=source, now=cast.NOW)


def open_titles() -> list[str]:
    return [each.title for each in todo.listing(cursor(), cast.petersen().id)]


def test_the_same_source_is_one_task() -> None:
    assert add() == add("Dosistabelle  schicken ")
    assert open_titles() == ["Dosistabelle schicken"]


def test_a_task_is_done_and_taken_back() -> None:
    task, rep = add(), cast.petersen().id
    todo.move(cursor(), task, rep, "done", cast.NOW)
    assert open_titles() == []
    assert [each.state for each in todo.listing(cursor(), rep, done_since=cast.NOW)] == ["done"]
    todo.move(cursor(), task, rep, "open", cast.NOW)
    assert open_titles() == ["Dosistabelle schicken"]


def test_the_task_of_another_rep_does_not_exist() -> None:
    with pytest.raises(NotFound):
        todo.move(cursor(), add(), cast.adler().id, "done", cast.NOW)


@pytest.mark.parametrize("title", ["  ", "x" * 301])
def test_a_task_is_one_sentence(title: str) -> None:
    with pytest.raises(InputError):
        add(title)


def test_of_two_open_pages_the_second_is_told() -> None:
    here: dict[str, Any] = {"rep": cast.petersen().id, "person": cast.albrecht().id, "channel": "visit"}
    first = drafts.save(cursor(), **here, fields={"note": "eins"}, base=0, now=cast.NOW)
    assert drafts.save(cursor(), **here, fields={"note": "zwei"}, base=first, now=cast.NOW) == first + 1
    with pytest.raises(Conflict):
        drafts.save(cursor(), **here, fields={"note": "drei"}, base=first, now=cast.NOW)
    found = drafts.get(cursor(), **here)
    assert found is not None
    assert found.fields == {"note": "zwei"}


def test_what_was_shown_twice_on_a_day_is_noted_once() -> None:
    here: dict[str, Any] = {"rep": cast.petersen().id, "person": cast.albrecht().id}
    content = ids.new()
    for minutes in (0, 5):
        moment = cast.NOW + timedelta(minutes=minutes)
        shown.note(cursor(), **here, content=content, slug="studie", day=TODAY, now=moment)
    assert [each.slug for each in shown.since(cursor(), **here, moment=cast.NOW)] == ["studie"]
