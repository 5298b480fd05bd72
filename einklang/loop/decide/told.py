"""An insight in words. One text for two readers: the rep at the desk, and the person who asks what the rep sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from einklang.core.words import Words
from einklang.facts.content import topics
from einklang.facts.content.topics import Topics
from einklang.loop.decide import disclosure, phrases
from einklang.loop.decide.insight import Insight
from einklang.loop.interactions.types import Entry

STRONG, MEDIUM = 2.0, 0.8
NOTHING = Words("", "")
UNMEASURED = Words("ob sie geöffnet wurde, messen wir nur mit Einwilligung", "we measure opening only with consent")
CONTACT = Words("Kontakt", "Contact")
KINDS = {
    "visit.held": Words("Besuch", "Visit"),
    "call.held": Words("Telefongespräch", "Phone call"),
    "email.opened": Words("Öffnete eine E\u2011Mail", "Opened an e\u2011mail"),
    "email.clicked": Words("Klickte in einer E\u2011Mail", "Clicked in an e\u2011mail"),
    "email.bounced": Words("Eine E\u2011Mail kam nicht an", "An e\u2011mail did not arrive"),
    "sample.requested": Words("Forderte ein Muster an", "Requested a sample"),
    "sample.dispatched": Words("Muster versandt", "Sample dispatched"),
    "consent.changed": Words("Änderte eine Einwilligung", "Changed a consent"),
    "recommendation.shown": Words("Empfehlungen auf dem Tablet gezeigt", "Recommendations shown on the tablet"),
    "suggestion.made": Words("Die Journey schlägt einen Besuch vor", "The journey suggests a visit"),
}


@dataclass(frozen=True, slots=True)
class Interest:
    """`share` is its part of the strongest, in percent."""

    topic: Words
    month: date
    strength: Words
    share: float


@dataclass(frozen=True, slots=True)
class Line:
    """`monthly`: of the time no more than the month is told."""

    at: datetime
    channel: str
    kind: str
    title: Words
    detail: Words = NOTHING
    note: Words = NOTHING
    monthly: bool = False


def interests(seen: Insight) -> list[Interest]:
    top = max((each.weight for each in seen.topics), default=1.0)
    return [
        Interest(topics.name(seen.about, each.topic), each.month, _strength(each.weight), 100 * each.weight / top)
        for each in seen.topics
    ]


def lines(seen: Insight) -> list[Line]:
    return [_line(each, seen.grade, seen.about) for each in seen.history]


def _line(entry: Entry, grade: str | None, about: Topics) -> Line:
    title, detail = _words(entry, grade, about)
    return Line(
        at=entry.occurred_at,
        channel=entry.channel,
        kind=entry.kind,
        title=title,
        detail=detail,
        note=UNMEASURED if entry.kind == "email.sent" else NOTHING,
        monthly=grade == "topic" and disclosure.traces(entry.kind),
    )


def _words(entry: Entry, grade: str | None, about: Topics) -> tuple[Words, Words]:
    told = entry.properties
    if entry.kind == "content.viewed":
        return _reading(entry, grade, about), NOTHING
    if entry.kind == "email.sent":
        title = phrases.quoted(str(told["subject"]))
        mail = phrases.sentence("E\u2011Mail {title}", "E\u2011mail {title}", title=title)
        return mail, Words("ging hinaus", "went out")
    if entry.kind == "email.clicked" and grade == "title":
        link = phrases.quoted(str(told["link"]))
        return phrases.sentence("Klickte auf {link}", "Clicked {link}", link=link), NOTHING
    if entry.kind in ("visit.held", "call.held") and (minutes := told.get("minutes")):
        return KINDS[entry.kind], Words(f"{minutes} Minuten", f"{minutes} minutes")
    return KINDS.get(entry.kind, CONTACT), NOTHING


def _reading(entry: Entry, grade: str | None, about: Topics) -> Words:
    if grade == "title":
        title = phrases.quoted(str(entry.properties.get("title", entry.properties["content_slug"])))
        return phrases.sentence("Las {title}", "Read {title}", title=title)
    names = [topics.name(about, str(each)) for each in _texts(entry.properties["topics"])]
    joined = Words(", ".join(each.de for each in names), ", ".join(each.en for each in names))
    return phrases.sentence("Las zum Thema {topics}", "Read on {topics}", topics=joined)


def _texts(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _strength(weight: float) -> Words:
    if weight >= STRONG:
        return Words("stark", "strong")
    return Words("mittel", "medium") if weight >= MEDIUM else Words("schwach", "weak")
