from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from einklang.core.connection import cursor
from einklang.facts.people import read as people
from einklang.facts.products import read as products
from einklang.services.orders import delivery_note
from einklang.services.orders.delivery_note import Note
from einklang.services.orders.tests.ordering import EXPIRY, placed, stored
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def note() -> Note:
    cur, person, product = cursor(), cast.albrecht(), cast.velunor()
    return Note(
        number="M261119-1",
        day=cast.NOW,
        order=stored(placed()),
        recipient=people.cards(cur, [person.id])[person.id],
        product=products.product(cur, [product.id])[product.id],
        pack=products.packs(cur, [cast.pack().id])[cast.pack().id],
        batch="A4417",
        expiry=EXPIRY,
        smpc=products.smpc_valid(cur, [product.id], cast.NOW)[product.id],
    )


def test_the_same_note_is_the_same_paper_byte_for_byte(note: Note) -> None:
    assert delivery_note.pdf(note) == delivery_note.pdf(note)


def test_another_batch_is_another_paper(note: Note) -> None:
    assert delivery_note.pdf(replace(note, batch="B1")) != delivery_note.pdf(note)


def test_a_note_without_fachinformation_is_no_paper(note: Note) -> None:
    with pytest.raises(ValueError, match="Fachinformation"):
        delivery_note.pdf(replace(note, smpc=None))


def test_the_day_is_the_day_in_berlin(note: Note) -> None:
    late = replace(note, day=cast.NOW.replace(hour=23) + timedelta(minutes=30))
    assert delivery_note.entries(late)["date"] == "2026-11-20"


def test_DE_SAM_13_a_name_without_an_address_is_no_recipient(note: Note) -> None:
    homeless = replace(note, recipient=note.recipient._replace(street=""))
    assert delivery_note.entries(homeless)["recipient"] is None
