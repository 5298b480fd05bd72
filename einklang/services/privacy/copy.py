"""The copy of Art. 15 and 20 GDPR: all that is kept of a person with purpose, source, recipients and time limit, what
the rep sees of her, who looked, and how decisions are made. One document, from which JSON and paper are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from einklang.core import company, erasure
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import read as people
from einklang.facts.people import territory
from einklang.facts.people.read import UserCard
from einklang.loop.decide import insight, told
from einklang.loop.decide.insight import Insight
from einklang.services.privacy import classes
from einklang.services.privacy.classes import RecordClass

SCHEMA = "export.schema.json"
LINES = 1000
LOGIC = (
    Words(
        "Interessen: Jeder gelesene Inhalt zählt für seine Themen; das Gewicht nimmt mit der Zeit ab. Ohne die "
        "Einwilligung „Lesen im Portal festhalten“ wird nichts gezählt.",
        "Interests: each content that you read counts for its topics; the weight fades with time. Without the consent "
        "to record reading nothing is counted.",
    ),
    Words(
        "Auswahl und nächster Schritt: Inhalte werden nach Thema, Neuheit und Gelesenem geordnet; die Gründe stehen "
        "unter jedem Vorschlag. Sie ändern Reihenfolge und Zeitpunkt, sonst nichts.",
        "Selection and next step: content is ranked by topic, novelty and what you have read; the reasons stand under "
        "each suggestion. They change order and time, nothing else.",
    ),
    Words(
        "Urteile: Ob wir schreiben, zeigen oder abgeben dürfen, entscheiden feste Regeln des Rechts und der Firma. "
        "Jede Antwort nennt ihre Regel und was aus einem Nein ein Ja macht. Eine Entscheidung mit rechtlicher Wirkung "
        "im Sinne von Art. 22 DSGVO trifft keine Maschine.",
        "Verdicts: whether we may write, show or hand over is decided by fixed rules of law and company. Each answer "
        "names its rule and what turns a no into a yes. No machine takes a decision with legal effect in the sense of "
        "Art. 22 GDPR.",
    ),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A class with what is kept of it; `records` are plain JSON values."""

    record_class: RecordClass
    records: Any

    @property
    def count(self) -> int:
        return _count(self.records)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one rep would see today, in the words of the desk."""

    rep: UserCard
    insight: Insight
    interests: Sequence[told.Interest]
    lines: Sequence[told.Line]


def kept(cur: Cursor, person: UUID) -> list[Kept]:
    """In the order of the list; what comes to be by an erasure only is left out."""
    found: dict[str, Any] = {}
    for room in erasure.rooms():
        found |= room.export(cur, person)
    plain = orjson.loads(orjson.dumps(found, default=str, option=orjson.OPT_NON_STR_KEYS))
    shown = [each for each in classes.every().values() if not each.hidden and not each.after_erasure]
    return [Kept(each, plain.get(each.name, [])) for each in shown]


def seen_by_reps(cur: Cursor, person: UUID, now: datetime, limit: int = LINES) -> list[Seen]:
    """The very text that the desk shows. Nobody looks, so nothing is stored."""
    reps = people.users(cur, territory.reps(cur, [person], now).get(person, []))
    return [_seen(cur, rep, person, now, limit) for rep in sorted(reps.values(), key=lambda each: each.name)]


def document(cur: Cursor, person: UUID, now: datetime, locale: str) -> dict[str, Any]:
    """As `export.schema.json` describes it. Other persons and what they reported are no part of it (Art. 15 (4))."""
    firm = company.current()
    return {
        "schema": SCHEMA,
        "person": str(person),
        "made_at": now.isoformat(),
        "language": locale,
        "controller": {
            "name": firm.name,
            "address": list(firm.address),
            "data_protection_officer": firm.privacy_contact,
        },
        "classes": [_class(each, locale) for each in kept(cur, person)],
        "seen_by_reps": [_rep(each, locale) for each in seen_by_reps(cur, person, now)],
        "logic": [each.in_(locale) for each in LOGIC],
    }


def _seen(cur: Cursor, rep: UserCard, person: UUID, now: datetime, limit: int) -> Seen:
    shown = insight.preview(cur, rep.id, person, now, limit)
    return Seen(rep, shown, told.interests(shown), told.lines(shown))


def _class(each: Kept, locale: str) -> dict[str, Any]:
    known = each.record_class
    return {
        "name": known.name,
        "title": known.title.in_(locale),
        "content": known.what.in_(locale),
        "purpose": known.purpose.in_(locale),
        "legal_basis": known.basis.in_(locale),
        "source": known.source.in_(locale),
        "recipients": known.recipients.in_(locale),
        "retention": {"text": known.kept.in_(locale), "rule": known.rule},
        "number": each.count,
        "records": each.records,
    }


def _rep(each: Seen, locale: str) -> dict[str, Any]:
    return {
        "rep": each.rep.name,
        "grade": each.insight.grade,
        "interests": [
            {"topic": one.topic.in_(locale), "month": f"{one.month:%Y-%m}", "strength": one.strength.in_(locale)}
            for one in each.interests
        ],
        "history": [_line(one, locale) for one in each.lines],
    }


def _line(line: told.Line, locale: str) -> dict[str, Any]:
    return {
        "at": f"{line.at:%Y-%m}" if line.monthly else line.at.isoformat(),
        "channel": line.channel,
        "title": line.title.in_(locale),
        "detail": line.detail.in_(locale),
    }


def _count(records: Any) -> int:
    if isinstance(records, Mapping):
        return sum(_count(each) if isinstance(each, list) else 1 for each in records.values())
    return len(records)
