"""kill -9 of a worker at every point between planning and receipt; the mail server and the database live on."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from django.db import transaction

from einklang.core.connection import cursor
from einklang.loop.channels.contract import Adapter, Fate, Outgoing
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.loop.gate import browse, queue, tasks
from einklang.loop.gate.tests.mails import LATER, NOON, ask, message, reader, safety
from einklang.loop.interactions import log
from tests import cast

pytestmark = pytest.mark.slow

BEFORE_A_BYTE_LEFT = ["claim", "verdict", "before sending is committed", "outbox row"]
HEARD = ["accepted", "receipt"]
POINTS = [*BEFORE_A_BYTE_LEFT, "sending", "leaving", *HEARD]


class AskableAdapter(EmailAdapter):
    """A mail server whose inbox can be asked."""

    def __init__(self, server: MailServer) -> None:
        super().__init__(target=lambda: server.url)
        self.server = server

    def reconcile(self, messages: Sequence[Outgoing]) -> dict[UUID, Fate]:
        arrived = set(self.server.message_ids)
        return {each.id: "sent" if each.message_id in arrived else "not_sent" for each in messages}


@pytest.fixture
def inbox() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def planned(fresh_db: str) -> list[UUID]:
    """Two mails to doctors and a safety report."""
    with transaction.atomic():
        first = reader("mail_tracking")
        second = cast.kern()
        cast.allow(second, "email")
        return [message(asked).id for asked in (ask(first), ask(second), safety())]


def kill_at(point: str, inbox: MailServer, env: dict[str, str]) -> None:
    worker = [sys.executable, "-m", "einklang.loop.gate.tests.dying", point, inbox.url]
    died = subprocess.run(worker, env=env, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL


def go_on(adapter: Adapter) -> None:
    tasks.recover(LATER, {"email": adapter})
    while tasks.dispatch(LATER, {"email": adapter}):
        pass


def sent_in_the_log() -> Counter[UUID]:
    persons = [cast.albrecht().id, cast.kern().id]
    entries = log.person_history(cursor(), persons, limit=20)
    return Counter(entry.message for entry in entries if entry.kind == "email.sent" and entry.message)


@pytest.mark.parametrize("point", POINTS)
def test_nothing_is_lost_doubled_or_stuck_where_the_inbox_can_be_asked(
    point: str, planned: list[UUID], inbox: MailServer, child_env: dict[str, str]
) -> None:
    kill_at(point, inbox, child_env)
    go_on(AskableAdapter(inbox))
    assert queue.counts(cursor()) == {"sent": 3}
    assert Counter(inbox.message_ids) == {queue.get(cursor(), id_).message_id: 1 for id_ in planned}
    assert sent_in_the_log() == dict.fromkeys(planned[:2], 1)


def test_what_was_stored_before_the_kill_is_not_done_again(
    planned: list[UUID], inbox: MailServer, child_env: dict[str, str]
) -> None:
    kill_at("no point on the way", inbox, child_env)
    go_on(AskableAdapter(inbox))
    assert len(inbox.mails) == 3
    assert sent_in_the_log() == dict.fromkeys(planned[:2], 1)


@pytest.mark.parametrize("point", [*BEFORE_A_BYTE_LEFT, *HEARD])
def test_where_the_answer_was_written_down_even_a_plain_server_gets_every_mail_once(
    point: str, planned: list[UUID], inbox: MailServer, child_env: dict[str, str]
) -> None:
    kill_at(point, inbox, child_env)
    go_on(EmailAdapter(target=lambda: inbox.url))
    assert queue.counts(cursor()) == {"sent": 3}
    assert len(inbox.mails) == 3


def test_of_a_batch_only_the_mail_that_was_leaving_is_uncertain(
    planned: list[UUID], inbox: MailServer, child_env: dict[str, str]
) -> None:
    kill_at("leaving", inbox, child_env)
    go_on(EmailAdapter(target=lambda: inbox.url))
    assert queue.counts(cursor()) == {"sent": 2, "uncertain": 1}
    assert Counter(inbox.message_ids) == {queue.get(cursor(), id_).message_id: 1 for id_ in planned}


def test_where_nothing_was_written_down_it_is_shown_and_only_safety_is_repeated(
    planned: list[UUID], inbox: MailServer, child_env: dict[str, str]
) -> None:
    kill_at("sending", inbox, child_env)
    plain = EmailAdapter(target=lambda: inbox.url)
    tasks.recover(NOON, {"email": plain})
    go_on(plain)
    *mails, report = planned
    assert {each.id for each in browse.listing(cursor(), state="uncertain")} == set(mails)
    assert all(number == 1 for number in Counter(inbox.message_ids).values())
    assert sent_in_the_log() == {}
    repeated = queue.get(cursor(), report)
    assert (repeated.state, repeated.repeats) == ("sent", 1)
    assert str(inbox.mails[-1]["Subject"]) == "Wiederholung: Sicherheitsmeldung R-7"
