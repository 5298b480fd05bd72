from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.audit import trail
from einklang.facts.audit.trail import Act

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
WHO = ids.new()


def three() -> list[Act]:
    return [
        Act(act="message.hold", object="message:1", who=WHO, field="state", old="planned", new="held", reason="check"),
        Act(act="user.change", object="user:2", who=WHO, old={"b": 1, "a": [NOW, WHO]}, new={"roles": ["analyst"]}),
        Act(act="retention.run", object="retention:2026", who=None, source="worker"),
    ]


def test_what_was_written_is_read_newest_first() -> None:
    trail.write(cursor(), three(), NOW)
    assert [(each.position, each.act) for each in trail.listing(cursor(), limit=2)] == [
        (3, "retention.run"),
        (2, "user.change"),
    ]
    (held,) = trail.listing(cursor(), limit=10, object="message:1", who=WHO, since=NOW)
    assert (held.old, held.new, held.reason, held.at) == ("planned", "held", "check", NOW)
    assert trail.listing(cursor(), limit=10, until=NOW) == []
    assert [each.position for each in trail.listing(cursor(), limit=10, before=2)] == [1]


def test_a_chain_that_nobody_touched_is_whole() -> None:
    assert trail.broken(cursor()) is None
    trail.write(cursor(), three(), NOW)
    trail.write(cursor(), three(), NOW + timedelta(hours=1))
    assert trail.broken(cursor()) is None


@pytest.mark.parametrize(
    "change", ["UPDATE audit_entry SET reason = ''", "DELETE FROM audit_entry", "TRUNCATE audit_entry"]
)
def test_nobody_changes_or_removes_an_entry(change: str) -> None:
    trail.write(cursor(), three(), NOW)
    with pytest.raises(psycopg.errors.RestrictViolation):
        cursor().execute(change.format("audit_entry"))


@pytest.mark.parametrize(
    ("change", "position"),
    [
        ("UPDATE audit_entry SET new = '\"sent\"' WHERE position = 1", 1),
        ("UPDATE audit_entry SET reason = 'none' WHERE position = 3", 3),
        ("DELETE FROM audit_entry WHERE position = 2", 2),
        ("DELETE FROM audit_entry WHERE position = 3", 3),
    ],
)
def test_who_gets_past_the_trigger_is_found(change: str, position: int) -> None:
    trail.write(cursor(), three(), NOW)
    cursor().execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    cursor().execute(change)
    assert trail.broken(cursor()) == position
