"""What other systems tell under names of their own is read as our kinds, from the first event on, until undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.loop.interactions import keys, kinds, log, make, mapped, mapping
from einklang.loop.interactions.mapping import Name
from einklang.loop.interactions.types import Entry
from tests import cast

RENAMES = {"article": "content_slug", "tags": "topics"}
READ = {"article": "leitlinie", "tags": ["lipide"], "seconds": 40}
CUSTOM = "custom.article-read"


def key_of(*, server: bool = True) -> str:
    key = keys.lookup(cursor(), keys.create(cursor(), "website", server=server, now=cast.NOW))
    assert key is not None
    return key.source


def tells(source: str, person: UUID | None, properties: dict[str, Any] = READ, **more: Any) -> None:
    told = make.interaction(CUSTOM, now=cast.NOW, source=source, person=person, properties=properties, **more)
    log.record(cursor(), [told])


def name(source: str) -> Name:
    return mapping.name(cursor(), source, CUSTOM, cast.NOW)


def create(source: str, kind: str = "content.viewed", renames: dict[str, str] = RENAMES) -> int:
    return mapping.create(cursor(), name(source), kind, renames, by=ids.new(), now=cast.NOW)


def history(person: UUID, *kinds: str) -> list[Entry]:
    return log.person_history(cursor(), [person], kinds=kinds or None, limit=10)


@pytest.mark.django_db
def test_what_a_name_becomes_is_read_so_and_stays_in_the_log_as_it_was_told() -> None:
    person, source = ids.new(), key_of()
    tells(source, person)
    assert history(person, "content.viewed") == []
    made = create(source)
    (entry,) = history(person, "content.viewed")
    assert (entry.kind, entry.channel, entry.depth, entry.initiator) == ("content.viewed", "portal", 1, "customer")
    assert entry.properties == {"content_slug": "leitlinie", "topics": ["lipide"], "seconds": 40}
    assert cursor().execute("SELECT DISTINCT kind FROM interactions_log").fetchall() == [(CUSTOM,)]
    mapping.undo(cursor(), made, cast.NOW)
    assert [each.kind for each in history(person)] == [CUSTOM]


@pytest.mark.django_db
def test_an_event_that_lacks_what_the_kind_requires_stays_what_it_was() -> None:
    person, source = ids.new(), key_of()
    tells(source, person, {"article": "leitlinie"})
    tells(source, person)
    create(source)
    assert sorted(each.kind for each in history(person)) == ["content.viewed", CUSTOM]
    assert [each.kind for each in history(person, "content.viewed")] == ["content.viewed"]


@pytest.mark.django_db
def test_the_same_name_of_another_key_is_another_name() -> None:
    person, source, other = ids.new(), key_of(), key_of()
    for each in (source, other):
        tells(each, person)
    create(source)
    assert [each.source for each in history(person, "content.viewed")] == [source]


@pytest.mark.django_db
def test_the_preview_says_how_many_become_what_and_why_others_do_not() -> None:
    source = key_of()
    for properties in (READ, READ, {"tags": ["lipide"]}, {"article": 7, "tags": "lipide"}):
        tells(source, ids.new(), properties)
    told = name(source)
    assert (told.number, told.persons, told.sender) == (4, 4, "website")
    assert mapping.properties(cursor(), told, cast.NOW) == ["article", "seconds", "tags"]
    seen = mapping.preview(cursor(), told, "content.viewed", RENAMES, cast.NOW)
    assert (seen.tried, seen.become, seen.stay) == (4, 2, 2)
    assert seen.refused == {
        ("content_slug", "is required"): 1,
        ("content_slug", "must be a string"): 1,
        ("topics", "must be a list of strings"): 1,
    }


@pytest.mark.django_db
def test_a_public_key_tells_only_what_a_browser_may_tell() -> None:
    source = key_of(server=False)
    tells(source, ids.new())
    with pytest.raises(InputError):
        create(source, "email.clicked")
    create(source, "content.viewed")


@pytest.mark.parametrize("kind", ["visit.held", "email.sent", "consent.changed", "nonsense", CUSTOM])
@pytest.mark.django_db
def test_what_counts_towards_limits_or_is_ours_to_tell_is_no_target(kind: str) -> None:
    source = key_of()
    tells(source, ids.new())
    with pytest.raises(InputError):
        create(source, kind)
    assert not {each for each in mapped.targets(is_server=True) if kinds.kind(each).counts}


@pytest.mark.django_db
def test_two_properties_do_not_get_the_same_name() -> None:
    source = key_of()
    tells(source, ids.new())
    with pytest.raises(InputError) as error:
        create(source, renames={"article": "topics", "tags": "topics"})
    assert error.value.field == "renames"


@pytest.mark.django_db
def test_who_comes_second_is_told() -> None:
    source = key_of()
    tells(source, ids.new())
    made = create(source)
    with pytest.raises(Conflict):
        create(source)
    mapping.undo(cursor(), made, cast.NOW)
    with pytest.raises(Conflict):
        mapping.undo(cursor(), made, cast.NOW)
    create(source)
    assert [each.name for each in mapping.made(cursor())] == [CUSTOM]


@pytest.mark.django_db
def test_a_name_that_nobody_tells_is_not_found() -> None:
    with pytest.raises(NotFound):
        mapping.name(cursor(), "key:1", CUSTOM, cast.NOW)
