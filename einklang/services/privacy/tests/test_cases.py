from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.facts.people.models import Person
from einklang.services.privacy import cases
from tests import cast

NOW = cast.NOW
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def asked(person: UUID, **more: Any) -> UUID:
    given: dict[str, Any] = {"kind": "correction", "wishes": {"phone": "0511 1"}, "message": "", "token": "form-1"}
    return cases.ask(cursor(), person=person, now=NOW, **{**given, **more})


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (datetime(2026, 11, 19, tzinfo=UTC), date(2026, 12, 19)),
        (datetime(2027, 1, 31, 12, tzinfo=UTC), date(2027, 2, 28)),
        (datetime(2028, 1, 31, 12, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 2, 1)),
    ],
    ids=["same day", "end of February", "leap year", "New Year's Day in Berlin"],
)
def test_a_request_is_due_on_the_same_day_of_the_next_month(received: datetime, due: date) -> None:
    assert cases.due(received) == due


def test_the_second_click_asks_nothing_twice() -> None:
    person = cast.albrecht().id
    assert asked(person) == asked(person)
    assert len(cases.of_person(cursor(), person)) == 1


def test_a_second_open_request_of_a_kind_is_refused_and_another_kind_is_not() -> None:
    person = cast.albrecht().id
    asked(person)
    with pytest.raises(Conflict):
        asked(person, token="form-2")
    asked(person, token="form-3", kind="erasure", wishes={})
    assert {each.kind for each in cases.of_person(cursor(), person)} == {"correction", "erasure"}


def test_a_correction_names_what_shall_be_different() -> None:
    with pytest.raises(InputError) as refused:
        asked(cast.albrecht().id, wishes={}, message="  ")
    assert refused.value.field == "message"


def test_a_wish_that_breaks_a_rule_is_named_by_its_field() -> None:
    with pytest.raises(InputError) as refused:
        asked(cast.albrecht().id, wishes={"email": "no address"})
    assert refused.value.field == "email"


def test_an_accepted_correction_changes_the_record() -> None:
    person, steward = cast.albrecht().id, cast.staff("data_steward")
    case = asked(person, wishes={"family_name": "Albrecht-Meyer"})
    cases.accept(cursor(), case=case, version=1, answer="", by=steward.id, now=NOW)
    changed = Person.objects.get(pk=person)
    assert (changed.family_name, cases.get(cursor(), case).state) == ("Albrecht-Meyer", "done")
    assert changed.sort_key.startswith("albrecht-meyer")


def test_the_second_of_two_who_decide_is_told() -> None:
    steward = cast.staff("data_steward")
    case = asked(cast.albrecht().id)
    cases.refuse(cursor(), case=case, version=1, answer="Der Nachweis fehlt.", by=steward.id, now=NOW)
    with pytest.raises(Conflict):
        cases.accept(cursor(), case=case, version=1, answer="", by=steward.id, now=NOW)


def test_a_refusal_gives_its_reason() -> None:
    case = asked(cast.albrecht().id)
    with pytest.raises(InputError) as refused:
        cases.refuse(cursor(), case=case, version=1, answer=" ", by=cast.staff("data_steward").id, now=NOW)
    assert refused.value.field == "answer"


def test_a_time_limit_is_extended_once_by_two_months_and_before_its_day() -> None:
    steward, cur = cast.staff("data_steward"), cursor()
    case = asked(cast.albrecht().id)
    cases.extend(cur, case=case, version=1, reason="Drei Systeme sind zu prüfen.", by=steward.id, now=NOW + DAY)
    assert cases.get(cur, case).due == date(2027, 2, 19)
    with pytest.raises(Conflict):
        cases.extend(cur, case=case, version=2, reason="Noch einmal.", by=steward.id, now=NOW + 2 * DAY)


def test_on_the_last_day_it_is_too_late_to_extend() -> None:
    case = asked(cast.albrecht().id)
    with pytest.raises(Conflict):
        cases.extend(
            cursor(), case=case, version=1, reason="Zu spät.", by=cast.staff("data_steward").id, now=NOW + 30 * DAY
        )


def test_the_alarm_rings_a_week_before_the_day() -> None:
    case = cases.get(cursor(), asked(cast.albrecht().id))
    assert [case.alarm(NOW + days * DAY) for days in (22, 23)] == [False, True]
    assert [case.overdue(NOW + days * DAY) for days in (30, 31)] == [False, True]


def test_who_asked_can_take_it_back_and_nobody_else() -> None:
    person, cur = cast.albrecht().id, cursor()
    case = asked(person)
    with pytest.raises(NotFound):
        cases.take_back(cur, case=case, person=cast.kern().id, now=NOW)
    cases.take_back(cur, case=case, person=person, now=NOW)
    assert cases.get(cur, case).state == "taken_back"


def test_the_most_urgent_stands_first() -> None:
    cur = cursor()
    late = asked(cast.albrecht().id)
    urgent = cases.ask(
        cur, person=cast.kern().id, kind="erasure", wishes={}, message="", token="form-9", now=NOW - 10 * DAY
    )
    assert [each.id for each in cases.listing(cur, state="open")] == [urgent, late]
