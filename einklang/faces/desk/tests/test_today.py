"""The rep's day: answers to next steps, tasks, planned mail; each act can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.faces.desk import contacts
from einklang.faces.desk.tests.conftest import TUESDAY, Enter, happens
from einklang.facts.people.models import Person
from einklang.loop.channels.visit import todo
from einklang.loop.gate import door
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log
from einklang.loop.profiles import consumer
from tests import cast


@pytest.fixture
def client(enter: Enter, doctor: Person) -> Client:
    return enter(cast.petersen())


def text(client: Client, name: str = "today", *args: Any) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def answer(client: Client, doctor: Person, **fields: str) -> None:
    sent = {"key": "visit", "next": reverse("desk:person", args=[doctor.id]), **fields}
    assert client.post(reverse("desk:reply", args=[doctor.id]), sent).status_code == 302


def offered(client: Client) -> dict[str, str]:
    """What the toast of the next page will offer."""
    found: dict[str, str] = client.session["desk.undo"]
    return found


def take_back(client: Client, what: dict[str, str] | None = None) -> None:
    assert client.post(reverse("desk:undo"), what or offered(client)).status_code == 302


def titles() -> list[str]:
    return [each.title for each in todo.listing(cursor(), cast.petersen().id)]


def test_an_accepted_step_is_a_task_and_is_taken_back(client: Client, doctor: Person) -> None:
    answer(client, doctor, answer="accept", title="Einen Besuch vereinbaren.")
    answer(client, doctor, answer="accept", title="Einen Besuch vereinbaren.")
    assert titles() == ["Einen Besuch vereinbaren."]
    take_back(client)
    assert titles() == []
    assert "Übernehmen" in text(client, "person", doctor.id)


def test_the_toast_stands_once(client: Client, doctor: Person) -> None:
    answer(client, doctor, answer="accept")
    assert "Rückgängig" in text(client, "person", doctor.id)
    assert "Rückgängig" not in text(client, "person", doctor.id)


@pytest.mark.parametrize("given", [{"answer": "later", "until": "week"}, {"answer": "dismiss", "reason": "not_now"}])
def test_a_step_put_off_or_dismissed_is_gone_until_it_is_taken_back(
    client: Client, doctor: Person, given: dict[str, str]
) -> None:
    assert "Einen Besuch vereinbaren." in text(client, "person", doctor.id)
    answer(client, doctor, **given)
    undo = offered(client)
    assert "Einen Besuch vereinbaren." not in text(client, "person", doctor.id)
    take_back(client, undo)
    assert "Einen Besuch vereinbaren." in text(client, "person", doctor.id)


def test_an_answer_that_nobody_offered_is_refused(client: Client, doctor: Person) -> None:
    for fields in ({"answer": "later", "until": "some day"}, {"answer": "burn"}, {"answer": "accept", "key": "x"}):
        sent = {"key": "visit", **fields}
        assert client.post(reverse("desk:reply", args=[doctor.id]), sent).status_code == 404


def test_a_task_is_noted_done_and_opened_again(client: Client, doctor: Person) -> None:
    sent = {"token": "t1", "title": "Rückruf", "due": TUESDAY.date().isoformat(), "person": str(doctor.id)}
    assert client.post(reverse("desk:task"), sent).status_code == 302
    assert client.post(reverse("desk:task"), sent).status_code == 302
    assert titles() == ["Rückruf"]
    (task,) = todo.listing(cursor(), cast.petersen().id)
    assert client.post(reverse("desk:done", args=[task.id])).status_code == 302
    assert titles() == []
    take_back(client)
    assert titles() == ["Rückruf"]


@pytest.mark.parametrize("wrong", [{"title": ""}, {"due": "gestern"}, {"due": "2026-11-23"}])
def test_a_wrong_task_says_why_and_keeps_the_rest(client: Client, wrong: dict[str, str]) -> None:
    sent = {"token": "t1", "title": "Rückruf", "due": TUESDAY.date().isoformat(), **wrong}
    page = client.post(reverse("desk:task"), sent).content.decode()
    assert 'class="err"' in page
    assert sent["title"] in page
    assert titles() == []


def test_nobody_finishes_the_task_of_somebody_else(enter: Enter, doctor: Person) -> None:
    task = todo.add(
        cursor(), rep=cast.petersen().id, person=None, title="Meins", due=TUESDAY.date(), source="own:1", now=TUESDAY
    )
    assert enter(cast.adler()).post(reverse("desk:done", args=[task])).status_code == 404
    enter(cast.adler()).post(reverse("desk:undo"), {"what": "drop_task", "id": str(task)})
    assert titles() == ["Meins"]


def test_an_act_leads_back_to_the_desk_only(client: Client, doctor: Person) -> None:
    for place in ("https://example.com/desk/", "//example.com", "/studio/"):
        task = todo.add(
            cursor(), rep=cast.petersen().id, person=None, title="x", due=TUESDAY.date(), source=place, now=TUESDAY
        )
        answered = client.post(reverse("desk:done", args=[task]), {"next": place})
        assert answered.headers["Location"] == reverse("desk:today")


def plan_mail(person: Person, purpose: str = "promotional", **changes: Any) -> None:
    mail = cast.mail() if purpose == "promotional" else cast.opt_in_mail()
    cast.allow(person, "email")
    question = Question(
        "send", Recipient("person", person.id), "email", purpose, None, "marketing", mail.id, at=TUESDAY
    )  # fmt: skip
    door.ask(cursor(), [question], now=TUESDAY, messages=[MessageSpec(mail.id, due_at=TUESDAY + timedelta(days=2))])


def test_planned_mail_is_told_by_subject_and_day(client: Client, doctor: Person) -> None:
    plan_mail(doctor)
    page = text(client, "mails")
    assert "Vertiefung Herzinsuffizienz" in page
    assert "Donnerstag, 26. November" in page


def test_mail_that_is_no_advertising_is_none_of_the_reps_business(client: Client, doctor: Person) -> None:
    plan_mail(doctor, "transactional")
    plan_mail(cast.kern())
    assert "Keine Post geplant" in text(client, "mails")


def test_filters_have_addresses_and_the_count_is_told(client: Client, doctor: Person) -> None:
    cast.lorenz()
    cast.allow(doctor, "email")
    everybody = client.get(reverse("desk:contacts")).content.decode()
    assert "2 von 2 Kontakten" in everybody
    for query in ({"permission": "email"}, {"specialty": "Kardiologie"}, {"q": "Albrecht"}):
        page = client.get(reverse("desk:contacts"), query).content.decode()
        assert "1 von 2 Kontakten" in page, query
        assert "Petra Lorenz" not in page
    assert "Keine Treffer" in client.get(reverse("desk:contacts"), {"permission": "objected"}).content.decode()


def of(client: Client, **query: str) -> list[str]:
    found = client.get(reverse("desk:contacts"), query).context["contacts"]
    return [each.card.family_name for each in found]


def test_every_filter_finds_whom_it_names_and_they_work_together(client: Client, doctor: Person) -> None:
    lorenz, holtz = cast.lorenz(), cast.holtz()
    assert doctor.organisation
    cast.allow(doctor, "email", "rep_visibility")
    cast.object_to(lorenz, "visit")
    happens("visit.held", doctor, TUESDAY - timedelta(days=3), products=[])
    happens("call.held", holtz, TUESDAY - timedelta(days=90), products=[])
    consumer.advance(cursor(), log.person_history(cursor(), [doctor.id, holtz.id], limit=9), TUESDAY)
    assert of(client, permission="no_email") == ["Holtz", "Lorenz"]
    assert of(client, permission="visible") == of(client, contact="30") == ["Albrecht"]
    assert of(client, permission="objected") == of(client, contact="never") == ["Lorenz"]
    assert of(client, contact="60") == ["Holtz"]
    assert of(client, place=doctor.organisation.city, contact="60", permission="no_email", q="sabine") == ["Holtz"]
    assert of(client, place="Nirgends") == []


def test_a_page_reads_the_people_of_this_page_only(
    client: Client, doctor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.lorenz(), cast.holtz()
    monkeypatch.setattr(contacts, "PAGE", 2)
    assert of(client) == ["Albrecht", "Holtz"]
    assert of(client, page="2") == of(client, page="99") == ["Lorenz"]


def test_pages_ask_the_database_the_same_number_of_times_for_many_people(
    client: Client, doctor: Person, django_assert_max_num_queries: Any
) -> None:
    def asked(name: str) -> int:
        with django_assert_max_num_queries(200) as counted:
            client.get(reverse(f"desk:{name}"))
        return len(counted)

    before = {name: asked(name) for name in ("today", "contacts", "mails")}
    plan_mail(doctor)
    for person in (cast.lorenz(), cast.holtz()):
        cast.allow(person, "email", "rep_visibility")
    plan_mail(cast.lorenz())
    after = {name: asked(name) for name in before}
    assert all(after[name] <= before[name] + 3 for name in before), (before, after)
