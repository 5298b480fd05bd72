from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.facts.consent import verify
from einklang.loop.interactions import log, make
from einklang.loop.profiles import consumer as profiles
from einklang.loop.profiles import read
from einklang.services.privacy import retention, rights
from tests import cast

NOW = cast.NOW
DAY = timedelta(days=1)
OLD, YOUNG = NOW - 400 * DAY, NOW - 390 * DAY  # 13 months before 19 November 2026 is 19 October 2025
pytestmark = pytest.mark.django_db


def happened(person: UUID, at: datetime, kind: str = "content.viewed", slug: str = "a") -> None:
    told = {"content_slug": slug, "topics": [cast.TOPIC], "title": slug, "subject": "Vertiefung"}
    log.record(cursor(), [make.interaction(kind, now=at, person=person, properties=told)])
    profiles.advance(cursor(), log.read(cursor(), after=0, limit=100, until=10**9), at)


def due(name: str) -> retention.Due:
    return next(each for each in retention.rehearse(cursor(), NOW) if each.record_class == name)


def test_tracking_leaves_after_13_months_and_stays_counted() -> None:
    person = cast.albrecht().id
    happened(person, OLD)
    happened(person, YOUNG, slug="b")
    happened(person, OLD, kind="email.sent")
    assert (due("tracking").number, due("tracking").oldest, due("tracking").rule) == (1, OLD, "AUR-RET-01")
    assert retention.run(NOW)["tracking"] == 1
    left = {(each.kind, each.properties["content_slug"]) for each in log.person_history(cursor(), [person], limit=9)}
    assert left == {("content.viewed", "b"), ("email.sent", "a")}
    counted = cursor().execute("SELECT month, kind, number FROM interactions_month").fetchall()
    assert counted == [(OLD.date().replace(day=1), "content.viewed", 1)]


def test_a_profile_forgets_what_the_log_has_forgotten() -> None:
    person = cast.albrecht().id
    happened(person, OLD)
    happened(person, YOUNG, slug="b")
    retention.run(NOW)
    assert set(read.profiles(cursor(), [person])[person].seen) == {"b"}


def test_a_rehearsal_changes_nothing_and_a_second_run_finds_nothing() -> None:
    person = cast.albrecht().id
    happened(person, OLD)
    retention.rehearse(cursor(), NOW)
    assert len(log.person_history(cursor(), [person], limit=9)) == 1
    retention.run(NOW)
    assert sum(retention.run(NOW).values()) == 0


def test_a_proof_of_consent_stays_while_the_consent_is_used_and_five_years_more() -> None:
    person = cast.albrecht()
    cast.allow(person, "email", now=NOW - 3000 * DAY)
    assert due("consent_proof").number == 0
    cast.withdraw(person, "email", now=NOW - 1827 * DAY)
    assert due("consent_proof").number == 2
    retention.run(NOW)
    assert due("consent_proof").number == 0
    assert verify.verify(cursor()) is None


def test_what_was_withdrawn_less_than_five_years_ago_stays_proven() -> None:
    person = cast.albrecht()
    cast.allow(person, "email", now=NOW - 3000 * DAY)
    cast.withdraw(person, "email", now=NOW - 1820 * DAY)
    assert due("consent_proof").number == 0


def test_whoever_had_no_contact_for_24_months_is_to_be_looked_at_and_stays() -> None:
    active, quiet = cast.albrecht(), cast.kern()
    type(quiet).objects.update(created_at=NOW - 1000 * DAY)
    happened(active.id, YOUNG)
    found = due("golden_record")
    assert (found.act, found.number) == ("review", 1)
    retention.run(NOW)
    assert type(quiet).objects.filter(pk=quiet.pk).exists()


def test_what_was_written_while_a_person_was_erased_is_swept_up() -> None:
    person = cast.albrecht().id
    rights.erase(cursor(), person=person, by=None, now=NOW - DAY)
    happened(person, NOW)
    retention.run(NOW)
    assert log.person_history(cursor(), [person], limit=9) == []
    assert read.profiles(cursor(), [person])[person].seen == {}
