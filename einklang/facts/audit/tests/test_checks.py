"""A walk over a chain in pieces finds what a walk at once finds."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.audit import checks, trail
from tests import cast

NOW = cast.NOW
WALKS = {checks.AUDIT: checks.of_audit}
pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setattr(checks, "PIECE", 2)
    trail.write(cursor(), [trail.Act(act=f"act.{n}", object="thing:1", who=None) for n in range(5)], NOW)
    return ids.new()


def walked() -> checks.Check:
    while checks.advance(cursor(), WALKS, NOW + timedelta(minutes=1)):
        pass
    found = checks.latest(cursor(), checks.AUDIT)
    assert found is not None
    return found


def ask(by: UUID) -> None:
    checks.ask(cursor(), checks.AUDIT, total=trail.length(cursor()), by=by, now=NOW)


def test_it_goes_on_where_it_stood_and_its_end_is_an_entry_itself(auditor: UUID) -> None:
    ask(auditor)
    checks.advance(cursor(), WALKS, NOW)
    halfway = checks.latest(cursor(), checks.AUDIT)
    assert halfway is not None
    assert (halfway.running, halfway.done, halfway.total) == (True, 2, 5)
    done = walked()
    assert (done.running, done.done, done.fault) == (False, 5, None)
    (entry,) = trail.listing(cursor(), limit=1)
    assert (entry.act, entry.who, entry.new) == ("audit.check", auditor, {"entries": 5, "fault": None})


def test_who_asks_while_one_is_running_starts_no_second(auditor: UUID) -> None:
    ask(auditor)
    ask(ids.new())
    assert walked().asked_by == auditor
    assert [each.act for each in trail.listing(cursor(), limit=9)].count("audit.check") == 1


@pytest.mark.parametrize(
    ("change", "position"),
    [
        ("UPDATE audit_entry SET reason = 'another' WHERE position = 4", 4),
        ("DELETE FROM audit_entry WHERE position = 3", 3),
        ("DELETE FROM audit_entry WHERE position = 5", 5),
        ("UPDATE audit_head SET position = 4, sha256 = (SELECT sha256 FROM audit_entry WHERE position = 4)", 5),
    ],
    ids=["changed", "gone", "cut off", "added"],
)
def test_tampering_is_found_in_whichever_piece_it_lies(auditor: UUID, change: str, position: int) -> None:
    cursor().execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    cursor().execute(change)
    ask(auditor)
    assert walked().fault == {"position": position}
