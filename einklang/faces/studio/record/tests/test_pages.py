"""Consents, contact pressure, audit log, overview, kept views."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from einklang import flow
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter, World
from einklang.faces.studio.models import SavedView
from einklang.facts.audit import checks, trail
from einklang.facts.consent import browse
from einklang.loop.interactions import consumers, log, make, pulse
from tests import cast


def text_of(client: Client, name: str, query: str = "") -> str:
    return client.get(reverse(f"studio:{name}") + query, follow=True).content.decode()


# consents


def test_a_permission_stands_with_wording_evidence_and_proof(enter: Enter, world: World) -> None:
    cast.allow(world.person, "email")
    (line,) = browse.listing(cursor(), limit=9, permission="email")
    text = enter("auditor").get(reverse("studio:consent", args=[line.entry])).content.decode()
    assert line.sha256 in text
    assert reverse("studio:proof", args=[line.entry]) in text
    assert world.person.display_name in text


def test_consents_are_found_by_person_permission_and_state(enter: Enter, world: World) -> None:
    cast.allow(world.person, "email")
    cast.allow(cast.kern(), "email")
    cast.withdraw(cast.kern(), "email")
    client = enter("data_steward")
    found = {
        query: text_of(client, "consents", query).count("data-open")
        for query in ("", "?person=albrecht", "?person=niemand", "?stand=withdrawn", "?recht=phone")
    }
    assert found == {"": 2, "?person=albrecht": 1, "?person=niemand": 0, "?stand=withdrawn": 1, "?recht=phone": 0}


def test_checking_the_chains_is_told_and_written_down(enter: Enter, world: World) -> None:
    cast.allow(world.person, "email")
    client = enter("auditor")
    answer = client.post(reverse("studio:consents-check"), follow=True).content.decode()
    assert "1 Einträge, lückenlos." in answer
    assert [each.new for each in trail.listing(cursor(), limit=9, act="consent.check")] == [
        {"entries": 1, "fault": None}
    ]
    assert "1 Einträge, lückenlos." in text_of(client, "consents"), "the result stays"


def test_a_long_chain_is_walked_by_the_worker_and_the_page_says_how_far(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "PIECE", 1)
    cast.allow(world.person, "email", "tracking", "mail_tracking", "rep_visibility")
    client = enter("auditor")
    assert "3 von 4 geprüft" in client.post(reverse("studio:consents-check"), follow=True).content.decode()
    while flow.check_chains():
        pass
    assert "4 Einträge, lückenlos." in text_of(client, "consents")
    assert len(trail.listing(cursor(), limit=9, act="consent.check")) == 1


def test_a_changed_entry_is_named(enter: Enter, world: World) -> None:
    cast.allow(world.person, "email")
    cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor().execute("ALTER TABLE consent_entry DISABLE TRIGGER USER")
    cursor().execute("UPDATE consent_entry SET source = 'import'")
    answer = enter("auditor").post(reverse("studio:consents-check"), follow=True).content.decode()
    assert "Die Kette ist nicht unversehrt." in answer


# contact pressure


def approach(times: int) -> None:
    person = cast.albrecht()
    told = [
        make.interaction(
            "visit.held",
            now=cast.NOW - timedelta(days=day + 1),
            source="test",
            source_id=f"v{day}",
            person=person.id,
            properties={"products": []},
        )
        for day in range(times)
    ]
    log.record(cursor(), told)


def test_who_is_near_the_limit_is_named_to_those_who_may_see_people(enter: Enter, world: World) -> None:
    approach(4)
    text = text_of(enter("data_steward"), "pressure")
    assert "4 von 4" in text
    assert world.person.display_name in text


def test_who_may_not_sees_no_name_and_no_group_under_five(enter: Enter, world: World) -> None:
    approach(4)
    client = enter("analyst")
    text = text_of(client, "pressure")
    assert world.person.family_name not in text
    assert "unter 5" in text
    assert text_of(client, "pressure", "?als=csv").lstrip().startswith("<!doctype html>")


# audit log


def test_the_log_is_read_by_who_what_and_on_what(enter: Enter, world: World) -> None:
    someone = cast.administrator()
    trail.write(
        cursor(),
        [
            trail.Act(act="journey.pause", object="journey:1", who=someone.id, reason="Rückfrage"),
            trail.Act(act="message.hold", object="message:2", who=None),
        ],
        cast.NOW,
    )
    client = enter("auditor")
    assert "Rückfrage" in text_of(client, "audit", f"?wer={someone.id}")
    assert "message:2" not in text_of(client, "audit", f"?wer={someone.id}")
    assert "journey:1" not in text_of(client, "audit", "?was=message.hold")
    assert "Journey angehalten" in text_of(client, "audit", "?objekt=journey:1")


def test_tampering_with_the_log_is_found(enter: Enter, world: World) -> None:
    trail.write(cursor(), [trail.Act(act="x", object="y", who=None)], cast.NOW)
    client = enter("auditor")
    assert "1 Einträge, lückenlos." in client.post(reverse("studio:audit-check"), follow=True).content.decode()
    cursor().execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    cursor().execute("UPDATE audit_entry SET object = 'z'")
    assert "Eintrag 1 ist verändert" in client.post(reverse("studio:audit-check"), follow=True).content.decode()


def test_a_review_is_an_entry_with_a_reason(enter: Enter, world: World) -> None:
    client = enter("auditor")
    empty = client.post(reverse("studio:audit-review"), {"note": " "}, follow=True).content.decode()
    assert "Es fehlt, was Sie durchgesehen haben" in empty
    client.post(reverse("studio:audit-review"), {"note": "November, ohne Befund"})
    (review,) = trail.listing(cursor(), limit=9, act="audit.review")
    assert review.reason == "November, ohne Befund"
    assert "Zuletzt durchgesehen" in text_of(client, "audit")


def test_text_that_a_table_program_would_run_is_only_text_in_the_file(enter: Enter, world: World) -> None:
    trail.write(cursor(), [trail.Act(act="x", object="=1+1", who=None, reason="@SUM(A1)")], cast.NOW)
    answer = enter("auditor").get(reverse("studio:audit") + "?als=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert ";'=1+1;" in lines
    assert ";'@SUM(A1);" in lines


# overview and health


@pytest.mark.parametrize("role", ["marketing", "analyst", "auditor", "administrator", "legal_reviewer", "data_steward"])
def test_the_overview_shows_what_the_roles_open(role: str, enter: Enter, world: World) -> None:
    text = text_of(enter(role), "overview")
    assert "Ihre Bereiche" in text
    assert ("Kontaktlimit erreicht" in text) is (role != "legal_reviewer")


def test_the_lag_of_the_last_day_is_drawn_with_its_figures(enter: Enter, world: World) -> None:
    consumer = consumers.Consumer("probe", lambda cur, entries, now: None)
    consumers.advance(cursor(), consumer, cast.NOW, limit=1)
    for hours in (3, 2, 1):
        pulse.keep(cursor(), cast.NOW - timedelta(hours=hours))
    text = text_of(enter("administrator"), "health")
    assert "Rückstand in 24 Stunden" in text
    assert 'data-plot="{' in text
    week_later = cast.NOW + timedelta(days=8)
    pulse.keep(cursor(), week_later)
    kept = pulse.read(cursor(), cast.NOW - timedelta(days=1), timedelta(minutes=1))
    assert {beat.at for beat in kept} == {week_later}


# kept views


def test_a_view_is_kept_shown_to_others_if_wished_and_removed_with_a_way_back(enter: Enter, world: World) -> None:
    client = enter("auditor")
    kept = {"path": reverse("studio:verdicts"), "query": "antwort=no", "name": "Alle Nein", "shared": "on"}
    client.post(reverse("studio:view-save"), kept)
    assert "Alle Nein" in text_of(enter("administrator"), "verdicts")
    view = SavedView.objects.get()
    assert enter("administrator").post(reverse("studio:view-remove", args=[view.id])).status_code == 302
    assert SavedView.objects.count() == 1
    answer = client.post(reverse("studio:view-remove", args=[view.id]), follow=True).content.decode()
    assert "Rückgängig" in answer
    assert SavedView.objects.count() == 0


def test_a_name_that_was_typed_is_not_kept_with_a_view(enter: Enter, world: World) -> None:
    text = text_of(enter("auditor"), "people", "?q=albrecht&beruf=physician")
    assert 'name="query" value="beruf=physician"' in text


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "/desk/", "//x", ""])
def test_only_lists_of_the_studio_are_kept(enter: Enter, world: World, path: str) -> None:
    given = {"path": path, "query": "a=b", "name": "x"}
    assert enter("auditor").post(reverse("studio:view-save"), given).status_code == 400
