"""What a rep does best next for a person, and why: points that add up to the score, at most 100.

    30  a journey suggests the visit
    25  she read in the portal; half of it for each 30 days since
    20  she clicked in an e-mail; half of it for each 30 days since
    15  times her affinity (see `recommend`) to the best content that she has not read
    10  a follow-up is due: in full from 60 days after the last visit, in part from 30 days on

Every reason names the channel that it is built on. What is built on portal or e-mail is told only to a rep who may
see it, in the grade that the person granted, and is not part of the score otherwise. A step that a rep put off or
dismissed is left out (see `replies`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import read as content
from einklang.facts.content import topics
from einklang.facts.content.read import Version
from einklang.loop.decide import evidence, phrases, replies, suggestions, why_not
from einklang.loop.decide.evidence import Evidence
from einklang.loop.decide.replies import Reply
from einklang.loop.decide.suggestions import Open
from einklang.loop.decide.why_not import WhyNot
from einklang.loop.gate import judge
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions.types import Entry

JOURNEY, READING, CLICK, UNREAD, FOLLOW_UP = 30, 25, 20, 15, 10
HALF_LIFE = timedelta(days=30)
TARGET_DAYS, EARLIEST_DAYS = 60, 30
CHANNEL_OF = {"content": "portal", "email": "email"}  # by the first part of a kind


@dataclass(frozen=True, slots=True)
class Reason:
    """`channel` is what the reason is built on."""

    text: Words
    points: int
    channel: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    title: Words
    reasons: tuple[Reason, ...]
    suggestion: UUID | None = None
    content: tuple[str, ...] = ()
    accepted: bool = False

    @property
    def key(self) -> str:
        """By which `replies` know the step."""
        return str(self.suggestion) if self.suggestion else replies.VISIT

    @property
    def score(self) -> int:
        return sum(reason.points for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class NextBest:
    """Best first; what the gate would not let pass stands in `why_nots`."""

    steps: tuple[Step, ...]
    why_nots: tuple[WhyNot, ...]


def for_person(
    cur: Cursor, rep: UUID, persons: Sequence[UUID], now: datetime, *, grades: Mapping[UUID, str | None]
) -> dict[UUID, NextBest]:
    """`grades` say what each person lets the rep see: topic, title, or None."""
    known = evidence.load(cur, persons, [person for person in persons if grades.get(person)], now)
    answers = replies.latest(cur, persons)
    refused = why_not.load(cur, rep, persons, now)
    proposed = {
        person: [each for each in found if grades.get(person) or channel_of(each) == "visit"]
        for person, found in suggestions.open_for(cur, persons).items()
    }
    unshowable = _unshowable(cur, rep, proposed, now)
    return {
        person: _next_best(
            _answered(
                steps(known[person], proposed.get(person, []), unshowable, grades.get(person), now),
                answers.get(person, {}),
                known[person].news,
                now,
            ),
            refused[person],
            [unshowable[each.suggestion.id] for each in proposed.get(person, []) if each.suggestion.id in unshowable],
        )
        for person in persons
    }


def _next_best(found: Sequence[Step], refused: Sequence[WhyNot], unshowable: Sequence[WhyNot]) -> NextBest:
    may_visit = all(each.act != "visit" for each in refused)
    return NextBest(tuple(found) if may_visit else (), (*refused, *unshowable))


def _answered(found: Sequence[Step], answers: Mapping[str, Reply], news: datetime | None, now: datetime) -> list[Step]:
    standing = []
    for step in found:
        reply = answers.get(step.key)
        if reply is None or not reply.hides(now, news):
            standing.append(replace(step, accepted=reply is not None and reply.answer == "accepted"))
    return standing


def _unshowable(cur: Cursor, rep: UUID, proposed: Mapping[UUID, Sequence[Open]], now: datetime) -> dict[UUID, WhyNot]:
    """Suggestions whose content the person may not be shown: no step about a prescription medicine without audience."""
    offers = [each for found in proposed.values() for each in found]
    live = content.live(cur, {slug for each in offers for slug in each.suggestion.content_slugs}, now)
    asked = [(each, live[slug]) for each in offers for slug in each.suggestion.content_slugs if slug in live]
    verdicts = judge.ask_only(cur, [_shown(each.suggestion.person, version, rep, now) for each, version in asked])
    return {
        each.suggestion.id: why_not.of(verdict, "show", each.suggestion.title)
        for (each, _), verdict in zip(asked, verdicts, strict=True)
        if not verdict.yes
    }


def _shown(person: UUID, version: Version, rep: UUID, now: datetime) -> Question:
    purpose = "promotional" if version.promotional else "medical"
    return Question("show", Recipient("person", person), "visit", purpose, rep, "sales", version.id, at=now)


def channel_of(offer: Open) -> str:
    """A suggestion is built on what its journey began with."""
    return CHANNEL_OF.get(offer.trigger.partition(".")[0], "visit")


# Pure: evidence in, steps with points out


def steps(
    known: Evidence, offers: Sequence[Open], unshowable: Mapping[UUID, object], grade: str | None, now: datetime
) -> list[Step]:
    """One for each suggestion; without any, a visit that stands on its reasons alone."""
    reasons = [each for each in _reasons(known, grade, now) if each.points > 0]
    found = [
        Step("visit", own.title, (_offered(each), *reasons), own.id, own.content_slugs)
        for each in offers
        if (own := each.suggestion).id not in unshowable
    ]
    if found or not reasons:
        return sorted(found, key=lambda step: -step.score)
    return [Step("visit", _title(known), tuple(reasons))]


def _reasons(known: Evidence, grade: str | None, now: datetime) -> list[Reason]:
    found = [_follow_up(known.visited, now)]
    if known.unread and known.unread.affinity:
        found.insert(0, _unread(known, grade))
    if known.clicked:
        found.insert(0, _clicked(known.clicked.properties, known.clicked.occurred_at, grade, now))
    if known.read:
        found.insert(0, _read(known.read, _topic(known), grade, now))
    return found


def _offered(offer: Open) -> Reason:
    de, en = "Die Journey {title} schlägt diesen Besuch vor.", "The journey {title} suggests this visit."
    title = Words(phrases.quoted(offer.journey.de).de, phrases.quoted(offer.journey.en).en)
    return Reason(phrases.sentence(de, en, title=title), JOURNEY, channel_of(offer), offer.suggestion.created_at)


def _read(entry: Entry, topic: Words | None, grade: str | None, now: datetime) -> Reason:
    title, at = entry.properties.get("title"), entry.occurred_at
    if grade == "title" and isinstance(title, str) and title:
        words = ("Las am {day} {title}.", "Read {title} on {day}.")
        text = phrases.sentence(*words, day=phrases.day(at), title=phrases.quoted(title))
    elif topic:
        words = ("Las im {month} zum Thema {topic}.", "Read about {topic} in {month}.")
        text = phrases.sentence(*words, month=phrases.month(at), topic=topic)
    else:
        text = phrases.sentence("Las im {month} im Portal.", "Read in the portal in {month}.", month=phrases.month(at))
    return Reason(text, _faded(READING, at, now), "portal", at)


def _clicked(properties: Mapping[str, object], at: datetime, grade: str | None, now: datetime) -> Reason:
    link = properties.get("link")
    if grade == "title" and isinstance(link, str) and link:
        words = ("Folgte am {day} in einer E-Mail dem Link {link}.", "Followed the link {link} in an e-mail on {day}.")
        text = phrases.sentence(*words, day=phrases.day(at), link=phrases.quoted(link))
    else:
        words = ("Folgte im {month} einem Link in einer E-Mail.", "Followed a link in an e-mail in {month}.")
        text = phrases.sentence(*words, month=phrases.month(at))
    return Reason(text, _faded(CLICK, at, now), "email", at)


def _unread(known: Evidence, grade: str | None) -> Reason:
    pick = known.unread
    if pick is None:
        raise ValueError("there is nothing unread")
    topic = topics.name(known.about, pick.topic)
    if grade == "title":
        words = ("Noch nicht gelesen: {title}, zum Thema {topic}.", "Not read yet: {title}, about {topic}.")
        title = Words(phrases.quoted(pick.version.title("de")).de, phrases.quoted(pick.version.title("en")).en)
        text = phrases.sentence(*words, title=title, topic=topic)
    else:
        words = ("Zum Thema {topic} gibt es noch Ungelesenes.", "There is more to read about {topic}.")
        text = phrases.sentence(*words, topic=topic)
    return Reason(text, round(UNREAD * pick.affinity), "portal", None)


def _follow_up(visited: datetime | None, now: datetime) -> Reason:
    if visited is None:
        return Reason(Words("Noch kein Besuch.", "No visit yet."), FOLLOW_UP, "visit", None)
    days = max(0, (now - visited).days)
    due = min(1.0, days / TARGET_DAYS) if days >= EARLIEST_DAYS else 0.0
    text = Words(
        f"{days} Tage seit dem letzten Besuch. Ziel: {TARGET_DAYS}.",
        f"{days} days since the last visit. Target: {TARGET_DAYS}.",
    )
    return Reason(text, round(FOLLOW_UP * due), "visit", visited)


def _title(known: Evidence) -> Words:
    """Only what the rep may see is in the evidence."""
    if topic := _topic(known):
        return phrases.sentence("Das Thema {topic} im Besuch aufgreifen.", "Take up {topic} in a visit.", topic=topic)
    return Words("Einen Besuch vereinbaren.", "Arrange a visit.")


def _topic(known: Evidence) -> Words | None:
    """What was read last was about it."""
    slugs = known.read.properties.get("topics") if known.read else None
    return topics.name(known.about, str(slugs[0])) if isinstance(slugs, list) and slugs else None


def _faded(points: int, at: datetime, now: datetime) -> int:
    return int(points * 0.5 ** (max(timedelta(), now - at) / HALF_LIFE) + 0.5)
