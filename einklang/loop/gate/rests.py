"""A way out that is at fault rests, with growing waits (`rest.yaml`): one mail is tried, and if it goes through the
others follow. One row for all workers, which survives them; a way that is well has none."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from einklang.core.pg import Cursor, notify
from einklang.loop.channels.contract import UNTOUCHED, Fault, Receipt
from einklang.loop.gate.outbox import NOTIFICATION

FULL = 1000
TRY = timedelta(minutes=2)  # whoever tries may die; then another one does
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")

COLUMNS = "channel, server, strain, step, calm, since, next_at, fault, said"
READ = f"SELECT {COLUMNS} FROM gate_rest WHERE channel = ANY(%s)"
RESTING = f"SELECT {COLUMNS} FROM gate_rest WHERE since IS NOT NULL ORDER BY channel"
LOCK = f"SELECT {COLUMNS} FROM gate_rest WHERE channel = %s FOR UPDATE"
TAKE = "SELECT FROM gate_rest WHERE channel = %(channel)s AND next_at <= %(now)s FOR UPDATE SKIP LOCKED"
BOOK = "UPDATE gate_rest SET next_at = %(at)s WHERE channel = %(channel)s"
PUT = """
    INSERT INTO gate_rest (channel, server, strain, step, calm, since, next_at, fault, said)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (channel) DO UPDATE SET server = excluded.server, strain = excluded.strain, step = excluded.step,
        calm = excluded.calm, since = excluded.since, next_at = excluded.next_at, fault = excluded.fault,
        said = excluded.said
"""
DROP = "DELETE FROM gate_rest WHERE channel = %s"
SOONER = "UPDATE gate_rest SET next_at = %(now)s WHERE channel = %(channel)s AND since IS NOT NULL"

log = logging.getLogger("einklang.gate")


class Policy(NamedTuple):
    in_a_row: Mapping[Fault, int]
    waits_seconds: Sequence[int]
    calm_after: int

    def strain(self, fault: Fault) -> int:
        return math.ceil(FULL / self.in_a_row[fault])

    def wait(self, step: int) -> timedelta:
        return timedelta(seconds=self.waits_seconds[min(step, len(self.waits_seconds) - 1)])


class Rest(NamedTuple):
    """`since` and `next_at` while it rests; otherwise what is left of the last time. `calm`: mails since then."""

    channel: str
    server: str
    strain: int = 0
    step: int = 0
    calm: int = 0
    since: datetime | None = None
    next_at: datetime | None = None
    fault: Fault | None = None
    said: str = ""

    @property
    def told(self) -> dict[str, object]:
        """For machines."""
        return {name: getattr(self, name) for name in ("channel", "server", "since", "next_at", "fault")}


@dataclass
class Run:
    """One batch and what it hears of its way out. `known`: there is a row; `tries`: it is one mail of a way at rest."""

    channel: str
    server: str
    known: bool = False
    tries: bool = False
    strain: int = 0
    good: int = 0
    fault: Fault | None = None
    said: str = ""

    @property
    def at_fault(self) -> bool:
        return self.strain >= FULL or (self.tries and self.strain > 0)

    def hear(self, receipt: Receipt) -> bool:
        """Whether to go on with the next message."""
        fault = fault_of(receipt)
        if fault is None:
            self.good, self.strain = self.good + 1, 0
        else:
            self.strain += policy().strain(fault)
            self.fault, self.said = fault, ADDRESS.sub("…", receipt.detail)
        return not self.at_fault


@cache
def policy() -> Policy:
    return Policy(**yaml.safe_load(Path(__file__).with_name("rest.yaml").read_text()))


def fault_of(receipt: Receipt) -> Fault | None:
    if receipt.outcome == "uncertain":
        return "broken"
    return "failed" if receipt.outcome == "failed" else receipt.fault


def untouched(receipt: Receipt) -> bool:
    """Nothing was tried with this message: it is as it was."""
    return receipt.fault in UNTOUCHED


def begin(cur: Cursor, servers: Mapping[str, str], now: datetime) -> list[Run]:
    """By channel those that may send now. Whoever tries a way at rest holds it until the transaction ends."""
    rows = {row[0]: Rest(*row) for row in cur.execute(READ, (list(servers),)).fetchall()}
    return [run for channel, server in servers.items() if (run := _run(cur, channel, server, rows.get(channel), now))]


def book(cur: Cursor, runs: Sequence[Run], now: datetime) -> None:
    """Somebody tries now, and nobody else does meanwhile."""
    for run in runs:
        if run.tries:
            cur.execute(BOOK, {"channel": run.channel, "at": now + TRY})


def settle(cur: Cursor, run: Run, now: datetime) -> None:
    """What a batch heard. One that began before the rest says nothing about whether it is over."""
    if not run.known and not run.strain:
        return
    row = cur.execute(LOCK, (run.channel,)).fetchone()
    before = Rest(*row) if row else Rest(run.channel, run.server)
    if (before.since and not run.tries) or not (run.good or run.strain):
        return
    after = _rests(before, run, now) if run.at_fault else _goes_on(before, run)
    if after is None:
        cur.execute(DROP, (run.channel,))
    else:
        cur.execute(PUT, tuple(after))
    _tell(before, after)


def resting(cur: Cursor) -> list[Rest]:
    return [Rest(*row) for row in cur.execute(RESTING).fetchall()]


def try_now(cur: Cursor, channel: str, now: datetime) -> bool:
    """One mail at once; False where nothing rests."""
    found = cur.execute(SOONER, {"channel": channel, "now": now}).rowcount > 0
    if found:
        notify(cur, NOTIFICATION)
    return found


def _run(cur: Cursor, channel: str, server: str, row: Rest | None, now: datetime) -> Run | None:
    if row is not None and row.server != server:  # another one, of which nothing is known
        cur.execute(DROP, (channel,))
        row = None
    if row is None:
        return Run(channel, server)
    if row.since is None:
        return Run(channel, server, known=True, strain=row.strain)
    taken = cur.execute(TAKE, {"channel": channel, "now": now}).fetchone() is not None
    return Run(channel, server, known=True, tries=True) if taken else None


def _rests(before: Rest, run: Run, now: datetime) -> Rest:
    return before._replace(
        strain=0,
        step=before.step + 1,
        calm=0,
        since=before.since or now,
        next_at=now + policy().wait(before.step),
        fault=run.fault,
        said=run.said,
    )


def _goes_on(before: Rest, run: Run) -> Rest | None:
    """None where nothing is left to remember."""
    calm = 0 if run.strain else before.calm + run.good
    if not run.strain and (before.step == 0 or calm >= policy().calm_after):
        return None
    return before._replace(strain=run.strain, calm=calm, since=None, next_at=None)


def _tell(before: Rest, after: Rest | None) -> None:
    if after is not None and after.since and after.next_at:
        log.warning("The channel %s rests until %s: %s", after.channel, after.next_at.isoformat(), after.fault)
    elif before.since:
        log.info("The channel %s goes on.", before.channel)
