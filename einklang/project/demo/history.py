"""A year that has gone by: what people allowed, what they read, which mails and visits they had. All simulated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.consent import ledger, wordings
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.facts.people.models import Person
from einklang.loop.interactions import log, make
from einklang.loop.interactions.types import Interaction

SHARES = {"email": 0.6, "tracking": 0.55, "mail_tracking": 0.4, "rep_visibility": 0.45}
STORY_PERMISSIONS = ("email", "mail_tracking", "rep_visibility")
NEVER = {"tracking": {"mail_tracking"}}
LAST_VISIT = timedelta(days=62)  # to the story's doctor
CHUNK = 5_000


Allowed = dict[UUID, set[str]]


def consents(cur: Cursor, random: Random, persons: list[Person], without: str | None, now: datetime) -> Allowed:
    """Appended oldest first: the ledger knows no going back. Returns who allowed what."""
    allowed: Allowed = defaultdict(set)
    texts = wordings.current_all(cur, list(SHARES), "de", now)
    by_moment: dict[datetime, list[ledger.Entry]] = defaultdict(list)
    for person in persons[1:]:
        moment = now - timedelta(days=30 * random.randint(2, 12))
        for permission, share in SHARES.items():
            if random.random() < share:
                allowed[person.id].add(permission)
                by_moment[moment].append(
                    _entry(person.id, permission, random.choice(("topic", "topic", "title")), texts)
                )
    taken = {without or ""} | NEVER.get(without or "", set())
    story = persons[0].id
    given = now - timedelta(days=199)
    by_moment[given] += [_entry(story, name, "topic", texts) for name in STORY_PERMISSIONS if name not in taken]
    if without == "visit":
        by_moment[now - timedelta(days=9)].append(_objection(story))
    for moment in sorted(by_moment):
        ledger.append(cur, by_moment[moment], moment)
    return allowed


def _entry(person: UUID, permission: str, grade: str, texts: dict[str, wordings.Wording]) -> ledger.Entry:
    rule = PERMISSIONS[permission]
    return ledger.Entry(
        subject=person,
        permission=permission,
        channel=rule.channel,
        purpose=rule.purpose,
        state="granted",
        grade=grade if rule.grades else None,
        wording=texts[permission].id,
        evidence={"form": "Einwilligung beim Besuch, bestätigt per E-Mail", "demo": True},
        source="opt_in",
    )


def _objection(person: UUID) -> ledger.Entry:
    return ledger.Entry(
        subject=person,
        permission="visit",
        channel="visit",
        purpose="promotional",
        state="objected",
        evidence={"form": "Anruf bei der Servicestelle", "demo": True},
        source="service",
    )


def year(cur: Cursor, random: Random, persons: list[Person], allowed: Allowed, now: datetime) -> None:
    """No portal reading and no mail of the story's doctor: those the story brings."""
    reads = [each for each in content.listing(cur, now=now) if each.kind in ("article", "video", "study")]
    told: list[Interaction] = []
    for person in persons[1:]:
        told += _of(random, person, allowed[person.id], reads, now)
    told.append(_visit(persons[0], now - LAST_VISIT))
    told.sort(key=lambda each: each.received_at)
    for start in range(0, len(told), CHUNK):
        log.record(cur, told[start : start + CHUNK])


def _of(
    random: Random, person: Person, allowed: set[str], reads: list[Version], now: datetime
) -> Iterator[Interaction]:
    for days in _days(random, mean=3):
        yield _visit(person, _by_day(now, days, random.randint(0, 500)))
    for days in _days(random, mean=5) if "email" in allowed else ():
        yield _mail(person, _by_day(now, days, random.randint(0, 500)))
    fit = [each for each in reads if not each.rx or person.profession in ("physician", "pharmacist")]
    for days in _days(random, mean=6) if "tracking" in allowed else ():
        yield _read(person, random.choice(fit), now - timedelta(days=days, minutes=random.randint(0, 900)))


def _by_day(now: datetime, days: int, minutes: int) -> datetime:
    """On a working day, not before half past nine: the demo begins early in the morning."""
    then = now - timedelta(days=days)
    weekend = max(then.weekday() - 4, 0)
    return then - timedelta(days=weekend) + timedelta(minutes=108 + minutes * 0.8)


def _days(random: Random, *, mean: int) -> list[int]:
    return [random.randint(1, 360) for _ in range(random.randint(0, 2 * mean))]


def _visit(person: Person, at: datetime) -> Interaction:
    return make.interaction(
        "visit.held",
        now=at,
        person=person.id,
        source="demo",
        source_id=f"visit:{person.id}:{at.timestamp():.0f}",
        properties={"products": ["velunor-10"], "minutes": 12},
    )


def _mail(person: Person, at: datetime) -> Interaction:
    return make.interaction(
        "email.sent",
        now=at,
        person=person.id,
        source="demo",
        source_id=f"mail:{person.id}:{at.timestamp():.0f}",
        properties={"subject": "Neues aus dem Fachportal", "content_slug": "newsletter", "topics": []},
    )


def _read(person: Person, version: Version, at: datetime) -> Interaction:
    return make.interaction(
        "content.viewed",
        now=at,
        person=person.id,
        content=version.id,
        source="demo",
        source_id=f"read:{person.id}:{version.slug}:{at.timestamp():.0f}",
        properties={"content_slug": version.slug, "topics": list(version.topics), "title": version.title("de")},
    )
