from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.db import transaction

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.loop.interactions import erasure, log, make

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
TOLD = {"content_slug": "a", "topics": ["herz"], "title": "Titel"}
pytestmark = pytest.mark.django_db


def viewed(person: UUID, source_id: str) -> None:
    entry = make.interaction("content.viewed", now=NOW, person=person, source="t", source_id=source_id, properties=TOLD)
    log.record(cursor(), [entry])


def test_what_happened_stays_counted_without_the_person() -> None:
    person = ids.new()
    viewed(person, "1")
    erasure.erase(cursor(), person, NOW)
    (left,) = log.read(cursor(), after=0, limit=9, until=10**9)
    assert (left.kind, left.person, left.properties) == (
        "content.viewed",
        None,
        {"content_slug": "a", "topics": ["herz"]},
    )


def test_an_event_told_again_after_the_erasure_is_not_written_again() -> None:
    person = ids.new()
    viewed(person, "1")
    erasure.erase(cursor(), person, NOW)
    viewed(person, "1")
    assert len(log.read(cursor(), after=0, limit=9, until=10**9)) == 1


def test_no_key_names_her_either() -> None:
    person = ids.new()
    viewed(person, f"read-{person}")
    erasure.erase(cursor(), person, NOW)
    keys = cursor().execute("SELECT count(*) FROM interactions_key WHERE source_id LIKE %s", (f"%{person}%",))
    assert keys.fetchone() == (0,)


def test_outside_an_erasure_the_log_stays_append_only() -> None:
    person = ids.new()
    viewed(person, "1")
    erasure.erase(cursor(), person, NOW)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation), transaction.atomic():
        cursor().execute("UPDATE interactions_log SET unit = 'x'")
