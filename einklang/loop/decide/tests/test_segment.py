"""A segment finds whom a plain filter over the same people finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.people.models import Person
from einklang.loop.decide.mailings import segment
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.interactions import consumers, log, make
from einklang.loop.profiles.consumer import CONSUMER
from tests import cast

SLUGS = ("velunor-studie", "herzinsuffizienz-praxis")
TOPICS = ("herzinsuffizienz", "lipide")
DAYS = (1, 10, 40)


@dataclass(frozen=True)
class Known:
    """What the test made of one person."""

    person: Person
    territory: UUID
    allowed: frozenset[str]
    read: frozenset[str]
    topics: frozenset[str]
    contact: int | None  # days ago


def people() -> list[Known]:
    north, south = cast.north().id, cast.south().id
    return [
        made(cast.albrecht(), north, {"email", "visit"}, SLUGS[:1], TOPICS[:1], contact=5),
        made(cast.kern(), south, {"email"}, SLUGS, TOPICS, contact=30),
        made(cast.lorenz(), north, set(), SLUGS[1:], TOPICS[1:], contact=None),
        made(cast.holtz(), north, {"visit"}, (), (), contact=80),
        made(cast.doctor(1), north, {"email"}, SLUGS[1:], (), contact=8),
    ]


def made(
    person: Person, territory: UUID, allowed: set[str], read: tuple[str, ...], topics: tuple[str, ...],
    *,
    contact: int | None,
) -> Known:  # fmt: skip
    cast.allow(person, *sorted(allowed))
    rows = [viewed(person, slug, topics if slug == read[0] else ()) for slug in read]
    if contact:
        rows.append(held(person, contact))
    log.record(cursor(), rows)
    return Known(person, territory, frozenset(allowed), frozenset(read), frozenset(topics if read else ()), contact)


def held(person: Person, days_ago: int) -> Any:
    at = cast.NOW - timedelta(days=days_ago)
    told = {"products": ["velunor"]}
    return make.interaction(
        "visit.held", now=cast.NOW, occurred_at=at, source="test", person=person.id, properties=told
    )


def viewed(person: Person, slug: str, topics: tuple[str, ...]) -> Any:
    told = {"content_slug": slug, "topics": list(topics), "title": slug}
    return make.interaction("content.viewed", now=cast.NOW, source="test", person=person.id, properties=told)


def fits(one: Known, wanted: Segment) -> bool:
    within, without = wanted.contacted_within, wanted.not_contacted_within
    return (
        (not wanted.professions or one.person.profession in wanted.professions)
        and (not wanted.specialties or one.person.specialty in wanted.specialties)
        and (not wanted.laender or one.person.land in wanted.laender)
        and (not wanted.territories or one.territory in wanted.territories)
        and (not wanted.organisations or one.person.organisation_id in wanted.organisations)
        and one.allowed.issuperset(wanted.allowed)
        and (not wanted.topics or not one.topics.isdisjoint(wanted.topics))
        and (not wanted.read or not one.read.isdisjoint(wanted.read))
        and one.read.isdisjoint(wanted.not_read)
        and (within is None or (one.contact is not None and one.contact < within))
        and (without is None or one.contact is None or one.contact >= without)
    )


def some(*values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


def segments(known: list[Known]) -> st.SearchStrategy[Segment]:
    return st.builds(
        Segment,
        professions=some("physician", "pharmacist", "nurse"),
        specialties=some("Kardiologie", "Innere Medizin"),
        laender=some("DE-NI", "DE-BY"),
        territories=some(cast.north().id, cast.south().id),
        organisations=some(*(one.person.organisation_id for one in known)),
        topics=some(*TOPICS),
        read=some(*SLUGS),
        not_read=some(*SLUGS),
        allowed=some("email", "visit"),
        contacted_within=st.sampled_from((None, *DAYS)),
        not_contacted_within=st.sampled_from((None, *DAYS)),
    )


def test_it_finds_whom_a_plain_filter_finds_in_pieces_of_any_size(fresh_db: str) -> None:
    known = people()
    cur = cursor()
    while consumers.advance(cur, CONSUMER, cast.NOW):
        pass

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(segments(known), st.integers(1, 6))
    def check(wanted: Segment, size: int) -> None:
        found, after = [], None
        while True:
            piece, after = segment.members(cur, wanted, cast.NOW, after=after, limit=size)
            found += piece
            if after is None:
                break
        assert sorted(found) == sorted(one.person.id for one in known if fits(one, wanted))
        assert segment.count(cur, wanted, cast.NOW) == len(found)
        assert segment.first(cur, wanted, cast.NOW, size) == found[:size]
        assert segment.parse(wanted.document) == wanted

    check()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("shoe_size", ["43"]),
        ("professions", "physician"),
        ("professions", [1]),
        ("territories", ["north"]),
        ("allowed", ["everything"]),
        ("contacted_within", 0),
        ("contacted_within", "7"),
        ("contacted_within", True),
        ("read", ["a"] * 201),
    ],
)
def test_what_the_vocabulary_does_not_know_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(InputError) as raised:
        segment.parse({field: value})
    assert raised.value.field == field
