from __future__ import annotations

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import NotFound
from einklang.core.ids import new
from einklang.services.privacy import copy, paper, proof, rights
from tests import cast

NOW = cast.NOW
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_copy_is_made_on_paper_in_both_languages(language: str) -> None:
    person = cast.albrecht()
    cast.allow(person, "tracking")
    pdf = paper.copy(copy.document(cursor(), person.id, NOW, language))
    assert pdf.startswith(b"%PDF")
    assert b"/Lang(" + language.encode() in pdf


def test_every_line_of_a_record_has_a_name_and_a_value() -> None:
    record = {"at": "2026-11-19T06:42:00+00:00", "empty": "", "topics": ["a", "b"], "evidence": {"ip": "127.0.0.1"}}
    assert paper.flat(record, "de") == [["Wann", "19.11.2026, 07:42"], ["Themen", "a, b"], ["ip", "127.0.0.1"]]


def test_a_consent_that_was_withdrawn_is_proven_as_well() -> None:
    person = cast.albrecht()
    (entry,) = cast.allow(person, "email")
    cast.withdraw(person, "email")
    assert proof.pdf(cursor(), entry, NOW, "de").pdf.startswith(b"%PDF")


def test_a_consent_of_somebody_who_was_erased_is_proven_as_well() -> None:
    person = cast.albrecht()
    (entry,) = cast.allow(person, "email")
    rights.erase(cursor(), person=person.id, by=None, now=NOW)
    assert proof.pdf(cursor(), entry, NOW, "en").name == "email-2026-11-19"


def test_what_is_no_entry_has_no_proof() -> None:
    with pytest.raises(NotFound):
        proof.pdf(cursor(), new(), NOW, "de")
