from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core.connection import cursor
from einklang.loop.gate import door, verdicts
from einklang.loop.gate.door import Asked
from einklang.loop.gate.tests.mails import NOON
from tests import cast

pytestmark = pytest.mark.django_db

FIELDS = ("interests", "contacts")


def disclose(hours: int = 0) -> Asked:
    moment = NOON + timedelta(hours=hours)
    return door.disclose(cursor(), rep=cast.petersen().id, person=cast.albrecht().id, now=moment, fields=FIELDS)


def test_what_a_rep_is_shown_is_stored_once_a_day() -> None:
    cast.allow(cast.albrecht(), "rep_visibility", grade="topic")
    first, again, tomorrow = disclose(), disclose(2), disclose(24)
    assert first.verdict.yes
    assert first.verdict_id == again.verdict_id != tomorrow.verdict_id
    assert len(verdicts.listing(cursor(), person=cast.albrecht().id, limit=10)) == 2


def test_the_fields_shown_are_kept() -> None:
    cast.allow(cast.albrecht(), "rep_visibility")
    disclose()
    assert cursor().execute("SELECT fields FROM gate_disclosure").fetchall() == [(sorted(FIELDS),)]


def test_DE_TRK_04_without_the_permission_the_answer_is_no() -> None:
    asked = disclose()
    assert asked.verdict.rules == ["DE-TRK-04"]


def test_DE_TRK_04_a_withdrawal_counts_the_same_day() -> None:
    cast.allow(cast.albrecht(), "rep_visibility")
    before = disclose()
    cast.withdraw(cast.albrecht(), "rep_visibility", now=NOON + timedelta(hours=1))
    after = disclose(2)
    assert (before.verdict.answer, after.verdict.answer) == ("yes", "no")
    assert before.verdict_id != after.verdict_id
