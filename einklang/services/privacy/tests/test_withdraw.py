from __future__ import annotations

from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.consent import status as consent
from einklang.facts.content.models import ContentVersion
from einklang.facts.people.models import Person
from einklang.loop.gate import door, queue
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log
from einklang.services.privacy import acts
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW


def planned_mail(person: Person, purpose: str = "promotional") -> UUID:
    mail = cast.mail() if purpose == "promotional" else medical_mail()
    question = Question("send", Recipient("person", person.id), "email", purpose, content=mail.id, at=NOW)
    (asked,) = door.ask(cursor(), [question], now=NOW, messages=[door.MessageSpec(mail.id)])
    assert asked.message is not None
    assert queue.get(cursor(), asked.message).state == "planned", asked.verdict.rules
    return asked.message


def medical_mail() -> ContentVersion:
    return cast.frozen(
        "leitlinie", "mail", {"de": {"subject": "Neue Leitlinie", "paragraphs": ["Sie ist erschienen."]}}
    )


def state_of(person: Person, permission: str) -> str | None:
    status = consent.status(cursor(), [person.id])[person.id].get(permission)
    return status.state if status else None


def withdraw(person: Person, permission: str) -> UUID:
    return acts.withdraw(cursor(), person=person.id, permission=permission, evidence={"form": "/abmelden"}, now=NOW)


@pytest.mark.parametrize("purpose", ["promotional", "medical"])
def test_DE_CON_07_withdrawing_email_withholds_what_waits(purpose: str) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    message = planned_mail(doctor, purpose)
    withdraw(doctor, "email")
    stopped = queue.get(cursor(), message)
    assert (stopped.state, stopped.detail) == ("withheld", "DE-CON-07")
    assert state_of(doctor, "email") == "withdrawn"


def test_withdrawing_the_measurement_leaves_the_mail() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email", "mail_tracking")
    message = planned_mail(doctor)
    withdraw(doctor, "mail_tracking")
    assert queue.get(cursor(), message).state == "planned"
    assert state_of(doctor, "email") == "granted"


def test_a_withdrawal_by_one_person_stops_nothing_of_another() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()
    cast.allow(doctor, "email")
    cast.allow(colleague, "email")
    message = planned_mail(colleague)
    withdraw(doctor, "email")
    assert queue.get(cursor(), message).state == "planned"


def test_a_withdrawal_stands_in_the_log_once() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    assert withdraw(doctor, "email") == withdraw(doctor, "email")
    history = log.person_history(cursor(), [doctor.id], limit=10)
    assert [entry.properties for entry in history] == [{"permission": "email", "state": "withdrawn"}]


def test_unsubscribing_counts_even_where_nothing_was_ever_granted() -> None:
    doctor = cast.albrecht()
    withdraw(doctor, "email")
    assert state_of(doctor, "email") == "withdrawn"


def test_an_anonymous_browser_withdraws_too() -> None:
    cast.allow("browser-1", "tracking")
    acts.withdraw(cursor(), anonymous="browser-1", permission="tracking", evidence={}, now=NOW)
    assert consent.status(cursor(), ["browser-1"])["browser-1"]["tracking"].state == "withdrawn"


def test_an_unknown_permission_is_refused() -> None:
    with pytest.raises(InputError):
        withdraw(cast.albrecht(), "everything")


def test_a_withdrawal_names_whose_it_is() -> None:
    with pytest.raises(InputError):
        acts.withdraw(cursor(), permission="tracking", evidence={}, now=NOW)


def test_EU_DP_10_an_objection_to_marketing_withholds_every_promotional_message() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    message = planned_mail(doctor)
    acts.object_to(cursor(), person=doctor.id, permission="marketing", evidence={}, now=NOW)
    stopped = queue.get(cursor(), message)
    assert (stopped.state, stopped.detail) == ("withheld", "EU-DP-10")
    assert state_of(doctor, "email") == "granted"


def test_DE_CON_11_an_objection_to_visits_leaves_the_mail() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    message = planned_mail(doctor)
    acts.object_to(cursor(), person=doctor.id, permission="visit", evidence={}, now=NOW)
    assert state_of(doctor, "visit") == "objected"
    assert queue.get(cursor(), message).state == "planned"


def test_an_objection_is_taken_back() -> None:
    doctor = cast.albrecht()
    first = acts.object_to(cursor(), person=doctor.id, permission="visit", evidence={}, now=NOW)
    assert acts.object_to(cursor(), person=doctor.id, permission="visit", evidence={}, now=NOW) == first
    withdraw(doctor, "visit")
    assert state_of(doctor, "visit") == "granted"


def test_a_consent_is_withdrawn_and_not_objected_to() -> None:
    with pytest.raises(InputError):
        acts.object_to(cursor(), person=cast.albrecht().id, permission="email", evidence={}, now=NOW)
