from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from einklang.core.connection import cursor
from einklang.core.erasure import RESTRICTED
from einklang.project.backup import register
from einklang.project.backup.tests.test_backup import written
from einklang.services.privacy import acts, copy, retention, rights
from tests import cast

NOW = cast.NOW
LATER = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def noted(fresh_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the register lies, in which Dr. Albrecht's withdrawal stands."""
    monkeypatch.setenv("EINKLANG_BACKUPS", str(tmp_path))
    person = cast.albrecht()
    cast.allow(person, "email")
    with transaction.atomic():
        acts.withdraw(cursor(), person=person.id, permission="email", evidence={}, now=NOW)
    register.write_on(cursor(), tmp_path)
    return tmp_path


def test_her_copy_shows_what_is_noted_and_an_erasure_says_that_it_stays_and_until_when(noted: Path) -> None:
    person = register.listing(noted)[0].person
    assert person is not None
    (kept,) = (each for each in copy.kept(cursor(), person) if each.record_class.name == "promises")
    assert [(each["permission"], each["state"]) for each in kept.records] == [("email", "withdrawn")]
    with transaction.atomic():
        outcomes = {each.record_class: each for each in rights.erase(cursor(), person=person, by=None, now=NOW)}
    told = outcomes["promises"]
    assert (told.result, told.basis, told.until) == (RESTRICTED, "AUR-RET-07", datetime(2027, 2, 19, tzinfo=UTC).date())


def test_a_note_goes_after_its_time_unless_a_backup_is_older(noted: Path) -> None:
    assert due(LATER - timedelta(days=30)) == 0
    assert due(LATER) == 1
    backup = written(noted)  # of 1 November, before the withdrawal
    assert due(LATER) == 0
    assert retention.run(LATER)["promises"] == 0
    backup.rename(noted / "einklang-20261120T000000Z")  # after it: that backup knows
    assert retention.run(LATER)["promises"] == 1
    assert register.listing(noted) == []


def due(now: datetime) -> int:
    return next(each.number for each in retention.rehearse(cursor(), now) if each.record_class == "promises")
