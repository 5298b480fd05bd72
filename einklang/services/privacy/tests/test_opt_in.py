from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from einklang.core import ids, settings, tokens
from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError
from einklang.facts.consent import proofs
from einklang.facts.consent import status as consent
from einklang.facts.content import read as content
from einklang.facts.content import sign
from einklang.facts.people.models import Person
from einklang.loop.gate import queue
from einklang.loop.interactions import log
from einklang.services.privacy import acts, opt_in
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW
EVIDENCE = {"form": "/einwilligung", "ip": "192.0.2.7"}
CLICK = {"form": "/bestaetigen", "ip": "192.0.2.8"}


@pytest.fixture
def doctor() -> Person:
    cast.opt_in_mail()
    return cast.albrecht()


def ask(person: Person, now: datetime = NOW) -> opt_in.Requested:
    return opt_in.request(
        cursor(), person=person.id, permissions=["email"], locale="de", by=ids.new(), evidence=EVIDENCE, now=now
    )


def token_of(message: UUID | None) -> str:
    assert message is not None
    link = queue.get(cursor(), message).variables["confirm_url"]
    start = settings.get().public_url + "/bestaetigen/"
    assert link.startswith(start)
    return str(link.removeprefix(start))


def email_of(person: Person) -> str | None:
    status = consent.status(cursor(), [person.id])[person.id].get("email")
    return status.state if status else None


def test_a_request_stands_as_pending_and_plans_the_mail_that_asks_to_confirm(doctor: Person) -> None:
    requested = ask(doctor)
    assert requested.permissions == ("email",)
    assert email_of(doctor) == "pending"
    assert requested.message is not None
    message = queue.get(cursor(), requested.message)
    assert (message.state, message.purpose) == ("planned", "transactional")


def test_DE_CON_04_the_click_grants_and_proves_words_mail_and_click(doctor: Person) -> None:
    requested = ask(doctor)
    token = token_of(requested.message)
    opt_in.confirm(cursor(), token, CLICK, NOW + timedelta(hours=1))
    assert email_of(doctor) == "granted"
    asked, granted = proofs.history(cursor(), doctor.id)
    assert granted.wording_text == asked.wording_text is not None
    assert granted.evidence is not None
    assert str(asked.id) in granted.evidence
    assert str(requested.message) in granted.evidence
    assert "192.0.2.8" in granted.evidence


def test_request_and_confirmation_stand_in_the_log(doctor: Person) -> None:
    opt_in.confirm(cursor(), token_of(ask(doctor).message), CLICK, NOW)
    history = log.person_history(cursor(), [doctor.id], limit=10)
    told = [entry.properties["state"] for entry in history if entry.kind == "consent.changed"]
    assert told == ["granted", "pending"]


def test_a_second_click_changes_nothing(doctor: Person) -> None:
    token = token_of(ask(doctor).message)
    assert len(opt_in.confirm(cursor(), token, CLICK, NOW)) == 1
    assert opt_in.confirm(cursor(), token, CLICK, NOW) == []
    assert len(proofs.history(cursor(), doctor.id)) == 2


def test_a_second_request_within_seven_days_sends_no_second_mail(doctor: Person) -> None:
    ask(doctor)
    assert ask(doctor, NOW + timedelta(days=6)) == opt_in.Requested(())
    assert ask(doctor, NOW + timedelta(days=8)).message is not None


def test_what_is_granted_is_not_asked_again(doctor: Person) -> None:
    cast.allow(doctor, "email")
    assert ask(doctor).message is None


def test_a_link_expires_after_seven_days_of_the_demos_time(doctor: Person) -> None:
    token = token_of(ask(doctor).message)
    with pytest.raises(InputError) as refused:
        opt_in.confirm(cursor(), token, CLICK, NOW + timedelta(days=7, minutes=1))
    assert (refused.value.rule, refused.value.way_out) == opt_in.EXPIRED
    assert email_of(doctor) == "pending"


def test_a_forged_link_is_refused(doctor: Person) -> None:
    token = token_of(ask(doctor).message)
    for forged in (token[:-2], "x" + token, "", "a.b", tokens.sign("intake", {"person": "x"}, expires=None)):
        with pytest.raises(InputError) as refused:
            opt_in.confirm(cursor(), forged, CLICK, NOW)
        assert (refused.value.rule, refused.value.way_out) == opt_in.FORGED
    assert email_of(doctor) == "pending"


def test_a_link_does_not_undo_a_withdrawal_that_came_later(doctor: Person) -> None:
    token = token_of(ask(doctor).message)
    acts.withdraw(cursor(), person=doctor.id, permission="email", evidence=CLICK, now=NOW)
    with pytest.raises(InputError) as refused:
        opt_in.confirm(cursor(), token, CLICK, NOW)
    assert (refused.value.rule, refused.value.way_out) == opt_in.OVERTAKEN
    assert email_of(doctor) == "withdrawn"


def test_only_the_newest_link_counts(doctor: Person) -> None:
    first = token_of(ask(doctor).message)
    acts.withdraw(cursor(), person=doctor.id, permission="email", evidence=CLICK, now=NOW)
    second = token_of(ask(doctor).message)
    with pytest.raises(InputError):
        opt_in.confirm(cursor(), first, CLICK, NOW)
    opt_in.confirm(cursor(), second, CLICK, NOW)
    assert email_of(doctor) == "granted"


def test_who_has_no_address_is_asked_for_it(doctor: Person) -> None:
    Person.objects.filter(id=doctor.id).update(email="")
    with pytest.raises(InputError) as refused:
        ask(doctor)
    assert refused.value.field == "email"


def test_DE_CON_05_a_new_installation_asks_with_the_mail_that_the_product_ships() -> None:
    requested = ask(cast.albrecht())
    assert requested.message is not None
    shipped = content.live(cursor(), ["opt-in"], NOW)["opt-in"]
    assert (queue.get(cursor(), requested.message).content, shipped.version) == (shipped.id, 0)
    assert opt_in.confirm(cursor(), token_of(requested.message), CLICK, NOW)


def test_without_a_released_mail_nothing_is_asked() -> None:
    sign.withdraw(cursor(), content.live(cursor(), ["opt-in"], NOW)["opt-in"].id)
    with pytest.raises(Conflict):
        ask(cast.albrecht())


def test_what_needs_no_confirmation_is_not_asked_by_mail(doctor: Person) -> None:
    with pytest.raises(InputError):
        opt_in.request(
            cursor(), person=doctor.id, permissions=["tracking"], locale="de", by=ids.new(), evidence={}, now=NOW
        )
