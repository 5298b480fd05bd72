from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Sequence
from datetime import timedelta
from typing import IO
from uuid import UUID

import pytest

from einklang.core import clock, settings
from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.loop.channels.contract import Fate, Outgoing
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import browse, outbox, queue, tasks, workers
from einklang.loop.gate.outbox import Message, Start
from einklang.loop.gate.tests.mails import LATER, NOON, ask, message, reader, safety
from einklang.loop.interactions import log

pytestmark = pytest.mark.django_db

NO_PROCESS = 2**22 + 1  # beyond the largest pid


class Told(FakeAdapter):
    """Answers every question about the past with one word."""

    fate: Fate = "unknown"

    def reconcile(self, messages: Sequence[Outgoing]) -> dict[UUID, Fate]:
        return {each.id: self.fate for each in messages}


def told(fate: Fate) -> dict[str, Told]:
    adapter = Told()
    adapter.fate = fate
    return {"email": adapter}


def left_by(worker: str, planned: Message, ago: timedelta = timedelta()) -> Message:
    outbox.start(
        cursor(), [Start(planned.id, new(), "Betreff", "")], worker=worker, claimed_at=clock.real_now() - ago, now=NOON
    )
    return planned


def dead_worker() -> str:
    """As its end leaves it behind: its file is there, and nobody holds it."""
    file, name = lock_file()
    file.close()
    return name


def lock_file() -> tuple[IO[str], str]:
    folder, name = settings.get().home / workers.FOLDER, str(new())
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"{name}.lock").open("w"), f"{socket.gethostname()}/{name}"


def state(one: Message) -> str:
    return queue.get(cursor(), one.id).state


def test_what_went_out_before_the_crash_is_sent_and_logged_once() -> None:
    person = reader()
    left = left_by(dead_worker(), message(ask(person)))
    assert tasks.recover(LATER, told("sent")) == 1
    assert tasks.recover(LATER, told("sent")) == 0
    assert state(left) == "sent"
    assert [entry.kind for entry in log.person_history(cursor(), [person.id], limit=5)] == ["email.sent"]


def test_what_did_not_go_out_is_planned_again_and_sent() -> None:
    left = left_by(dead_worker(), message(ask(reader())))
    tasks.recover(LATER, told("not_sent"))
    assert state(left) == "planned"
    tasks.dispatch(LATER, {"email": FakeAdapter()})
    assert state(left) == "sent"


def test_what_nobody_knows_is_shown_and_not_sent_again() -> None:
    left = left_by(dead_worker(), message(ask(reader())))
    tasks.recover(LATER, told("unknown"))
    assert tasks.dispatch(LATER, {"email": FakeAdapter()}) == 0
    assert [each.id for each in browse.listing(cursor(), state="uncertain")] == [left.id]


def test_a_safety_report_that_nobody_knows_of_is_sent_again_as_a_repeat() -> None:
    left = left_by(dead_worker(), message(safety()))
    tasks.recover(LATER, told("unknown"))
    adapter = FakeAdapter()
    tasks.dispatch(LATER + timedelta(hours=1), {"email": adapter})
    assert [mail.message_id for mail in adapter.sent] == [queue.get(cursor(), left.id).wire_id]
    assert b"Wiederholung" in adapter.sent[0].mime


def test_a_worker_that_lives_keeps_what_it_is_sending() -> None:
    file, name = lock_file()
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        left = left_by(name, message(ask(reader())))
        assert tasks.recover(LATER, told("not_sent")) == 0
        assert state(left) == "sending"


@pytest.mark.parametrize("pid", [os.getppid(), NO_PROCESS])
def test_a_worker_of_whom_this_home_knows_nothing_is_given_time_whatever_its_machine_is_called(pid: int) -> None:
    left = left_by(f"{socket.gethostname()}/{pid}", message(ask(reader())))
    assert tasks.recover(LATER, told("not_sent")) == 0
    assert state(left) == "sending"


def test_a_worker_of_another_machine_that_took_too_long_is_taken_for_dead() -> None:
    left = left_by("elsewhere/1", message(ask(reader())), ago=tasks.GRACE + timedelta(seconds=1))
    assert tasks.recover(LATER, told("sent")) == 1
    assert state(left) == "sent"
