from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core import ids
from einklang.core import settings as own
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.consent import ledger, proofs, status, verify, wordings
from einklang.facts.consent.ledger import Entry
from einklang.facts.consent.permissions import PERMISSIONS, STATES
from tests import cast

NOW = cast.NOW
SUBJECTS: tuple[UUID | str, ...] = (UUID(int=1), UUID(int=2), "browser-1", str(UUID(int=1)))


def entry(subject: UUID | str, permission: str = "email", state: str = "granted", **more: Any) -> Entry:
    known = PERMISSIONS[permission]
    grade = "topic" if known.grades and state == "granted" else None
    fields = {"channel": known.channel, "purpose": known.purpose, "grade": grade, "evidence": {"ip": "192.0.2.1"}}
    return Entry(subject=subject, permission=permission, state=state, **{**fields, **more})


entries = st.builds(entry, st.sampled_from(SUBJECTS), st.sampled_from(sorted(PERMISSIONS)), st.sampled_from(STATES))
batches = st.lists(st.lists(entries, max_size=4), max_size=5)
on_a_shared_database = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def fold(written: Sequence[Entry]) -> dict[UUID | str, dict[str, tuple[str, str | None]]]:
    told: dict[UUID | str, dict[str, tuple[str, str | None]]] = {subject: {} for subject in SUBJECTS}
    for each in written:
        told[each.subject][each.permission] = (each.state, each.grade)
    return told


@pytest.mark.django_db
@on_a_shared_database
@given(batches=batches)
def test_the_status_is_the_fold_of_the_ledger(batches: list[list[Entry]]) -> None:
    with transaction.atomic():
        for minutes, batch in enumerate(batches):
            ledger.append(cursor(), batch, NOW + timedelta(minutes=minutes))
        found = status.status(cursor(), SUBJECTS)
        seen = {
            subject: {name: (each.state, each.grade) for name, each in answers.items()}
            for subject, answers in found.items()
        }
        assert seen == fold([each for batch in batches for each in batch])
        assert verify.verify(cursor()) is None
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_each_subject_has_a_chain_of_its_own() -> None:
    written = [entry("a"), entry("b"), entry("a", "tracking")]
    found = ledger.append(cursor(), written, NOW)
    rows = cursor().execute("SELECT id, subject, position, previous, sha256 FROM consent_entry").fetchall()
    chain = {row[0]: row for row in rows}
    first, other, second = (chain[entry_id] for entry_id in found)
    assert [row[2] for row in (first, other, second)] == [1, 1, 2]
    assert (first[3], other[3], second[3]) == ("", "", first[4])


@pytest.mark.django_db
def test_a_person_and_a_browser_of_the_same_name_are_two() -> None:
    person = ids.new()
    ledger.append(cursor(), [entry(person)], NOW)
    both: list[UUID | str] = [person, str(person)]
    found = status.status(cursor(), both)
    assert set(found[person]) == {"email"}
    assert found[str(person)] == {}


@pytest.mark.django_db
def test_the_words_that_were_agreed_to_belong_to_the_entry() -> None:
    wording = wordings.current(cursor(), "email", "en", NOW)
    assert wording is not None
    ledger.append(cursor(), [entry("a", wording=wording.id, locale="en")], NOW)
    (proof,) = proofs.history(cursor(), "a")
    assert (proof.wording, proof.wording_text, proof.locale) == (wording.id, wording.text, "en")


@pytest.mark.django_db
def test_erased_evidence_leaves_entry_and_chain_whole() -> None:
    (entry_id,) = ledger.append(cursor(), [entry("a")], NOW)
    assert proofs.history(cursor(), "a")[0].evidence == '{"ip":"192.0.2.1"}'
    ledger.erase_evidence(cursor(), [entry_id])
    assert proofs.history(cursor(), "a")[0].evidence is None
    assert verify.verify(cursor()) is None


@pytest.mark.django_db
def test_the_same_evidence_twice_has_two_digests() -> None:
    ledger.append(cursor(), [entry("a"), entry("b")], NOW)
    digests = cursor().execute("SELECT DISTINCT evidence_sha256 FROM consent_entry").fetchall()
    assert len(digests) == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"permission": "everything"}, "permission"),
        ({"state": "maybe"}, "state"),
        ({"grade": "title"}, "grade"),
        ({"permission": "rep_visibility"}, "grade"),
        ({"permission": "rep_visibility", "grade": "all"}, "grade"),
        ({"wording": UUID(int=7)}, "wording"),
    ],
)
def test_a_wrong_entry_is_refused_and_nothing_is_written(wrong: dict[str, Any], field: str) -> None:
    fields = {"subject": "a", "permission": "email", "channel": "email", "purpose": "promotional", "state": "granted"}
    with pytest.raises(InputError) as refused, transaction.atomic():
        ledger.append(cursor(), [entry("a"), Entry(**{**fields, **wrong})], NOW)
    assert refused.value.field == field
    assert status.status(cursor(), ["a"]) == {"a": {}}


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["consent_entry", "consent_wording"])
@pytest.mark.parametrize("act", ["UPDATE {} SET locale = 'fr'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_ledger_and_its_words_are_append_only(table: str, act: str) -> None:
    ledger.append(cursor(), [entry("a")], NOW)
    cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked would forbid TRUNCATE anyway
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cur:
        cur.execute(act.format(table))


@pytest.mark.django_db
def test_evidence_can_be_erased_but_not_rewritten() -> None:
    ledger.append(cursor(), [entry("a")], NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cur:
        cur.execute("UPDATE consent_evidence SET plain = '{}'")


@pytest.mark.django_db
def test_another_legal_entity_has_its_own_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append(cursor(), [entry("a")], NOW)
    monkeypatch.setenv("EINKLANG_LEGAL_ENTITY", "boreal")
    own.get.cache_clear()
    try:
        assert status.status(cursor(), ["a"]) == {"a": {}}
        ledger.append(cursor(), [entry("a", state="withdrawn")], NOW)
        assert status.status(cursor(), ["a"])["a"]["email"].state == "withdrawn"
        assert len(proofs.history(cursor(), "a")) == 1
    finally:
        monkeypatch.undo()
        own.get.cache_clear()
    assert status.status(cursor(), ["a"])["a"]["email"].state == "granted"
    assert verify.verify(cursor()) is None
