"""The real worker sends to a real server and is killed again and again: nobody gets a mail twice, nobody is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.people.bench import doctors
from einklang.loop.gate import browse, door, queue
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.question import Question, Recipient
from tests import cast

pytestmark = pytest.mark.slow

MAILS = 400
KILLS = 6
PATIENCE_SECONDS = 240
SEED = 20261123
WORDS = {"subject": "Ihre Anfrage", "greeting": "{salutation},", "paragraphs": ["Wir antworten."], "links": []}


@dataclass(frozen=True)
class Server:
    url: str
    counted: Path

    @property
    def arrived(self) -> Counter[str]:
        return Counter(self.counted.read_text().split())


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Server]:
    counted = tmp_path / "counted"
    counted.touch()
    command = [sys.executable, "-m", "einklang.loop.channels.email.sink", str(counted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield Server(f"smtp://127.0.0.1:{process.stdout.readline().strip()}", counted)
        process.terminate()


@pytest.fixture
def planned(fresh_db: str) -> list[UUID]:
    """Mails that no quiet hour holds back, whenever this test runs."""
    now = clock.now()
    with transaction.atomic():
        content = cast.frozen("antwort", "system_mail", {"de": WORDS}, audience="public").id
        persons = doctors(cursor(), MAILS, now)
        questions = [
            Question(
                "send", Recipient("person", each), "email", "transactional", unit="support", content=content, at=now
            )
            for each in persons
        ]
        asked = door.ask(cursor(), questions, now=now, messages=[MessageSpec(content)] * MAILS)
    return [each.message for each in asked if each.message]


@contextmanager
def worker(env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "einklang.project.worker"], env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(what: str, probe: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not probe():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.005)


def until_arrived(sink: Server, number: int) -> None:
    until(f"{number} arrived", lambda: sink.arrived.total() >= number)


def until_settled() -> dict[str, int]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (counts := queue.counts(cursor())).keys() & {"planned", "sending"}:
        assert time.monotonic() < deadline, counts
        time.sleep(0.2)
    return counts


def states(planned: list[UUID]) -> dict[str, str]:
    """By Message-ID."""
    return {queue.get(cursor(), each).message_id: state for each, state in browse.states(cursor(), planned).items()}


def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nobody(
    planned: list[UUID], sink: Server, child_env: dict[str, str]
) -> None:
    env = child_env | {"EINKLANG_SMTP_URL": sink.url}
    moments = random.Random(SEED)
    for kill in range(1, KILLS + 1):
        with worker(env) as process:
            until_arrived(sink, kill * MAILS // (KILLS + 2) + moments.randrange(20))
            os.kill(process.pid, signal.SIGKILL)
    with worker(env):
        counts = until_settled()
    assert counts.keys() <= {"sent", "uncertain"}
    assert counts.get("uncertain", 0) <= KILLS, "at most the one that was just leaving"
    known = states(planned)
    assert set(sink.arrived.values()) == {1}
    assert {name for name, state in known.items() if state == "sent"} <= set(sink.arrived) <= set(known)
    assert len(known) == MAILS


def test_a_worker_that_is_asked_to_end_leaves_nothing_uncertain(
    planned: list[UUID], sink: Server, child_env: dict[str, str]
) -> None:
    env = child_env | {"EINKLANG_SMTP_URL": sink.url}
    for stop in (1, 2):
        with worker(env) as process:
            until_arrived(sink, stop * MAILS // 3)
            process.terminate()
            process.wait(PATIENCE_SECONDS)
            assert "sending" not in queue.counts(cursor())
    with worker(env):
        assert until_settled() == {"sent": MAILS}
    assert sink.arrived == Counter(states(planned).keys())
