"""What the tests of this room order, send and read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from pypdf import PdfReader

from einklang.core.connection import cursor
from einklang.facts.people.models import Person, Verification
from einklang.facts.products.models import Smpc
from einklang.loop.interactions import log
from einklang.loop.interactions.types import Entry
from einklang.services.orders import dispatch, read, request
from einklang.services.orders.request import Ordered, Signed, Wish
from tests import cast

SHOWN = "Hiermit fordere ich eine Packung als Muster an."
EXPIRY = date(2028, 6, 30)


def wish(person: Person | None = None, **changes: Any) -> Wish:
    plain = {
        "person": (person or cast.albrecht()).id,
        "pack": cast.pack().id,
        "quantity": 1,
        "channel": "visit",
        "user": cast.petersen().id,
    }
    return Wish(**{**plain, **changes})


def signed(token: str = "form-1", **changes: str) -> Signed:
    plain = {"token": token, "name": "Dr. med. Miriam Albrecht", "signature": "M0 0L9 9", "text_shown": SHOWN}
    return Signed(**{**plain, **changes})


def order(token: str = "form-1", *, now: datetime = cast.NOW, **changes: Any) -> Ordered:
    return request.request(cursor(), wish(**changes), signed(token), now)


def placed(token: str = "form-1", *, now: datetime = cast.NOW) -> UUID:
    made = order(token, now=now).order
    assert made is not None
    return made


def send(wanted: UUID, *, now: datetime = cast.NOW, batch: str = "A4417", expiry: date = EXPIRY) -> dispatch.Dispatched:
    agent = cast.staff("service_agent")
    return dispatch.dispatch(cursor(), order=wanted, batch=batch, expiry=expiry, user=agent.id, now=now)


def stored(wanted: UUID) -> read.Order:
    found = read.get(cursor(), wanted)
    assert found is not None
    return found


def a_spring_and_an_autumn_sample() -> None:
    """The example of DE-SAM-03."""
    Verification.objects.filter(person=cast.albrecht()).update(verified_at=cast.NOW - cast.YEAR)
    placed("spring", now=datetime(2026, 3, 10, 9, tzinfo=UTC))
    placed("autumn", now=datetime(2026, 9, 1, 9, tzinfo=UTC))


def in_the_log(kind: str) -> list[Entry]:
    return log.person_history(cursor(), [cast.albrecht().id], kinds=[kind], limit=10)


def paper(wanted: UUID) -> bytes:
    note = read.note(cursor(), wanted)
    assert note is not None
    return note


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def supersede(day: datetime) -> Smpc:
    """A new Fachinformation of Velunor is valid from `day` on."""
    product = cast.velunor()
    Smpc.objects.filter(authorisation=product, valid_to=None).update(valid_to=day)
    return Smpc.objects.create(authorisation=product, version=13, valid_from=day, body="Fachinformation, Fassung 13")
