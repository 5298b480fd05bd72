"""A mail server that fails as a whole costs a few mails, not all of them, and is tried again by itself."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from django.db import transaction

from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.core.pg import connect
from einklang.facts.people import read as people
from einklang.loop.channels.contract import Adapter, Outcome, Receipt
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import door, queue, rests, tasks
from einklang.loop.gate.outbox import Message
from einklang.loop.gate.rests import Rest, Run
from einklang.loop.gate.tests.mails import NOON, several

MAILS = 8
SERVER = {"email": "mail.example:25"}
in_a_test = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def smtp(server: MailServer) -> dict[str, Adapter]:
    return {"email": EmailAdapter(target=lambda: server.url)}


def resting() -> Rest:
    (found,) = rests.resting(cursor())
    return found


def opens(adapters: Mapping[str, Adapter], at: datetime) -> None:
    """Whatever is due goes, however long the way out rested."""
    while tasks.dispatch(at, adapters):
        pass


@in_a_test
def test_a_server_that_hangs_up_after_each_mail_costs_three_of_them_and_one_at_each_try(server: MailServer) -> None:
    several(MAILS)
    server.mood = "hangs up"
    tasks.dispatch(NOON, smtp(server))
    assert queue.counts(cursor()) == {"uncertain": 3, "planned": MAILS - 3}
    assert (resting().since, resting().fault) == (NOON, "broken")
    assert tasks.dispatch(NOON, smtp(server)) == 0
    waits, at = [], NOON
    for tried in (1, 2, 3):
        waits.append(round((resting().next_at or NOON).timestamp() - at.timestamp()))
        at += timedelta(seconds=waits[-1])
        assert tasks.dispatch(at, smtp(server)) == 1
        assert queue.counts(cursor())["uncertain"] == 3 + tried
    assert waits == [30, 60, 120]
    assert resting().since == NOON


@in_a_test
def test_one_mail_that_goes_through_lets_the_others_follow(server: MailServer) -> None:
    several(MAILS)
    server.mood = "hangs up"
    tasks.dispatch(NOON, smtp(server))
    server.mood, arrived, later = "fine", len(server.mails), NOON + timedelta(seconds=30)
    assert tasks.dispatch(later, smtp(server)) == 1
    assert len(server.mails) == arrived + 1
    assert rests.resting(cursor()) == []
    opens(smtp(server), later)
    assert queue.counts(cursor()) == {"uncertain": 3, "sent": MAILS - 3}


@in_a_test
def test_a_server_that_is_gone_for_days_wears_out_no_message() -> None:
    messages = several(2)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{nobody.getsockname()[1]}"
        away = {"email": EmailAdapter(target=lambda: url)}
        for hour in range(0, 72, 8):
            tasks.dispatch(NOON + timedelta(hours=hour), away)
    for message in messages:
        now = queue.get(cursor(), message.id)
        assert (now.state, now.attempts, now.due_at) == ("planned", 0, message.due_at)
    assert (resting().fault, resting().step) == ("unreachable", 9)
    back = FakeAdapter()
    opens({"email": back}, NOON + timedelta(hours=72))
    assert len(back.sent) == 2


@in_a_test
def test_a_refused_login_is_told_as_one_and_touches_no_message() -> None:
    several(2)
    nobody = AuthResult(success=False, handled=False)
    with mail_server(authenticator=lambda *_: nobody, auth_require_tls=False) as server:
        url = server.url.replace("smtp://", "smtp://einklang:falsch@")
        tasks.dispatch(NOON, {"email": EmailAdapter(target=lambda: url)})
    assert (resting().fault, resting().server) == ("login", server.url.removeprefix("smtp://"))
    assert queue.counts(cursor()) == {"planned": 2}


@in_a_test
@pytest.mark.parametrize(
    ("mood", "fault", "touched", "state"), [("closes", "refused", 3, "planned"), ("blocks us", "failed", 20, "failed")]
)
def test_a_server_that_turns_everybody_away_is_left_alone(
    server: MailServer, mood: str, fault: str, touched: int, state: str
) -> None:
    messages = several(25)
    server.mood = mood
    tasks.dispatch(NOON, smtp(server))
    after = [queue.get(cursor(), each.id) for each in messages]
    assert resting().fault == fault
    assert [each.state for each in after if each.attempts] == [state] * touched
    assert [each.state for each in after if not each.attempts] == ["planned"] * (25 - touched)


@in_a_test
def test_single_mails_that_fail_between_others_stop_nobody() -> None:
    messages = several(12)
    lost: dict[str, Outcome] = dict.fromkeys(_addresses(messages[::2]), "uncertain")
    tasks.dispatch(NOON, {"email": FakeAdapter(outcomes=lost)})
    assert queue.counts(cursor()) == {"uncertain": 6, "sent": 6}
    assert rests.resting(cursor()) == []


@in_a_test
def test_faults_in_a_row_count_over_batches_and_processes(server: MailServer) -> None:
    several(MAILS)
    server.mood = "hangs up"
    for number in (1, 2):
        tasks.dispatch(NOON, smtp(server), limit=1)
        assert (rests.resting(cursor()), queue.counts(cursor())["uncertain"]) == ([], number)
    tasks.dispatch(NOON, smtp(server))
    assert queue.counts(cursor())["uncertain"] == 3


@in_a_test
def test_another_server_begins_afresh(server: MailServer) -> None:
    several(MAILS)
    server.mood = "hangs up"
    tasks.dispatch(NOON, smtp(server))
    opens({"email": FakeAdapter()}, NOON)
    assert queue.counts(cursor()) == {"uncertain": 3, "sent": MAILS - 3}
    assert rests.resting(cursor()) == []


@in_a_test
def test_a_mail_that_the_gate_withholds_is_no_try(server: MailServer) -> None:
    messages = several(5)
    server.mood = "hangs up"
    tasks.dispatch(NOON, smtp(server))
    server.mood, later = "fine", NOON + timedelta(seconds=30)
    waiting = [each.id for each in messages if queue.get(cursor(), each.id).state == "planned"]
    door.hold(cursor(), waiting, "by_hand")
    assert tasks.dispatch(later, smtp(server)) == 0
    door.release(cursor(), waiting, later)
    assert tasks.dispatch(later, smtp(server)) == 1, "the try was not spent on nothing"


@in_a_test
def test_whoever_wants_to_tries_at_once() -> None:
    assert rests.try_now(cursor(), "email", NOON) is False
    _rest()
    assert rests.begin(cursor(), SERVER, NOON) == []
    assert rests.try_now(cursor(), "email", NOON) is True
    (run,) = rests.begin(cursor(), SERVER, NOON)
    assert run.tries


@in_a_test
def test_a_batch_that_began_before_the_rest_neither_ends_nor_lengthens_it() -> None:
    _rest()
    before = resting()
    outcomes: tuple[Outcome, ...] = ("sent", "uncertain")
    for outcome in outcomes:
        late = Run("email", SERVER["email"], known=True)
        late.hear(Receipt(new(), outcome, NOON))
        rests.settle(cursor(), late, NOON)
        assert resting() == before


@in_a_test
def test_a_server_that_takes_one_mail_and_hangs_up_again_waits_longer_each_time() -> None:
    at, waits = NOON, []
    for _ in range(4):
        (run,) = rests.begin(cursor(), SERVER, at)
        _heard(run, "sent", at)
        (run,) = rests.begin(cursor(), SERVER, at)
        _heard(run, "uncertain", at, 3)
        waits.append((resting().next_at or at) - at)
        at = resting().next_at or at
    assert waits == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 300)]


@in_a_test
def test_after_fifty_mails_nothing_of_the_rest_is_left() -> None:
    _rest()
    at = resting().next_at or NOON
    for _ in range(2):
        (run,) = rests.begin(cursor(), SERVER, at)
        _heard(run, "sent", at, 25)
    assert rests.begin(cursor(), SERVER, at) == [Run("email", SERVER["email"])]


@in_a_test
def test_whom_a_server_names_is_not_kept_with_the_rest() -> None:
    run = Run("email", SERVER["email"])
    for _ in range(3):
        run.hear(Receipt(new(), "deferred", NOON, "RCPT: 421 <anna@praxis.example> later", fault="refused"))
    rests.settle(cursor(), run, NOON)
    assert resting().said == "RCPT: 421 <…> later"


def test_only_one_worker_tries_and_another_one_where_it_died(fresh_db: str) -> None:
    with transaction.atomic():
        _rest()
        at = resting().next_at or NOON
    with connect(fresh_db) as mine, connect(fresh_db) as other:
        (run,) = rests.begin(mine.cursor(), SERVER, at)
        assert rests.begin(other.cursor(), SERVER, at) == []
        rests.book(mine.cursor(), [run], at)
        mine.commit()
        assert rests.begin(other.cursor(), SERVER, at + timedelta(seconds=30)) == []
        assert [run.tries for run in rests.begin(other.cursor(), SERVER, at + rests.TRY)] == [True]


def _rest() -> None:
    _heard(Run("email", SERVER["email"]), "uncertain", NOON, 3)


def _heard(run: Run, outcome: Outcome, at: datetime, times: int = 1) -> None:
    for _ in range(times):
        run.hear(Receipt(new(), outcome, at))
    rests.settle(cursor(), run, at)


def _addresses(messages: Sequence[Message]) -> list[str]:
    cards = people.cards(cursor(), [each.person for each in messages if each.person])
    return [card.email for card in cards.values()]
