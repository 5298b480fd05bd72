from __future__ import annotations

import re
from datetime import timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY, Enter
from einklang.facts.people.models import Person, Qualification
from einklang.loop.channels.visit import reports
from einklang.loop.gate import browse
from einklang.loop.interactions import log
from einklang.services.inquiries.models import SafetyReport
from tests import cast

HIDDEN = re.compile(r'name="(at|token)" value="([^"]+)"')


def filled(client: Client, person: Person, **changes: object) -> dict[str, object]:
    """The form as the page hands it out, filled in."""
    page = client.get(reverse("desk:visit", args=[person.id])).content.decode()
    velunor = str(cast.velunor().id)
    given = {"products": [velunor], "presented": [velunor], "minutes": "12", "safety": "no", **changes}
    return {**dict(HIDDEN.findall(page)), **{key: value for key, value in given.items() if value is not None}}


def send(client: Client, person: Person, form: dict[str, object]) -> HttpResponse:
    return client.post(reverse("desk:visit", args=[person.id]), form)  # type: ignore[return-value]


def held(person: Person) -> list[reports.Report]:
    return [each for each in reports.listing(cursor(), person=person.id) if each.held_at]


def test_a_visit_is_recorded_as_held_and_locked(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    answer = send(client, doctor, filled(client, doctor))
    assert answer.headers["Location"] == reverse("desk:recommend", args=[doctor.id])
    (report,) = held(doctor)
    assert report.minutes == 12
    assert list(report.smpc_presented) == [str(cast.velunor().id)]
    (visit,) = log.person_history(cursor(), [doctor.id], kinds=["visit.held"], limit=9)
    assert visit.source_id == str(report.id)


def test_a_double_click_makes_one_report(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    form = filled(client, doctor)
    assert [send(client, doctor, form).status_code for _ in range(2)] == [302, 302]
    assert len(held(doctor)) == 1
    assert len(log.person_history(cursor(), [doctor.id], kinds=["visit.held"], limit=9)) == 1


def test_what_a_second_tablet_reports_of_the_same_moment_is_not_lost(enter: Enter, doctor: Person) -> None:
    tablet, phone = enter(cast.petersen()), enter(cast.petersen())
    form = filled(tablet, doctor, note="Fragt nach Kalium.")
    send(tablet, doctor, form)
    told = send(phone, doctor, {**form, "note": "Klagt über Schwindel."})
    page = told.content.decode()
    assert told.status_code == 409
    assert "schon berichtet" in page
    assert "Klagt über Schwindel." in page
    assert [each.note for each in held(doctor)] == ["Fragt nach Kalium."]
    again = {**form, **dict(HIDDEN.findall(page)), "note": "Klagt über Schwindel."}
    assert send(phone, doctor, again).status_code == 302
    assert [each.note for each in held(doctor)] == ["Fragt nach Kalium.", "Klagt über Schwindel."]


def test_what_a_second_tablet_heard_on_safety_is_stored_beside_what_the_first_heard(
    enter: Enter, doctor: Person
) -> None:
    client = enter(cast.petersen())
    heard = {"safety": "yes", "statement": "Schwindel nach der ersten Tablette."}
    first, second = filled(client, doctor, **heard), filled(client, doctor, **heard | {"statement": "Ausschlag."})
    told = [send(client, doctor, form).status_code for form in (first, second, second)]
    assert told == [302, 302, 302]
    assert len(held(doctor)) == 1
    assert {each.statement for each in SafetyReport.objects.all()} == {
        "Schwindel nach der ersten Tablette.",
        "Ausschlag.",
    }
    assert SafetyReport.objects.count() == 2


def test_a_planned_visit_is_the_one_that_is_reported(enter: Enter, doctor: Person) -> None:
    rep = cast.petersen()
    planned = reports.plan(cursor(), rep=rep.id, person=doctor.id, at=TUESDAY, now=cast.NOW)
    client = enter(rep)
    assert doctor.display_name in client.get(reverse("desk:today")).content.decode()
    send(client, doctor, filled(client, doctor))
    assert [each.id for each in reports.listing(cursor(), person=doctor.id)] == [planned]


def test_a_visit_arranged_for_another_day_stays_arranged(enter: Enter, doctor: Person) -> None:
    rep = cast.petersen()
    later = reports.plan(cursor(), rep=rep.id, person=doctor.id, at=TUESDAY + timedelta(days=9), now=cast.NOW)
    client = enter(rep)
    send(client, doctor, filled(client, doctor))
    assert [each.id == later for each in held(doctor)] == [False]
    assert reports.get(cursor(), later).held_at is None


def test_DE_REP_02_a_product_discussed_needs_its_Fachinformation(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    answer = send(client, doctor, filled(client, doctor, presented=None, note="Fragte nach der Dosis."))
    assert answer.status_code == 409
    assert "DE-REP-02" in answer.content.decode()
    assert "Fragte nach der Dosis." in answer.content.decode()
    assert held(doctor) == []


def test_DE_REP_03_the_question_after_safety_has_no_default_and_must_be_answered(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    page = client.get(reverse("desk:visit", args=[doctor.id])).content.decode()
    assert "checked" not in page
    answer = send(client, doctor, filled(client, doctor, safety=None))
    assert "Diese Frage ist noch offen." in answer.content.decode()
    assert held(doctor) == []


def test_DE_CON_11_who_objected_is_not_visited(enter: Enter, doctor: Person) -> None:
    cast.object_to(doctor, "visit")
    client = enter(cast.petersen())
    answer = send(client, doctor, filled(client, doctor))
    assert answer.status_code == 409
    assert "DE-CON-11" in answer.content.decode()
    assert reports.listing(cursor(), person=doctor.id) == []


def test_DE_REP_01_without_qualification_there_is_no_visit(enter: Enter, doctor: Person) -> None:
    rep = cast.petersen()
    Qualification.objects.filter(user=rep).update(valid_until=cast.NOW)
    client = enter(rep)
    assert "DE-REP-01" in send(client, doctor, filled(client, doctor)).content.decode()


def test_yes_to_safety_stores_what_was_said_and_mails_it_to_drug_safety(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    form = filled(client, doctor, safety="yes", statement="Eine Patientin berichtete von Schwindel.")
    send(client, doctor, form)
    send(client, doctor, form)
    report = SafetyReport.objects.get()
    assert report.statement == "Eine Patientin berichtete von Schwindel."
    (mail,) = browse.listing(cursor())
    assert (mail.purpose, mail.recipient_kind, mail.state) == ("safety", "mailbox", "planned")
    for name in ("person", "visit", "live"):
        assert "Schwindel" not in client.get(reverse(f"desk:{name}", args=[doctor.id])).content.decode()


def test_yes_to_safety_needs_one_sentence_and_nothing_else(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    answer = send(client, doctor, filled(client, doctor, safety="yes", statement=" "))
    assert "Es fehlt, was gesagt wurde." in answer.content.decode()
    assert held(doctor) == []
    assert not SafetyReport.objects.exists()
