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
from einklang.loop.gate import mail_domain, notes, outbox, receipts, workers
from einklang.loop.gate.outbox import Change, Message

# A batch takes some ten seconds; of a process in another home nobody can say whether it still lives.
GRACE = timedelta(minutes=2)
STOPS = {signal.SIGTERM, signal.SIGINT}

# One dispatcher per process: what stands under this process's name while the lock is free is nobody's any more.
_alone = threading.Lock()
_unstored: list[Receipt] = []
_unsent: list[UUID] = []


def dispatch(now: datetime, adapters: Mapping[str, Adapter], limit: int = 100) -> int:
    """How many messages were settled: sent, withheld, planned for later or failed. Who asks this process to end waits
    for the message that is just leaving; what has not left is planned again."""
    with _alone, _to_the_end():
        _store(now)
        with transaction.atomic():
            settled, outgoing = dispatching.clear(
                cursor(), now=now, channels=list(adapters), limit=limit, worker=workers.own_name()
            )
        for channel, messages in outgoing.items():
            answered = adapters[channel].send(messages, now, _note)
            reached = {receipt.id for receipt in answered}
            _unsent.extend(message.id for message in messages if message.id not in reached)
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


def _note(receipt: Receipt) -> bool:
    """Go on, unless this process was asked to end."""
    _unstored.append(receipt)
    return not signal.sigpending() & STOPS


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
    if not _unstored and not _unsent:
        return
    with transaction.atomic():
        receipts.apply(cursor(), _unstored, now)
        back = [Change(message, "planned", notes.NO_TIME) for message in _unsent]
        outbox.move(cursor(), back, after=["sending"], now=now)
    _unstored.clear()
    _unsent.clear()


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
