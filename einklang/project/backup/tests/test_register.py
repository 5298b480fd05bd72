from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from einklang.core.connection import cursor
from einklang.project.backup import register
from einklang.services.privacy import acts
from tests import cast

NOW = cast.NOW


def end(*permissions: str) -> None:
    person = cast.albrecht()
    cast.allow(person, *permissions)
    with transaction.atomic():
        for each in permissions:
            acts.withdraw(cursor(), person=person.id, permission=each, evidence={}, now=NOW)


@pytest.mark.usefixtures("fresh_db")
def test_each_promise_is_written_once_beside_the_backups(tmp_path: Path) -> None:
    end("email", "tracking")
    assert register.write_on(cursor(), tmp_path) == 2
    assert register.write_on(cursor(), tmp_path) == 0
    assert [each.permission for each in register.since(tmp_path, NOW)] == ["email", "tracking"]
    assert (tmp_path / register.NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("fresh_db")
def test_a_line_that_broke_off_costs_no_other_and_is_written_again(tmp_path: Path) -> None:
    end("email")
    (tmp_path / register.NAME).write_bytes(b'{"at": "2026-11-')
    register.write_on(cursor(), tmp_path)
    assert [each.permission for each in register.since(tmp_path, NOW)] == ["email"]


@pytest.mark.usefixtures("fresh_db")
def test_what_every_backup_knows_goes_from_the_register(tmp_path: Path) -> None:
    end("email")
    register.write_on(cursor(), tmp_path)
    register.forget(tmp_path, NOW)
    assert len(register.since(tmp_path, NOW)) == 1
    register.forget(tmp_path, NOW + timedelta(seconds=1))
    assert register.since(tmp_path, NOW) == []
