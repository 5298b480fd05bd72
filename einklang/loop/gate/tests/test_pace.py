"""How much goes to one receiving domain in an hour, and what becomes of the rest."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.people.models import Person, Verification
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import browse, pace, tasks
from einklang.loop.gate.outbox import Message
from einklang.loop.gate.tests.mails import NOON, ask, reader, safety
from tests import cast

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)


def crowd(number: int, domain: str) -> list[Person]:
    """People who agreed to mail."""
    people = [
        Person.objects.create(
            given_name="P", family_name=f"{domain} {each}", email=f"p{each}@{domain}", land="DE-NI",
            profession="physician", created_at=cast.NOW,
        )
        for each in range(number)
    ]  # fmt: skip
    for person in people:
        Verification.objects.create(
            person=person, role="physician", level="document", provider="test", verified_at=cast.NOW - YEAR,
            valid_until=cast.NOW + YEAR,
        )  # fmt: skip
        cast.allow(person, "email")
    return people


def planned(people: list[Person]) -> None:
    content = cast.mail()
    for person in people:
        ask(person, content=content)


def send(now: datetime = NOON) -> Counter[str]:
    """How many went to each domain in this hour."""
    adapter = FakeAdapter()
    while tasks.dispatch(now, {"email": adapter}):
        pass
    return Counter(mail.recipient.rpartition("@")[2] for mail in adapter.sent)


def waiting() -> list[Message]:
    return browse.listing(cursor(), state="planned")


def test_beyond_the_cap_messages_wait_with_reason_and_hour(reader_content: None) -> None:
    planned(crowd(5, "gmx.example"))
    pace.set_cap(cursor(), "GMX.example", 2, NOON)
    assert send() == {"gmx.example": 2}
    assert {each.detail for each in waiting()} == {"mail_pace:gmx.example|2"}
    assert sorted(each.due_at for each in waiting()) == [NOON + HOUR, NOON + HOUR, NOON + 2 * HOUR]


def test_the_next_hours_take_what_was_promised_to_them(reader_content: None) -> None:
    planned(crowd(5, "gmx.example"))
    pace.set_cap(cursor(), "gmx.example", 2, NOON)
    assert [sum(send(NOON + hours * HOUR).values()) for hours in range(4)] == [2, 2, 1, 0]
    assert waiting() == []


def test_another_domain_is_not_held_up(reader_content: None) -> None:
    planned([*crowd(3, "gmx.example"), *crowd(2, "praxis.example")])
    pace.set_cap(cursor(), "gmx.example", 1, NOON)
    assert send() == {"gmx.example": 1, "praxis.example": 2}


def test_a_cap_for_all_gives_way_to_one_of_its_own(reader_content: None) -> None:
    planned([*crowd(3, "gmx.example"), *crowd(3, "praxis.example")])
    pace.set_cap(cursor(), pace.EVERYBODY, 1, NOON)
    pace.set_cap(cursor(), "praxis.example", 2, NOON)
    assert send() == {"gmx.example": 1, "praxis.example": 2}


def test_a_safety_report_knows_no_cap() -> None:
    safety()
    pace.set_cap(cursor(), pace.EVERYBODY, 1, NOON)
    pace.set_cap(cursor(), "aurelia.example", 1, NOON)
    safety(report="R-8")
    assert send() == {"aurelia.example": 2}


def test_a_new_domain_begins_slowly_and_ends_without_a_cap() -> None:
    pace.warm_up(cursor(), NOON)
    first = pace.caps(cursor(), NOON).warm_up
    second = pace.caps(cursor(), NOON + timedelta(days=1)).warm_up
    assert (first, second) == (5, 10)
    assert pace.caps(cursor(), NOON + timedelta(days=len(pace.curve().per_day))).warm_up is None
    pace.warm_up(cursor(), None)
    assert pace.caps(cursor(), NOON).warm_up is None


def test_while_warming_up_the_lower_cap_holds(reader_content: None) -> None:
    planned(crowd(7, "gmx.example"))
    pace.warm_up(cursor(), NOON)
    pace.set_cap(cursor(), "gmx.example", 100, NOON)
    assert send() == {"gmx.example": 5}
    assert pace.Caps({"gmx.example": 3}, 5).of("gmx.example") == 3


def test_a_cap_that_is_taken_away_holds_nobody(reader_content: None) -> None:
    planned(crowd(3, "gmx.example"))
    pace.set_cap(cursor(), "gmx.example", 1, NOON)
    pace.set_cap(cursor(), "gmx.example", None, NOON)
    assert send() == {"gmx.example": 3}


@pytest.mark.parametrize(("domain", "per_hour"), [("gmx", 1), ("a@gmx.example", 1), ("gmx.example", 0)])
def test_what_is_no_cap_is_refused(domain: str, per_hour: int) -> None:
    with pytest.raises(InputError):
        pace.set_cap(cursor(), domain, per_hour, NOON)


def test_counts_are_forgotten_after_two_days(reader_content: None) -> None:
    planned(crowd(2, "gmx.example"))
    pace.set_cap(cursor(), "gmx.example", 1, NOON)
    send()
    pace.forget(cursor(), NOON + timedelta(days=3))
    assert cursor().execute("SELECT count(*) FROM gate_mail_pace").fetchone() == (0,)


@pytest.fixture
def reader_content() -> None:
    """What the mail links to."""
    reader()
