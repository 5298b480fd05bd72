"""The worker's entry: send what is due, settle what a dead worker left behind, look after the sending domain.
Own transactions."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.loop.channels.contract import Adapter, Fate, Outgoing, Receipt
from einklang.loop.channels.email import config, sender_check
from einklang.loop.channels.email.lookup import Dns, Lookup
from einklang.loop.channels.email.sender_check import Finding
from einklang.loop.gate import dispatch as dispatching
from einklang.loop.gate import mail_domain, notes, outbox, receipts, rests, workers
from einklang.loop.gate.outbox import Change, Message
from einklang.loop.gate.rests import Run

# A batch takes some ten seconds; of a process in another home nobody can say whether it still lives.
GRACE = timedelta(minutes=2)
STOPS = {signal.SIGTERM, signal.SIGINT}

# One dispatcher per process: what stands under this process's name while the lock is free is nobody's any more.
_alone = threading.Lock()
_unstored: list[Receipt] = []
_unsent: list[Change] = []
_unsettled: list[Run] = []


def dispatch(now: datetime, adapters: Mapping[str, Adapter], limit: int = 100) -> int:
    """How many messages were settled: sent, withheld, planned for later or failed. Who asks this process to end waits
    for the message that is just leaving; what has not left is planned again."""
    with _alone, _to_the_end():
        _store(now)
        with transaction.atomic():
            runs, settled, outgoing = _clear(now, adapters, limit)
        for run in runs:
            _hand_over(adapters[run.channel], run, outgoing.get(run.channel, []), now)
        _store(now)
        return settled


def recover(now: datetime, adapters: Mapping[str, Adapter]) -> int:
    """Asks the channels what became of messages whose worker died in between; returns how many there were."""
    with _alone:
        _store(now)
        with transaction.atomic():
            left = _adopt()
        for channel, adapter in adapters.items():
            mine = [message for message in left if message.channel == channel]
            _reconcile(mine, adapter.reconcile([_named(message) for message in mine]), now)
        return len(left)


def check_sender(now: datetime, *, always: bool = False, lookup: Lookup | None = None) -> list[Finding] | None:
    """Asks the DNS outside any transaction and keeps what it says; None where it is not due."""
    mail = config.get()
    if not always and not (mail_domain.needed() and mail_domain.is_due(cursor(), mail.domain, now)):
        return None
    findings = sender_check.check(mail, lookup or Dns(mail.resolver))
    with transaction.atomic():
        mail_domain.keep(cursor(), mail.domain, findings, now)
    return findings


def _clear(
    now: datetime, adapters: Mapping[str, Adapter], limit: int
) -> tuple[list[Run], int, dict[str, list[Outgoing]]]:
    cur = cursor()
    runs = rests.begin(cur, {channel: adapter.host() for channel, adapter in adapters.items()}, now)
    settled, outgoing = dispatching.clear(
        cur,
        now=now,
        channels=[run.channel for run in runs if not run.tries],
        tried=[run.channel for run in runs if run.tries],
        limit=limit,
        worker=workers.own_name(),
    )
    leaving = [run for run in runs if run.channel in outgoing]
    rests.book(cur, leaving, now)
    return leaving, settled, outgoing


def _hand_over(adapter: Adapter, run: Run, messages: Sequence[Outgoing], now: datetime) -> None:
    """Goes on with the next message unless the way out is at fault or this process was asked to end."""

    def told(receipt: Receipt) -> bool:
        _unstored.append(receipt)
        return run.hear(receipt) and not signal.sigpending() & STOPS

    reached = {receipt.id for receipt in adapter.send(messages, now, told)}
    note = notes.CHANNEL_RESTS if run.at_fault else notes.NO_TIME
    _unsent.extend(Change(message.id, "planned", note) for message in messages if message.id not in reached)
    _unsettled.append(run)


@contextmanager
def _to_the_end() -> Iterator[None]:
    """Signals that end the process wait outside."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _store(now: datetime) -> None:
    """What the channels answered and what they had no time for, also from when the database could not be reached."""
    if _unstored or _unsent:
        with transaction.atomic():
            receipts.apply(cursor(), _unstored, now)
            outbox.move(cursor(), _unsent, after=["sending"], now=now)
        _unstored.clear()
        _unsent.clear()
    while _unsettled:  # on its own: who tries a way at rest holds it and waits for persons
        with transaction.atomic():
            rests.settle(cursor(), _unsettled[0], now)
        _unsettled.pop(0)


def _adopt() -> list[Message]:
    cur, own = cursor(), workers.own_name()
    dead = [worker for worker in outbox.workers(cur) if worker == own or workers.is_dead(worker)]
    left = outbox.left_sending(cur, dead=dead, before=clock.real_now() - GRACE)
    outbox.adopt(cur, [message.id for message in left], worker=own, claimed_at=clock.real_now())
    return left


def _reconcile(messages: Sequence[Message], fates: Mapping[UUID, Fate], now: datetime) -> None:
    fate = {message.id: fates.get(message.id, "unknown") for message in messages}
    found = [Receipt(id_, "sent", now, notes.FOUND) for id_, said in fate.items() if said == "sent"]
    lost = [Receipt(id_, "uncertain", now, notes.CRASH_WHILE) for id_, said in fate.items() if said == "unknown"]
    never = [Change(id_, "planned", notes.CRASH_BEFORE) for id_, said in fate.items() if said == "not_sent"]
    with transaction.atomic():
        cur = cursor()
        outbox.move(cur, never, after=["sending"], now=now)
        receipts.apply(cur, [*found, *lost], now)


def _named(message: Message) -> Outgoing:
    claim = outbox.claim_name(message.worker, message.claimed_at)
    return Outgoing(message.id, message.wire_id, "", message.address or "", b"", claim=claim)
