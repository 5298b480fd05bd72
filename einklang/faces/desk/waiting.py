"""What waits for others: samples on the way, consents that want their confirmation, mails of the next days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from einklang.faces.desk.access import Rep
from einklang.facts.consent import status as consent
from einklang.facts.content import read as content
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.facts.products import read as products
from einklang.loop.gate import queue
from einklang.services.orders import read as orders
from einklang.ui import locale, numbers
from einklang.ui.text import t

RECENT = timedelta(days=14)
SHOWN = 6
MAILS_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Wait:
    card: PersonCard
    icon: str
    text: str
    since: datetime


@dataclass(frozen=True)
class Mail:
    """Subject and day: more of a mail is none of the rep's business."""

    card: PersonCard
    subject: str
    day: datetime


def waits(rep: Rep) -> list[Wait]:
    found = [*_samples(rep), *_confirmations(rep)]
    return sorted(found, key=lambda each: each.since, reverse=True)[:SHOWN]


def _samples(rep: Rep) -> list[Wait]:
    recent = [
        each
        for each in orders.of_persons(rep.cur, list(rep.territory))
        if (each.dispatched_at or each.requested_at) > rep.now - RECENT
    ]
    packs = products.packs(rep.cur, {each.pack for each in recent})
    cards = people.cards(rep.cur, {each.person for each in recent})
    return [
        Wait(cards[each.person], "package", _sample(packs[each.pack].name, each.dispatched_at), each.requested_at)
        for each in recent
    ]


def _sample(name: str, dispatched: datetime | None) -> str:
    if dispatched is None:
        return t(f"Muster {name}: angefordert, noch im Lager", f"Sample {name}: requested, still in the warehouse")
    day = numbers.short_day(dispatched)
    return t(f"Muster {name}: seit {day} unterwegs", f"Sample {name}: on the way since {day}")


def _confirmations(rep: Rep) -> list[Wait]:
    known = consent.status(rep.cur, list(rep.territory))
    pending = {person: found for person, states in known.items() if (found := states.get("email")) and _waits(found)}
    cards = people.cards(rep.cur, pending)
    text = t("Einwilligung für E\u2011Mail: Bestätigung steht aus", "Consent for e\u2011mail: awaiting confirmation")
    return [Wait(cards[person], "hourglass-medium", text, found.since) for person, found in pending.items()]


def _waits(status: consent.Status) -> bool:
    return status.state == "pending"


def mails(rep: Rep, ahead: timedelta = MAILS_AHEAD) -> Sequence[Mail]:
    planned = queue.planned(
        rep.cur, list(rep.territory), channel="email", purpose="promotional", until=rep.now + ahead
    )  # fmt: skip
    told = [each for each in planned if each.unit != "medical" and each.recipient]
    versions = content.versions(rep.cur, {each.content for each in told})
    cards = people.cards(rep.cur, {each.recipient for each in told if each.recipient})
    language = locale.current()
    return [
        Mail(cards[each.recipient], versions[each.content].title(language), each.due_at)
        for each in told
        if each.recipient in cards and each.content in versions
    ]
