"""Not too much at once for any receiving domain: caps an hour, and a warm-up while our own domain is new.

What is beyond the cap stays planned, with the reason and the next hour that has room. An hour's room is counted when a
message is let through (`sent`) and, so that a million messages need not queue for the same hour, when one is put off to
it (`promised`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from einklang.core import settings
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import read as people
from einklang.loop.gate import mail_domain, notes
from einklang.loop.gate.outbox import Change, Message

EVERYBODY = "*"
CHANNEL = "email"
HOUR = timedelta(hours=1)
KEPT = timedelta(days=2)
NO_DOMAIN = Words("Das ist keine Domain.", "This is no domain.")
NO_NUMBER = Words("Es muss mindestens eine Mail je Stunde sein.", "It must be at least one mail an hour.")

CAPS = "SELECT domain, per_hour FROM gate_mail_cap ORDER BY domain"
SET_CAP = """
    INSERT INTO gate_mail_cap (domain, per_hour, since) VALUES (%(domain)s, %(per_hour)s, %(now)s)
    ON CONFLICT (domain) DO UPDATE SET per_hour = excluded.per_hour, since = excluded.since
"""
DROP_CAP = "DELETE FROM gate_mail_cap WHERE domain = %s"
WARM_UP = "SELECT since FROM gate_mail_warm_up WHERE domain = %s"
BEGIN_WARM_UP = """
    INSERT INTO gate_mail_warm_up (domain, since) VALUES (%s, %s)
    ON CONFLICT (domain) DO UPDATE SET since = excluded.since
"""
END_WARM_UP = "DELETE FROM gate_mail_warm_up WHERE domain = %s"
# Sorted: two workers that count for the same domains wait for each other instead of for themselves.
OPEN_HOUR = """
    INSERT INTO gate_mail_pace (domain, hour) SELECT domain, %(hour)s FROM unnest(%(domains)s::text[]) AS domain
    ORDER BY domain ON CONFLICT (domain, hour) DO UPDATE SET sent = gate_mail_pace.sent RETURNING domain, sent
"""
LAST_PROMISED = """
    SELECT DISTINCT ON (domain) domain, hour, promised FROM gate_mail_pace
    WHERE domain = ANY(%(domains)s) AND hour > %(hour)s ORDER BY domain, hour DESC
"""
COUNT = """
    INSERT INTO gate_mail_pace (domain, hour, sent, promised)
    SELECT * FROM unnest(%(domains)s::text[], %(hours)s::timestamptz[], %(sent)s::int[], %(promised)s::int[])
    ON CONFLICT (domain, hour) DO UPDATE SET
        sent = gate_mail_pace.sent + excluded.sent, promised = gate_mail_pace.promised + excluded.promised
"""
FORGET = "DELETE FROM gate_mail_pace WHERE hour < %s"


class Curve(NamedTuple):
    per_day: Sequence[int]
    hours_a_day: int

    def per_hour(self, day: int) -> int | None:
        return max(1, self.per_day[day] // self.hours_a_day) if day < len(self.per_day) else None


class Caps(NamedTuple):
    """Per hour and receiving domain; EVERYBODY stands for those that are not named."""

    named: Mapping[str, int]
    warm_up: int | None

    def of(self, domain: str) -> int | None:
        cap = self.named.get(domain, self.named.get(EVERYBODY))
        return min((each for each in (cap, self.warm_up) if each is not None), default=None)


def admit(cur: Cursor, messages: Sequence[Message], now: datetime) -> list[Change]:
    """What becomes of those that must wait; the others may go on and are counted."""
    bulk = [each for each in messages if each.channel == CHANNEL and each.purpose in mail_domain.BULK]
    if not bulk:
        return []
    if mail_domain.stops_bulk(cur, now):
        return [Change(each.id, "planned", notes.MAIL_DNS, due_at=now + HOUR) for each in bulk]
    limits = caps(cur, now)
    by_domain = _by_domain(cur, bulk, limits) if limits.named or limits.warm_up else {}
    return list(_beyond(cur, by_domain, limits, now)) if by_domain else []


def caps(cur: Cursor, now: datetime) -> Caps:
    since = warming_up_since(cur)
    warm_up = curve().per_hour(max(0, (now - since).days)) if since else None
    return Caps(dict(cur.execute(CAPS).fetchall()), warm_up)


def set_cap(cur: Cursor, domain: str, per_hour: int | None, now: datetime) -> None:
    """None takes the cap away; EVERYBODY is a cap for all that have none of their own."""
    name = domain.strip().lower()
    if name != EVERYBODY and ("." not in name or "@" in name):
        raise InputError("domain", NO_DOMAIN, Words("Zum Beispiel: gmx.de", "For example: gmx.de"))
    if per_hour is None:
        cur.execute(DROP_CAP, (name,))
        return
    if per_hour < 1:
        raise InputError("per_hour", NO_NUMBER)
    cur.execute(SET_CAP, {"domain": name, "per_hour": per_hour, "now": now})


def warm_up(cur: Cursor, since: datetime | None) -> None:
    """None ends it."""
    domain = settings.get().mail_domain
    if since is None:
        cur.execute(END_WARM_UP, (domain,))
    else:
        cur.execute(BEGIN_WARM_UP, (domain, since))


def warming_up_since(cur: Cursor) -> datetime | None:
    row = cur.execute(WARM_UP, (settings.get().mail_domain,)).fetchone()
    return row[0] if row else None


def forget(cur: Cursor, now: datetime) -> None:
    cur.execute(FORGET, (now - KEPT,))


@cache
def curve() -> Curve:
    return Curve(**yaml.safe_load((Path(__file__).parent / "warm_up.yaml").read_text()))


def _by_domain(cur: Cursor, messages: Sequence[Message], limits: Caps) -> dict[str, list[Message]]:
    cards = people.cards(cur, {each.person for each in messages if each.person})
    found: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        card = cards.get(message.person) if message.person else None
        domain = (card.email if card else message.address or "").rpartition("@")[2].lower()
        if domain and limits.of(domain) is not None:
            found[domain].append(message)
    return found


def _beyond(cur: Cursor, by_domain: Mapping[str, Sequence[Message]], limits: Caps, now: datetime) -> Iterator[Change]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    asked = {"domains": sorted(by_domain), "hour": hour}
    sent: dict[str, int] = dict(cur.execute(OPEN_HOUR, asked).fetchall())
    last = {domain: (at, promised) for domain, at, promised in cur.execute(LAST_PROMISED, asked).fetchall()}
    counted: list[tuple[str, datetime, int, int]] = []
    for domain in sorted(by_domain):
        cap = limits.of(domain) or 1
        waiting = by_domain[domain]
        room = min(max(0, cap - sent[domain]), len(waiting))
        counted.append((domain, hour, room, 0))
        rooms = _rooms(cap, *last.get(domain, (hour + HOUR, 0)))
        for message, at in zip(waiting[room:], rooms, strict=False):
            counted.append((domain, at, 0, 1))
            yield Change(message.id, "planned", notes.note(notes.MAIL_PACE, domain, cap), due_at=at)
    _count(cur, counted)


def _rooms(cap: int, hour: datetime, promised: int) -> Iterator[datetime]:
    """The next free places, from the last hour in which one was promised."""
    while True:
        for _ in range(max(0, cap - promised)):
            yield hour
        hour, promised = hour + HOUR, 0


def _count(cur: Cursor, counted: Sequence[tuple[str, datetime, int, int]]) -> None:
    sums: dict[tuple[str, datetime], list[int]] = defaultdict(lambda: [0, 0])
    for domain, hour, sent, promised in counted:
        sums[domain, hour][0] += sent
        sums[domain, hour][1] += promised
    rows = sorted(sums.items())
    cur.execute(
        COUNT,
        {
            "domains": [domain for (domain, _), _ in rows],
            "hours": [hour for (_, hour), _ in rows],
            "sent": [sent for _, (sent, _) in rows],
            "promised": [promised for _, (_, promised) in rows],
        },
    )
