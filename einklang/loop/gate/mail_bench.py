"""How many mails a second leave: judged again, personalised, signed, sent by SMTP, their receipts stored and logged.

The limit is what rendering, signing and SMTP alone would take, one after the other, measured in the same run against
the same server. The memory of the process is taken after a fifth and at the end: it must not grow with the campaign,
since a batch is claimed, sent and forgotten before the next.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from einklang.core import settings
from einklang.core.connection import cursor
from einklang.facts.people.bench import doctors
from einklang.loop.channels.contract import Adapter, Outgoing
from einklang.loop.channels.email import config, dkim
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.gate import bench, door, letters, outbox, tasks, verdicts
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.outbox import Message
from einklang.loop.gate.question import Question, Recipient, Verdict

MAILS = 20_000
ALONE = 1_000
BATCH = 500
PAGE = 4096
AT_ONCE = 100  # as the dispatcher hands them over
Done = TypeVar("Done")
Row = tuple[str, float, str, float | None]


def mail(_url: str) -> list[Row]:
    dkim.create(config.get().key_file)
    with _sink() as (target, counted):
        adapter = EmailAdapter(target=lambda: target)
        adapters = {adapter.channel: adapter}
        planning = _plan(MAILS)
        first = _bare(adapter)
        before = counted.read_bytes().count(b"\n")
        fifth, sending = _timed(lambda: _send(adapters, MAILS // 5))
        memory = [_memory()]
        rest, more = _timed(lambda: _send(adapters, MAILS - fifth))
        memory.append(_memory())
        arrived = counted.read_bytes().split()[before:]
        bare = _mean(first, _bare(adapter))
    if len(arrived) != MAILS or len(set(arrived)) != MAILS or fifth + rest != MAILS:
        raise AssertionError(f"{len(arrived)} mails of {MAILS} arrived")
    return [
        ("mail", MAILS / (sending + more), "mails/s", 1 / sum(bare.values())),
        ("mail.plan", MAILS / planning, "mails/s", None),
        *((f"mail.{name}", seconds * 1e6, "us/mail", None) for name, seconds in bare.items()),
        ("mail.memory_fifth", memory[0], "MB", None),
        ("mail.memory", memory[1], "MB", None),
    ]


def _plan(number: int) -> float:
    """Seconds for asking the gate about everybody, batch by batch."""
    with transaction.atomic():
        content = bench.mail_version(cursor())
        persons = doctors(cursor(), number, bench.AT)
    for start in range(0, number, bench.CHUNK):
        with transaction.atomic():
            bench.consent(cursor(), persons[start : start + bench.CHUNK])
    cursor().execute("ANALYZE")  # what autovacuum does within a minute
    started = perf_counter()
    for start in range(0, number, BATCH):
        _ask(persons[start : start + BATCH], content)
    return perf_counter() - started


def _ask(persons: Sequence[UUID], content: UUID) -> None:
    questions = [
        Question(
            "send", Recipient("person", each), "email", "promotional", unit="marketing", content=content, at=bench.AT
        )
        for each in persons
    ]
    with transaction.atomic():
        door.ask(cursor(), questions, now=bench.AT, messages=[MessageSpec(content)] * len(questions))


def _send(adapters: Mapping[str, Adapter], number: int) -> int:
    """Until so many have been settled, or nothing is left."""
    settled = 0
    while settled < number and (more := tasks.dispatch(bench.AT, adapters)):
        settled += more
    return settled


def _bare(adapter: EmailAdapter) -> dict[str, float]:
    """Seconds a mail for each part of the work, alone and without the database."""
    cur = cursor()
    messages = outbox.select(cur, "WHERE state <> 'withheld' ORDER BY id LIMIT %(limit)s", {"limit": ALONE})
    judged = [verdicts.get(cur, message.verdict).verdict for message in messages]
    material = letters.load(cur, messages)
    rendered, rendering = _timed(lambda: _rendered(messages, judged, material))
    _, sending = _timed(lambda: _sent(adapter, rendered))
    return {"render": rendering / ALONE, "sign_and_smtp": sending / ALONE}


def _mean(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    """Before and after: a machine that others use is not equally fast all the time."""
    return {name: (first[name] + second[name]) / 2 for name in first}


def _rendered(messages: Sequence[Message], judged: Sequence[Verdict], material: letters.Material) -> list[Outgoing]:
    return [letters.compose(each, verdict, material, bench.AT) for each, verdict in zip(messages, judged, strict=True)]


def _sent(adapter: EmailAdapter, mails: Sequence[Outgoing]) -> None:
    for start in range(0, len(mails), AT_ONCE):
        adapter.send(mails[start : start + AT_ONCE], bench.AT)


def _timed(work: Callable[[], Done]) -> tuple[Done, float]:
    started = perf_counter()
    done = work()
    return done, perf_counter() - started


def _memory() -> float:
    """Of this process, in MB."""
    resident = int(Path("/proc/self/statm").read_text().split()[1])
    return resident * PAGE / 1e6


@contextmanager
def _sink() -> Iterator[tuple[str, Path]]:
    """URL of a mail server in a process of its own, and the file in which it counts."""
    counted = settings.get().home / "counted"
    counted.touch()
    command = [sys.executable, "-m", "einklang.loop.channels.email.sink", str(counted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"smtp://127.0.0.1:{process.stdout.readline().strip()}", counted
        finally:
            process.terminate()
