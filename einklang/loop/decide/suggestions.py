"""What journeys propose to the rep. A suggestion stands in the log too, so that the desk learns of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import orjson

from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.loop.interactions import log, make
from einklang.loop.interactions.types import Interaction

INSERT = """
INSERT INTO decide_suggestion (id, person_id, enrolment_id, version, step, kind, title_de, title_en, products,
                               content_slugs, state, created_at)
SELECT id, person, enrolment, version, step, kind, title_de, title_en, products, content_slugs, 'open', created_at
FROM json_to_recordset(%s::json) AS t (id uuid, person uuid, enrolment uuid, version uuid, step text, kind text,
    title_de text, title_en text, products text[], content_slugs text[], created_at timestamptz)
"""
OPEN = """
SELECT v.document, s.id, s.person_id, s.enrolment_id, s.version, s.step, s.kind, s.title_de, s.title_en, s.products,
       s.content_slugs, s.created_at
FROM decide_suggestion s JOIN decide_version v ON v.id = s.version JOIN decide_journey j ON j.id = v.journey_id
WHERE s.state = 'open' AND j.state <> 'paused' AND s.person_id = ANY(%s) ORDER BY s.created_at DESC, s.id
"""
CLOSE = """
UPDATE decide_suggestion AS s SET state = 'done', closed_at = visit.at
FROM unnest(%s::uuid[], %s::timestamptz[]) AS visit (person, at)
WHERE s.person_id = visit.person AND s.state = 'open' AND s.created_at <= visit.at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    id: UUID
    person: UUID
    enrolment: UUID
    version: UUID
    step: str
    kind: str
    title_de: str
    title_en: str
    products: tuple[str, ...]
    content_slugs: tuple[str, ...]
    created_at: datetime

    @property
    def title(self) -> Words:
        return Words(self.title_de, self.title_en)


@dataclass(frozen=True, slots=True)
class Open:
    """A suggestion that stands, with the journey that made it and the kind of interaction that this one began with."""

    suggestion: Suggestion
    journey: Words
    trigger: str


NAMES = tuple(field.name for field in fields(Suggestion))


def make_all(cur: Cursor, suggestions: Sequence[Suggestion]) -> None:
    if not suggestions:
        return
    cur.execute(INSERT, (orjson.dumps(suggestions).decode(),))
    log.record(cur, [_interaction(each) for each in suggestions])


def open_for(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, list[Open]]:
    """Newest first; not those of a paused journey."""
    found: dict[UUID, list[Open]] = {}
    for document, *start, products, slugs, created_at in cur.execute(OPEN, (list(persons),)).fetchall():
        row = dict(zip(NAMES, (*start, tuple(products), tuple(slugs), created_at), strict=True))
        title, trigger = document["title"], document["trigger"]["kind"]
        found.setdefault(row["person"], []).append(Open(Suggestion(**row), Words(**title), trigger))
    return found


def close(cur: Cursor, visits: Mapping[UUID, datetime]) -> None:
    """A held visit does what was suggested until then."""
    if visits:
        cur.execute(CLOSE, (list(visits), list(visits.values())))


def _interaction(each: Suggestion) -> Interaction:
    """Its channel is not `visit`, or it would count as one in the person's profile."""
    return make.interaction(
        "suggestion.made",
        now=each.created_at,
        source="decide",
        source_id=str(each.id),
        person=each.person,
        journey=each.version,
        channel="system",
        properties={"suggestion": str(each.id), "kind": each.kind, "title": each.title_de},
    )
