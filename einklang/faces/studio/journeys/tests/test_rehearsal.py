"""Results, rehearsal and hold-out in the studio: who sees what, and what a click does once."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.core.words import Words
from einklang.faces.studio.lists import FORMAT
from einklang.loop.decide.journeys import drafts, holdout, store
from einklang.loop.decide.tests.documents import story
from einklang.loop.decide.tests.parts import NOW, published
from einklang.planning import jobs
from einklang.planning.rehearsal import cast as played
from einklang.planning.rehearsal.score import Line
from tests import cast

pytestmark = pytest.mark.django_db

SPLIT = {"split": [{"name": "bisher", "share": 1, "next": "mail"}, {"name": "neu", "share": 1, "next": "visit"}]}
TOLD = {
    "people": 40, "known": 40, "began": NOW.isoformat(), "ended": NOW.isoformat(), "days": 28, "entered": 38,
    "held_out": 2, "kinds": {"sent": 21, "withheld": 3}, "steps": {"mail": {"sent": 21, "withheld": 3}},
    "weeks": {"2026-11-16": {"sent": 21, "withheld": 3}}, "rules": {"DE-CON-01": 3}, "later": 4, "reps": {},
    "visits": {}, "products": {}, "collisions": {"messages": 6, "days": 3, "by": {"visit": 6}},
}  # fmt: skip


def as_(role: str) -> Client:
    client = Client()
    client.force_login(cast.staff(role))
    return client


def split() -> dict[str, Any]:
    steps = {name: step for name, step in story()["steps"].items() if name != "pause"}
    return story(start="versuch", steps={"versuch": SPLIT, **steps})


def compared(journey: UUID, people: int = 60) -> None:
    """Results as the planner leaves them."""
    cur = cursor()
    version = store.versions(cur, journey)[-1]
    wanted = {"version": str(version.id)}
    job = jobs.ask(cur, "results", now=NOW, journey=journey, wanted=wanted, by=cast.administrator().id)
    groups = [
        {"name": "bisher", "people": people, "reached": 6, "rate": [0.05, 0.1, 0.2]},
        {"name": "neu", "people": people, "reached": 24, "rate": [0.28, 0.4, 0.53], "difference": [0.15, 0.3, 0.44]},
    ]  # fmt: skip
    told = {
        "step": "versuch",
        "shares": [1, 1],
        "srm": 0.7,
        "variants": [],
        "goals": [{"name": "goal", "groups": groups}],
    }
    jobs.finish(cur, job, {"version": str(version.id), "number": 1, "experiments": [told]}, NOW)


def rehearsed(journey: UUID) -> UUID:
    cur, doctor = cursor(), cast.albrecht()
    wanted = {"document": story(), "days": 28}
    job = jobs.ask(cur, "rehearsal", now=NOW, journey=journey, wanted=wanted, by=cast.administrator().id)
    jobs.finish(cur, job, TOLD, NOW)
    played.keep(cur, job, [Line(doctor.id, NOW, "withheld", "mail", "DE-CON-01", None)])
    return job


def test_results_are_told_in_a_sentence_and_as_a_file() -> None:
    journey = published(split())
    compared(journey)
    client, address = as_("auditor"), reverse("studio:journey-results", args=[journey])
    page = client.get(address).content.decode()
    assert "„neu“ erreicht das Ziel häufiger als „bisher“: um 30,0 Prozentpunkte (15,0 bis 44,0)." in page
    file = b"".join(client.get(address, {FORMAT: "csv"}).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    assert [(row["variant"], row["people"], row["reached"]) for row in rows] == [
        ("bisher", "60", "6"),
        ("neu", "60", "24"),
    ]


def test_who_sees_no_names_reads_no_figure_that_counts_single_people() -> None:
    journey = published(split())
    compared(journey, people=63)
    client, address = as_("marketing"), reverse("studio:journey-results", args=[journey])
    page = client.get(address).content.decode()
    assert "um 30 Prozentpunkte (15 bis 44)." in page
    assert ">60<" in page
    assert ">63<" not in page
    file = b"".join(client.get(address, {FORMAT: "csv"}).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(file), delimiter=";"))
    assert [(row["people"], row["reached"], row["rate"]) for row in rows] == [("60", "5", "0.1"), ("60", "20", "0.4")]


def test_a_version_that_compares_nothing_says_how_it_could() -> None:
    page = as_("marketing").get(reverse("studio:journey-results", args=[published()])).content.decode()
    assert "Diese Fassung vergleicht nichts" in page


def test_results_are_asked_for_once() -> None:
    journey, client = published(split()), as_("marketing")
    for _ in range(2):
        client.post(reverse("studio:journey-compute", args=[journey]))
    assert cursor().execute("SELECT count(*), min(state) FROM planning_job").fetchone() == (1, "waiting")
    assert (
        "Wartet auf einen freien Platz"
        in client.get(reverse("studio:journey-results", args=[journey])).content.decode()
    )


def test_a_rehearsal_names_people_to_those_only_who_may_see_them() -> None:
    journey = published()
    rehearsed(journey)
    address = reverse("studio:journey-rehearsal", args=[journey])
    seen, masked = as_("auditor").get(address).content.decode(), as_("marketing").get(address).content.decode()
    assert "Albrecht" in seen
    assert "Albrecht" not in masked
    assert "4 Nachrichten gehen später als gewünscht" in seen
    assert "Unter 5 Nachrichten gehen später als gewünscht" in masked


def test_only_who_controls_journeys_begins_a_rehearsal() -> None:
    journey = published()
    address = reverse("studio:journey-rehearse", args=[journey])
    assert as_("analyst").post(address).status_code == 403
    assert as_("marketing").post(address, {"days": "14"}).status_code == 302
    job = jobs.latest(cursor(), "rehearsal", journey)
    assert job
    assert (job.state, job.wanted["days"]) == ("waiting", 14)


def test_a_rehearsal_that_failed_says_why_in_the_readers_language() -> None:
    journey, cur = published(), cursor()
    as_("marketing").post(reverse("studio:journey-rehearse", args=[journey]))
    job = jobs.latest(cur, "rehearsal", journey)
    assert job
    jobs.fail(cur, job.id, Words("Niemand war da.", "Nobody was there."), NOW)
    page = as_("marketing").get(reverse("studio:journey-rehearsal", args=[journey])).content.decode()
    assert "Niemand war da." in page


def test_a_draft_with_a_failing_test_stays_in_the_editor_and_says_the_line() -> None:
    journey, client = published(), as_("marketing")
    draft = drafts.of_journey(cursor(), journey, cast.administrator().id, NOW)
    fields = {"text": draft.text, "tests": "- name: falsch\n  then: [{ends: goal}]\n", "revision": draft.revision}
    answer = client.post(reverse("studio:journey-draft", args=[draft.id]), {**fields, "act": "publish"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Zeile 2" in page
    assert "- name: falsch" in page


def test_the_hold_out_of_the_house_is_changed_by_one_and_the_other_is_told() -> None:
    client, address = as_("marketing"), reverse("studio:journey-holdout")
    assert client.post(address, {"percent": "60", "before": "0"}).status_code == 422
    assert client.post(address, {"percent": "5", "before": "0"}).status_code == 302
    late = client.post(address, {"percent": "7", "before": "0"})
    assert late.status_code == 422
    assert "inzwischen 5 Prozent" in late.content.decode()
    assert holdout.percent(cursor()) == 5
