"""Mailings of the demo: one that is done, one that was stopped, one to come, one in the making, and who gets a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db import transaction

from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.loop.channels.contract import Receipt
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.decide.mailings import proofs, run, store
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.decide.mailings.store import Wanted
from einklang.loop.gate import receipts, tasks
from einklang.loop.interactions import log, make
from einklang.loop.interactions.types import Interaction

SEED = 59
DONE, STOPPED, COMING, DRAFT = (
    "Oktoberbrief: was die Studie zeigt",
    "Einladung zum Fachabend",
    "Jahresrückblick",
    "Herbstbrief an die Praxen",
)
PRACTICES = Segment(specialties=("Allgemeinmedizin", "Diabetologie", "Nephrologie"))
UNREACHED = Segment(specialties=("Innere Medizin", "Kardiologie"), not_contacted_within=30)
STOPPED_AT = 30  # people; then somebody saw the wrong date
SENT_BEFORE_STOP = 12
REASON = "Der Fachabend ist um eine Woche verschoben."
MORNING = timedelta(hours=2)  # past the quiet hours, whatever the season
OPENED, CLICKED = 0.6, 0.25


def run_past(allowed: Mapping[UUID, set[str]], author: UUID, seeds: Sequence[UUID], now: datetime) -> None:
    """Own transactions, as the dispatcher has its own."""
    with transaction.atomic():
        for seed in seeds:
            proofs.add(cursor(), seed, by=author, now=now - timedelta(days=28))
    done = now - timedelta(days=27) + MORNING
    mailing = _send(DONE, author, done)
    _dispatch(done)
    with transaction.atomic():
        _answer(cursor(), mailing, allowed, done)
    stopped = now - timedelta(days=13) + MORNING
    mailing = _send(STOPPED, author, stopped, people=STOPPED_AT)
    tasks.dispatch(stopped, {"email": FakeAdapter()}, SENT_BEFORE_STOP)
    with transaction.atomic():
        store.stop(cursor(), mailing, REASON, by=author, now=stopped + timedelta(minutes=4))
        while run.advance(cursor(), stopped + timedelta(minutes=5)):
            pass


def write(cur: Cursor, author: UUID, now: datetime) -> None:
    mailing = _draft(cur, COMING, PRACTICES, author, now=now, begins=now + timedelta(days=13))
    store.schedule(cur, mailing, now + timedelta(days=13) + MORNING, revision=2, by=author, now=now)
    _draft(cur, DRAFT, UNREACHED, author, now=now, begins=now + timedelta(days=7))


def _send(name: str, author: UUID, at: datetime, people: int = 0) -> UUID:
    """All of it, or only the first piece."""
    with transaction.atomic():
        cur = cursor()
        mailing = _draft(cur, name, PRACTICES, author, now=at - timedelta(days=2), begins=at)
        mail = store.get(cur, mailing).content
        assert mail
        proofs.test(cur, mailing, mail, [author], at - timedelta(days=1))
        store.schedule(cur, mailing, at, revision=2, by=author, now=at - timedelta(days=1))
        if people:
            run.advance(cur, at, people)
        else:
            while run.advance(cur, at):
                pass
    return mailing


def _draft(cur: Cursor, name: str, segment: Segment, author: UUID, *, now: datetime, begins: datetime) -> UUID:
    mailing = store.create(cur, name, by=author, now=now)
    days = (begins.date(), begins.date() + timedelta(days=14))
    store.save(cur, mailing, Wanted(name, "", _mail(cur, now).id, *days, segment), revision=1, by=author, now=now)
    return mailing


def _mail(cur: Cursor, now: datetime) -> Version:
    mails = content.listing(cur, now=now, kinds=["mail"])
    return next((each for each in mails if each.promotional and each.rx), mails[0])


def _dispatch(at: datetime) -> None:
    adapter = FakeAdapter()
    while tasks.dispatch(at, {"email": adapter}):
        pass


def _answer(cur: Cursor, mailing: UUID, allowed: Mapping[UUID, set[str]], at: datetime) -> None:
    """Most were delivered; of those who may be measured some opened, fewer clicked, and a scanner clicked all."""
    random = Random(SEED)
    sent = store.readers(cur, mailing, after=None, limit=10_000)
    arrived = [message for _, message in sent if random.random() < 0.97]
    receipts.apply(cur, [Receipt(each, "delivered", at + timedelta(minutes=1)) for each in arrived], at)
    measured = [(person, message) for person, message in sent if "mail_tracking" in allowed.get(person, set())]
    told = [each for person, message in measured for each in _touches(random, mailing, person, message, at)]
    log.record(cur, told)


def _touches(random: Random, mailing: UUID, person: UUID, message: UUID, at: datetime) -> list[Interaction]:
    moment, chance = at + timedelta(minutes=random.randint(20, 2_000)), random.random()
    found = []
    if random.random() < 0.2:
        found.append(_touch("email.clicked", mailing, person, message, at + timedelta(seconds=9), machine=True))
    if chance < OPENED:
        found.append(_touch("email.opened", mailing, person, message, moment))
    if chance < CLICKED:
        found.append(_touch("email.clicked", mailing, person, message, moment + timedelta(minutes=1)))
    return found


def _touch(
    kind: str, mailing: UUID, person: UUID, message: UUID, at: datetime, *, machine: bool = False
) -> Interaction:
    link = {"link": "Zur Studie", "content_slug": "velunor-studie", "topics": ["herzinsuffizienz"]}
    return make.interaction(
        kind,
        now=at,
        source="mail",
        source_id=f"{message}:{kind}:{machine}",
        person=person,
        journey=mailing,
        message=message,
        properties=link | ({"machine": "scanner"} if machine else {}) if kind == "email.clicked" else {},
        is_machine=machine,
    )
