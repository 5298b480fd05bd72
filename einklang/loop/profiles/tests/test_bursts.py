from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.loop.interactions import consumers, log, make
from einklang.loop.profiles import read
from einklang.loop.profiles.consumer import CONSUMER as PROFILES
from tests import cast


def clicks(person: UUID, message: UUID, link: str, seconds: float, machine: str | None = None) -> None:
    told = make.interaction(
        "email.clicked",
        now=cast.NOW + timedelta(seconds=seconds),
        person=person,
        message=message,
        properties={"link": link} | ({"machine": machine} if machine else {}),
        is_machine=machine is not None,
    )
    log.record(cursor(), [told])


def fold(person: UUID) -> dict[str, int]:
    with transaction.atomic():
        consumers.advance(cursor(), PROFILES, cast.NOW)
    return read.profiles(cursor(), [person])[person].counts


def test_the_first_links_of_a_scanner_count_for_nobody_once_it_is_recognised(fresh_db: str) -> None:
    person, message, other = ids.new(), ids.new(), ids.new()
    clicks(person, other, "Studie", 0)
    clicks(person, message, "Studie", 0)
    clicks(person, message, "Video", 1)
    assert fold(person) == {"email.clicked": 3}
    clicks(person, message, "Termin", 2, machine="burst")
    assert fold(person) == {"email.clicked": 1}, "the click in the other mail is hers"
    clicks(person, message, "Video", 600)
    assert fold(person) == {"email.clicked": 2}, "and so is what she clicks later"
    machines = {entry.is_machine for entry in log.person_history(cursor(), [person], limit=9) if entry.message == other}
    assert machines == {False}


def test_clicks_and_recognition_in_one_batch_count_for_nobody(fresh_db: str) -> None:
    person, message = ids.new(), ids.new()
    clicks(person, message, "Studie", 0)
    clicks(person, message, "Video", 1)
    clicks(person, message, "Termin", 2, machine="burst")
    assert fold(person) == {}
