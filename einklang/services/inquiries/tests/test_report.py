from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from einklang.core import settings
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.content import read as content
from einklang.facts.content import sign
from einklang.facts.content.models import ContentVersion
from einklang.facts.people import roles
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import browse, tasks, verdicts
from einklang.loop.gate.queue import Message
from einklang.services.inquiries import safety
from einklang.services.inquiries.models import SafetyReport
from einklang.services.inquiries.safety import Heard
from tests import cast

NIGHT = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 11, 0, tzinfo=UTC)
BODY = {
    "de": {
        "subject": "Sicherheitsmeldung {report}",
        "paragraphs": ["Wortlaut: {statement}", "{product}, {heard_at}, {received_at}, {source}"],
    }
}


def released() -> ContentVersion:
    return cast.frozen("safety-report", "system_mail", BODY)


def heard(**changes: Any) -> Heard:
    plain = {"token": "form-1", "source": "desk", "statement": "Schwindel nach der ersten Tablette."}
    return Heard(**{**plain, **changes})


def report(now: datetime = cast.NOW, **changes: Any) -> safety.SafetyReport:
    return safety.report(cursor(), heard(**changes), now)


def mails() -> list[Message]:
    return browse.listing(cursor())


@pytest.mark.django_db
def test_one_sentence_is_enough() -> None:
    released()
    stored = report()
    found = SafetyReport.objects.get()
    assert (found.id, found.statement, found.received_at) == (
        stored.id,
        "Schwindel nach der ersten Tablette.",
        cast.NOW,
    )
    assert (found.product, found.heard_at, found.person, found.reported_by) == ("", None, None, None)


@pytest.mark.django_db
def test_the_same_form_sent_twice_is_one_report_and_one_mail() -> None:
    released()
    assert report() == report(now=cast.NOW + timedelta(minutes=1))
    assert SafetyReport.objects.count() == 1
    assert len(mails()) == 1


def test_two_clicks_at_once_are_one_report_and_one_mail(fresh_db: str) -> None:
    with transaction.atomic():
        released()
    start, found = threading.Barrier(2), set[UUID]()

    def click() -> None:
        try:
            start.wait()
            with transaction.atomic():
                found.add(report().id)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert len(found) == 1
    assert len(mails()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("now", [NIGHT, SUNDAY, NEW_YEAR])
def test_a_report_leaves_at_once_at_night_on_sundays_and_on_holidays(now: datetime) -> None:
    released()
    stored = report(now, person=cast.albrecht().id, product="Velunor 10 mg")
    (planned,) = mails()
    assert (planned.state, planned.due_at, planned.purpose) == ("planned", now, "safety")
    verdict = SafetyReport.objects.get().verdict
    assert verdict is not None
    assert verdicts.get(cursor(), verdict).verdict.yes
    mailbox = FakeAdapter()
    tasks.dispatch(now, {"email": mailbox})
    (sent,) = mailbox.sent
    assert sent.recipient == settings.get().safety_mailbox
    assert str(stored.id).encode() in sent.mime
    assert mails()[0].state == "sent"


@pytest.mark.django_db
def test_a_doctor_who_objected_to_everything_is_still_reported_about() -> None:
    released()
    doctor = cast.albrecht()
    cast.object_to(doctor, "marketing", "visit")
    report(person=doctor.id)
    assert mails()[0].state == "planned"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE inquiries_safetyreport SET statement = 'nichts'",
        "DELETE FROM inquiries_safetyreport",
        "TRUNCATE inquiries_safetyreport",
    ],
)
def test_a_stored_report_is_never_changed(change: str) -> None:
    released()
    report()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as plain:
        plain.execute(change)
    assert SafetyReport.objects.get().statement == "Schwindel nach der ersten Tablette."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("statement", "  \n"),
        ("statement", "x" * 20_001),
        ("statement", "Schwin\0del"),
        ("product", "Velu\0nor"),
        ("heard_at", cast.NOW + timedelta(minutes=1)),
        ("token", ""),
    ],
)
def test_a_wrong_entry_names_its_field_and_keeps_nothing_half_written(field: str, value: Any) -> None:
    released()
    with pytest.raises(InputError) as refused:
        report(**{field: value})
    assert refused.value.field == field
    assert not SafetyReport.objects.exists()
    assert mails() == []


@pytest.mark.django_db
def test_DE_REP_03_a_new_installation_hands_a_report_on_with_the_mail_that_the_product_ships() -> None:
    report()
    shipped = content.live(cursor(), ["safety-report"], cast.NOW)["safety-report"]
    assert [(mail.content, mail.purpose) for mail in mails()] == [(shipped.id, "safety")]


@pytest.mark.django_db
def test_a_report_is_kept_even_where_no_mail_is_released_yet(caplog: pytest.LogCaptureFixture) -> None:
    sign.withdraw(cursor(), content.live(cursor(), ["safety-report"], cast.NOW)["safety-report"].id)
    with caplog.at_level(logging.ERROR, logger="einklang.inquiries"):
        stored = report()
    assert SafetyReport.objects.get().verdict is None
    assert str(stored.id) in caplog.text


@pytest.mark.parametrize("role", ["rep", "marketing", "analyst", "hcp"])
def test_sales_marketing_and_analysts_read_no_report(role: str) -> None:
    assert not roles.may([role], "safety.read")
    assert not roles.may([role], "studio.messages")


def test_drug_safety_reads_them() -> None:
    assert roles.may(["safety_officer"], "safety.read")
