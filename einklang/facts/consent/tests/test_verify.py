"""Whoever owns the database can switch triggers off; what he changes then is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core.connection import cursor
from einklang.facts.consent import ledger, verify, wordings
from einklang.facts.consent.tests.test_ledger import entry
from tests import cast

NOW = cast.NOW
LENGTH = 4
pytestmark = pytest.mark.django_db

REWRITE = {
    "subject": "'anonymous:z'",
    "position": "9",
    "legal_entity": "'other'",
    "permission": "'phone'",
    "channel": "'phone'",
    "purpose": "'service'",
    "state": "'objected'",
    "grade": "'title'",
    "wording_sha256": "'x'",
    "locale": "'fr'",
    "source": "'paper'",
    "evidence_sha256": "'x'",
    "at": "at - interval '1 microsecond'",
    "previous": "'x'",
    "sha256": "'x'",
    "id": "gen_random_uuid()",
    "wording": "(SELECT max(id::text)::uuid FROM consent_wording WHERE permission = 'visit')",
    "product": "gen_random_uuid()",
}


def chain() -> list[UUID]:
    """Of one subject, with another beside it."""
    wording = wordings.current(cursor(), "email", "de", NOW)
    assert wording is not None
    ledger.append(cursor(), [entry("b")], NOW)
    states = ("pending", "granted", "withdrawn", "granted")
    return ledger.append(cursor(), [entry("a", state=state, wording=wording.id) for state in states], NOW)


@contextmanager
def as_owner() -> Iterator[None]:
    """With triggers and foreign keys off."""
    with transaction.atomic():
        cursor().execute("SET LOCAL session_replication_role = replica")
        yield
        cursor().execute("SET LOCAL session_replication_role = origin")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(column=st.sampled_from(sorted(REWRITE)), place=st.integers(0, LENGTH - 1))
def test_whatever_is_rewritten_is_found(column: str, place: int) -> None:
    with transaction.atomic():
        found = chain()
        with as_owner(), connection.cursor() as cur:
            cur.execute(f"UPDATE consent_entry SET {column} = {REWRITE[column]} WHERE id = %s", (found[place],))
        assert verify.verify(cursor()) is not None
        transaction.set_rollback(True)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, LENGTH - 1))
def test_whatever_is_cut_out_is_found(place: int) -> None:
    with transaction.atomic():
        found = chain()
        with as_owner(), connection.cursor() as cur:
            cur.execute("DELETE FROM consent_entry WHERE id = %s", (found[place],))
        broken = verify.verify(cursor())
        assert broken is not None
        assert broken.subject == "anonymous:a"
        transaction.set_rollback(True)


def test_the_first_broken_entry_is_named() -> None:
    found = chain()
    with as_owner(), connection.cursor() as cur:
        cur.execute("UPDATE consent_entry SET state = 'objected' WHERE id = ANY(%s)", (found[1:3],))
    assert verify.verify(cursor()) == verify.Broken("anonymous:a", found[1], 2, "its content was changed")


def test_an_entry_that_was_recomputed_breaks_the_next_one() -> None:
    found = chain()
    with as_owner(), connection.cursor() as cur:
        cur.execute("UPDATE consent_entry SET sha256 = repeat('0', 64) WHERE id = %s", (found[0],))
    assert verify.verify(cursor()) == verify.Broken("anonymous:a", found[0], 1, "its content was changed")


def test_a_chain_that_is_gone_is_missed() -> None:
    chain()
    with as_owner(), connection.cursor() as cur:
        cur.execute("DELETE FROM consent_entry WHERE subject = 'anonymous:a'")
    assert verify.verify(cursor()) == verify.Broken("anonymous:a", None, 0, "the end of the chain is missing")


@pytest.mark.parametrize("act", ["UPDATE consent_current SET state = 'granted'", "DELETE FROM consent_current"])
def test_a_status_that_the_ledger_does_not_say_is_found(act: str) -> None:
    (entry_id,) = ledger.append(cursor(), [entry("a", state="withdrawn")], NOW)
    with connection.cursor() as cur:
        cur.execute(act)
    why = "the current status differs from the ledger"
    assert verify.verify(cursor()) == verify.Broken("anonymous:a", entry_id, 1, why)


def test_words_that_were_changed_afterwards_are_found() -> None:
    found = chain()
    with as_owner(), connection.cursor() as cur:
        cur.execute("UPDATE consent_wording SET text = text || ' Und alles andere auch.' WHERE permission = 'email'")
    assert verify.verify(cursor()) == verify.Broken("anonymous:a", found[0], 1, "its wording was changed")


def test_evidence_that_was_changed_is_found() -> None:
    found = chain()
    with as_owner(), connection.cursor() as cur:
        cur.execute("UPDATE consent_evidence SET plain = '{}' WHERE entry = %s", (found[2],))
    assert verify.verify(cursor()) == verify.Broken("anonymous:a", found[2], 3, "its evidence was changed")


def test_an_empty_ledger_is_whole() -> None:
    assert verify.verify(cursor()) is None
