"""Whose data came from a list is told so first: in the first mail, or before the first visit or call (Art. 14 GDPR)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.facts.people import origin
from einklang.facts.people.models import Person
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.loop.gate import door, tasks, verdicts
from einklang.loop.gate.judge import ask_only
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.gate.tests.asking import VISIT, verdict
from einklang.loop.gate.tests.mails import LATER, NOON, ask, reader
from einklang.loop.gate.tests.test_dispatch import smtp, text
from tests import cast

pytestmark = pytest.mark.django_db

LIST = "Adressliste Niedersachsen"
OWED = {"origin": {"due": "2026-12-10T09:00:00+01:00"}}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def bought(person: Person) -> Person:
    came = origin.came(person.id, LIST, new(), NOON - timedelta(days=3), third_party=True)
    origin.ORIGIN.add(cursor(), [came])
    return person


def visit(person: Person, rep: UUID) -> Question:
    return Question("visit", Recipient("person", person.id), "visit", "promotional", rep, "sales", at=NOON)


def test_EU_DP_05_whoever_came_from_a_list_is_not_visited_before_she_was_told() -> None:
    doctor, rep = bought(cast.albrecht()), cast.petersen().id
    (asked,) = door.ask(cursor(), [visit(doctor, rep)], now=NOON)
    assert asked.verdict.rules == ["EU-DP-05"]
    assert asked.verdict.reasons[0].way_out("de").startswith("Ein Ja wird daraus, sobald")
    assert verdicts.replay(cursor(), asked.verdict_id).same
    origin.given(cursor(), [doctor.id], NOON)
    assert ask_only(cursor(), [visit(doctor, rep)])[0].yes


@pytest.mark.parametrize("channel", ["visit", "phone"])
def test_EU_DP_05_holds_for_visits_and_calls_and_not_for_service(channel: str) -> None:
    def rules(**ask: str) -> list[str]:
        return [each for each in verdict(VISIT, OWED, channel=channel, **ask).rules if each == "EU-DP-05"]

    assert rules(purpose="promotional") == rules(purpose="medical") == ["EU-DP-05"]
    assert rules(purpose="service") == []


def test_EU_DP_05_the_first_mail_says_where_the_data_came_from_and_then_she_knows(server: MailServer) -> None:
    person = bought(reader())
    ask(person)
    tasks.dispatch(NOON, smtp(server))
    for kind in ("plain", "html"):
        words = " ".join(text(server.mails[0], kind).split())
        assert f"stammen seit dem 16.11.2026 aus „{LIST}“" in words
        assert "/datenschutz" in words
    assert origin.owed(cursor(), [person.id]) == {}
    ask(person, at=LATER)
    tasks.dispatch(LATER, smtp(server))
    assert LIST not in text(server.mails[1])


def test_EU_DP_05_a_mail_that_did_not_arrive_has_told_nobody() -> None:
    person = bought(reader())
    ask(person)
    tasks.dispatch(NOON, {"email": EmailAdapter(target=lambda: "smtp://127.0.0.1:1")})
    assert list(origin.owed(cursor(), [person.id])) == [person.id]


def test_whoever_gave_her_data_herself_reads_no_such_notice(server: MailServer) -> None:
    ask(reader())
    tasks.dispatch(NOON, smtp(server))
    assert "Woher wir Ihre Daten haben" not in text(server.mails[0])
