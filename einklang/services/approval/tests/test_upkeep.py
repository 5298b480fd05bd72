from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.content import read
from einklang.facts.products.smpc import Edition
from einklang.services.approval import duties, upkeep
from einklang.services.approval.tests import parts
from tests import cast

pytestmark = pytest.mark.django_db
NOW = parts.NOW


def edition(*, safety: bool, therapy: bool = False) -> Edition:
    return Edition(
        authorisation=cast.velunor().id,
        body="Neue Fachinformation",
        valid_from=NOW,
        safety_relevant=safety,
        therapy_relevant=therapy,
    )


def live() -> bool:
    return "velunor-alltag" in read.live(cursor(), ["velunor-alltag"], NOW)


def kinds(role: str) -> list[str]:
    return [task.kind for task in duties.waiting(cursor(), [role])]


@pytest.mark.parametrize(("days", "key"), [(89, "90"), (30, "30"), (6, "7")])
def test_DE_INF_01_an_end_is_told_90_30_and_7_days_ahead(days: int, key: str) -> None:
    parts.released()
    then = NOW + timedelta(days=365 - days)
    assert upkeep.warn(cursor(), then) == len(upkeep.TOLD)
    assert upkeep.warn(cursor(), then) == 0
    assert [(task.kind, task.key) for task in duties.waiting(cursor(), ["marketing"])] == [("expiry", key)]


def test_the_next_threshold_takes_the_place_of_the_one_before() -> None:
    parts.released()
    for days in (80, 20, 3):
        upkeep.warn(cursor(), NOW + timedelta(days=365 - days))
    assert [task.key for task in duties.waiting(cursor(), ["marketing"])] == ["7"]


def test_what_ends_later_is_not_told() -> None:
    parts.released()
    assert upkeep.warn(cursor(), NOW + timedelta(days=200)) == 0


def test_DE_INF_01_a_new_fachinformation_sends_its_content_to_review_and_leaves_it_live() -> None:
    version = parts.released()
    assert upkeep.publish_smpc(cursor(), edition(safety=False), user=cast.administrator().id, now=NOW) == {
        version: False
    }
    assert (parts.content(version).review, live()) == ("needs_review", True)
    assert kinds("information_officer") == ["recheck"]


def test_DE_INF_01_where_it_matters_for_safety_the_content_is_withheld_everywhere() -> None:
    version = parts.released()
    upkeep.publish_smpc(cursor(), edition(safety=True), user=cast.administrator().id, now=NOW)
    assert (parts.content(version).state, live()) == ("withheld", False)
    assert not parts.content(version).valid(NOW)


def test_who_confirms_a_content_is_not_asked_again_for_the_same_fachinformation() -> None:
    version, officer = parts.released(), cast.information_officer()
    upkeep.publish_smpc(cursor(), edition(safety=True), user=officer.id, now=NOW)
    with pytest.raises(InputError):
        upkeep.confirm(cursor(), version, reason="", user=officer.id, now=NOW)
    upkeep.confirm(cursor(), version, reason="Die Änderung betrifft den Text nicht.", user=officer.id, now=NOW)
    assert (live(), kinds("information_officer"), upkeep.ask_again(cursor(), NOW)) == (True, [], {})


def test_DE_INF_03_what_matters_for_therapy_asks_to_tell_the_professionals() -> None:
    upkeep.publish_smpc(cursor(), edition(safety=False, therapy=True), user=cast.administrator().id, now=NOW)
    assert kinds("information_officer") == ["inform"]


def test_a_fachinformation_does_not_begin_before_the_one_that_is_valid() -> None:
    early = Edition(
        authorisation=cast.velunor().id,
        body="Text",
        valid_from=NOW - 2 * cast.YEAR,
        safety_relevant=False,
        therapy_relevant=False,
    )
    with pytest.raises(InputError, match="valid_from"):
        upkeep.publish_smpc(cursor(), early, user=cast.administrator().id, now=NOW)
