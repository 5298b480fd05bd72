from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import Conflict, NotAllowed
from einklang.facts.people.models import Person, Qualification
from einklang.facts.products.models import Smpc
from einklang.loop.channels.visit import drafts, reports, todo
from einklang.loop.channels.visit.reports import NextStep, Told
from einklang.loop.interactions import log
from einklang.services.visits import acts
from einklang.services.visits.acts import Held, Planned
from tests import cast

pytestmark = pytest.mark.django_db

TUESDAY = cast.NOW + timedelta(days=5, hours=3)


def plan(person: Person | None = None) -> Planned:
    doctor = person or cast.albrecht()
    return acts.plan(cursor(), rep=cast.petersen().id, person=doctor.id, at=TUESDAY, now=cast.NOW)


def visit() -> UUID:
    report = plan().report
    assert report is not None
    return report


def told(**changes: Any) -> Told:
    product = cast.velunor()
    smpc = Smpc.objects.get(authorisation=product, valid_to=None)
    plain = {
        "products": [product.id],
        "smpc_presented": {product.id: smpc.id},
        "safety": False,
        "content_slugs": ["velunor-studie"],
        "minutes": 15,
    }
    return Told(**{**plain, **changes})


def hold(report: UUID, **changes: Any) -> Held:
    return acts.hold(cursor(), report=report, rep=cast.petersen().id, told=told(**changes), now=TUESDAY)


def visits_in_the_log() -> list[Any]:
    history = log.person_history(cursor(), [cast.albrecht().id], limit=10)
    return [entry for entry in history if entry.kind == "visit.held"]


def test_a_held_visit_is_locked_and_stands_in_the_log() -> None:
    held = hold(visit())
    report = reports.get(cursor(), held.report)
    (entry,) = visits_in_the_log()
    assert held.verdict.yes
    assert (report.held_at, report.verdict) == (TUESDAY, held.verdict_id)
    assert (entry.id, entry.source_id) == (held.interaction, str(held.report))
    assert entry.properties["products"] == [str(cast.velunor().id)]
    assert entry.properties["minutes"] == 15


def test_a_visit_is_reported_once() -> None:
    report = visit()
    hold(report)
    with pytest.raises(Conflict):
        hold(report)
    assert len(visits_in_the_log()) == 1


def test_DE_CON_11_an_objection_stops_planning_and_reporting() -> None:
    report = visit()
    cast.object_to(cast.albrecht(), "visit")
    refused = plan()
    assert (refused.report, refused.verdict.rules) == (None, ["DE-CON-11"])
    held = hold(report)
    assert (held.interaction, held.verdict.rules) == (None, ["DE-CON-11"])
    assert reports.get(cursor(), report).held_at is None
    assert visits_in_the_log() == []


def test_DE_REP_01_a_rep_without_qualification_plans_no_visit() -> None:
    Qualification.objects.filter(user=cast.petersen()).delete()
    assert plan().verdict.rules == ["DE-REP-01"]


def test_DE_REP_02_without_the_fachinformation_the_report_stays_open_and_can_be_completed() -> None:
    report = visit()
    assert hold(report, smpc_presented={}).verdict.rules == ["DE-REP-02"]
    assert hold(report).verdict.yes


def test_DE_REP_03_without_the_safety_answer_the_report_stays_open() -> None:
    report = visit()
    assert hold(report, safety=None).verdict.rules == ["DE-REP-03"]
    assert reports.get(cursor(), report).held_at is None


def test_a_person_of_another_territory_is_not_visited() -> None:
    with pytest.raises(NotAllowed):
        plan(cast.kern())


def test_nobody_reports_a_visit_of_another_rep() -> None:
    report = visit()
    with pytest.raises(NotAllowed):
        acts.hold(cursor(), report=report, rep=cast.adler().id, told=told(), now=TUESDAY)


def test_a_call_is_a_report_with_its_own_channel_and_needs_consent() -> None:
    doctor, rep = cast.albrecht(), cast.petersen().id
    asked = acts.plan(cursor(), rep=rep, person=doctor.id, at=TUESDAY, now=cast.NOW, channel="phone")
    assert asked.report is None
    assert "DE-CON-03" in asked.verdict.rules
    cast.allow(doctor, "phone")
    planned = acts.plan(cursor(), rep=rep, person=doctor.id, at=TUESDAY, now=cast.NOW, channel="phone").report
    assert planned is not None
    assert hold(planned).interaction is not None
    (entry,) = log.person_history(cursor(), [doctor.id], limit=5)
    assert (entry.kind, entry.channel) == ("call.held", "phone")


def test_DE_CON_03_a_call_may_rest_on_a_factual_reason_that_is_written_down() -> None:
    doctor, rep = cast.albrecht(), cast.petersen().id
    planned = acts.plan(
        cursor(), rep=rep, person=doctor.id, at=TUESDAY, now=cast.NOW, channel="phone", presumed_because="asked_for"
    )
    assert planned.report is not None
    assert reports.get(cursor(), planned.report).presumed_because == "asked_for"
    assert hold(planned.report).interaction is not None


def test_DE_REP_01_who_is_not_qualified_does_not_call_either() -> None:
    doctor, rep = cast.albrecht(), cast.petersen().id
    cast.allow(doctor, "phone")
    Qualification.objects.filter(user=rep).update(valid_until=cast.NOW)
    asked = acts.plan(cursor(), rep=rep, person=doctor.id, at=TUESDAY, now=cast.NOW, channel="phone")
    assert "DE-REP-01" in asked.verdict.rules


def test_next_steps_become_tasks_and_the_draft_is_gone() -> None:
    report, rep, doctor = visit(), cast.petersen().id, cast.albrecht().id
    drafts.save(
        cursor(), rep=rep, person=doctor, channel="visit", fields={"note": "Entwurf"}, base=0, now=cast.NOW
    )  # fmt: skip
    due = (TUESDAY + timedelta(days=7)).date()
    hold(report, next_steps=[NextStep("Dosistabelle schicken", due)])
    assert [(each.title, each.due) for each in todo.listing(cursor(), rep)] == [("Dosistabelle schicken", due)]
    assert drafts.get(cursor(), rep=rep, person=doctor, channel="visit") is None
    assert reports.get(cursor(), report).next_steps == [{"text": "Dosistabelle schicken", "due": due.isoformat()}]


def test_a_planned_visit_is_cancelled_but_not_a_held_one() -> None:
    rep = cast.petersen().id
    acts.cancel(cursor(), report=visit(), rep=rep, now=cast.NOW)
    assert reports.listing(cursor(), rep=rep) == []
    held = visit()
    hold(held)
    with pytest.raises(Conflict):
        acts.cancel(cursor(), report=held, rep=rep, now=cast.NOW)
