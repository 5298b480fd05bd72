from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

import pytest

from einklang.core import ids
from einklang.loop.interactions import make
from einklang.loop.interactions.log import COLUMNS
from einklang.loop.interactions.types import Entry
from einklang.loop.profiles import read
from einklang.loop.profiles.fold import HALF_LIFE_DAYS, State, fold

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
PERSON = ids.new()


def view(at: datetime, *topics: str, **more: Any) -> Entry:
    properties = {"content_slug": "leitlinie", "topics": list(topics), "title": "Leitlinie"}
    return entry("content.viewed", at, properties=properties, **more)


def entry(kind: str, at: datetime, **more: Any) -> Entry:
    given = make.interaction(kind, now=at, person=PERSON, **more)
    return Entry(**{column: getattr(given, column) for column in COLUMNS}, pos=1, lane=0)


def folded(*entries: Entry) -> State:
    return reduce(fold, entries, {})


def test_an_interest_halves_in_ninety_days_and_is_decayed_on_reading() -> None:
    profile = read._profile(folded(view(NOW, "lipide")))
    assert profile.topics["lipide"].weight == 1
    assert read.topics(profile, NOW + timedelta(days=HALF_LIFE_DAYS)) == [("lipide", 0.5, date(2026, 11, 1))]


def test_what_comes_late_weighs_as_if_it_had_come_in_time() -> None:
    early, late = view(NOW - timedelta(days=90), "lipide"), view(NOW, "lipide")
    for order in ((early, late), (late, early)):
        topics = folded(*order)["topics"]
        assert topics["lipide"]["weight"] == pytest.approx(1.5)
        assert topics["lipide"]["at"] == NOW.isoformat()


def test_deeper_interactions_weigh_more_and_approaches_of_the_company_nothing() -> None:
    click = entry("email.clicked", NOW, properties={"link": "Mehr", "topics": ["lipide"]})
    sent = entry("email.sent", NOW, properties={"subject": "Vertiefung", "topics": ["lipide"]})
    assert folded(click)["topics"]["lipide"]["weight"] == 2
    assert folded(sent)["topics"] == {}


def test_machines_leave_no_trace_in_a_profile() -> None:
    assert folded(view(NOW, "lipide", is_machine=True)) == {}


def test_seen_content_and_last_contact_keep_the_newest_date() -> None:
    profile = read._profile(folded(view(NOW), view(NOW - timedelta(days=1)), entry("email.opened", NOW)))
    assert profile.seen == {"leitlinie": (NOW, "Leitlinie", 2)}
    assert profile.last == {"portal": NOW, "email": NOW}
    assert profile.counts == {"content.viewed": 2, "email.opened": 1}


def test_properties_of_any_shape_do_not_stop_the_fold() -> None:
    odd = entry("custom.x", NOW, depth=1, properties={"topics": {"a": 1}, "content_slug": 7, "title": None})
    assert folded(odd)["topics"] == {}


def test_folding_leaves_the_given_state_as_it_was() -> None:
    before = folded(view(NOW, "lipide"))
    copy = read._profile(before)
    fold(before, view(NOW + timedelta(days=1), "lipide", "rhythmus"))
    assert read._profile(before) == copy
