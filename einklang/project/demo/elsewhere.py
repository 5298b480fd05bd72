"""What the portal of a congress tells under names of its own: one has a meaning here, the others wait for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions import keys, log, make, mapping
from einklang.loop.interactions.types import Interaction

SENDER = "Kongressportal"
SEED = 47
PEOPLE = 24


class Told(NamedTuple):
    name: str
    number: int
    days: tuple[int, int]  # ago
    properties: dict[str, Any]
    lacking: str = ""  # what every fifth event does not say


MAPPED = Told(
    "custom.abstract-read", 18, (45, 80),
    {"abstract": "eisenmangel-im-alltag", "subjects": ["herzinsuffizienz"], "headline": "Eisenmangel im Alltag"},
)  # fmt: skip
OPEN = (
    Told(
        "custom.session-watched", 46, (3, 40),
        {"session": "p12-lipide-neu-gedacht", "subjects": ["lipide"], "minutes": 18, "event": "Session Watched"},
        lacking="subjects",
    ),
    Told("custom.poster-downloaded", 21, (5, 60), {"poster": "P-104", "event": "Poster Downloaded"}),
    Told("custom.page", 130, (1, 85), {"name": "Programm", "path": "/programm", "title": "Programm"}),
)  # fmt: skip


def write(cur: Cursor, persons: Sequence[UUID], steward: UUID, now: datetime) -> None:
    random = Random(SEED)
    known = keys.lookup(cur, keys.create(cur, SENDER, server=True, now=now - timedelta(days=90)))
    assert known is not None
    readers = list(persons)[:PEOPLE]
    if not readers:
        return
    for told in (MAPPED, *OPEN):
        log.record(cur, [_event(random, told, place, readers, known.source) for place in _places(random, told, now)])
    name = mapping.name(cur, known.source, MAPPED.name, now)
    renames = {"abstract": "content_slug", "subjects": "topics", "headline": "title"}
    mapping.create(cur, name, "content.viewed", renames, by=steward, now=now - timedelta(days=20))


def _places(random: Random, told: Told, now: datetime) -> list[tuple[int, datetime]]:
    return [
        (number, now - timedelta(days=random.randint(*told.days), minutes=random.randint(0, 700)))
        for number in range(told.number)
    ]


def _event(
    random: Random, told: Told, place: tuple[int, datetime], readers: Sequence[UUID], source: str
) -> Interaction:
    number, at = place
    properties = {key: value for key, value in told.properties.items() if number % 5 or key != told.lacking}
    return make.interaction(
        told.name,
        now=at,
        source=source,
        source_id=f"{told.name}:{number}",
        purpose="service",
        person=random.choice(readers),
        properties=properties,
    )
