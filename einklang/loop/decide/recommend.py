"""Which approved content fits a person; portal and tablet ask here and get the same order.

    score = 60 · affinity + 25 · specialty + 15 · newness

affinity: the part of the person's interest (weights of topics, decayed to now) that falls on this content's topics,
0 to 1. specialty: 1 where a topic concerns her specialty. newness: 1 on the day of approval, half after 30 days.
What she has seen is left out, and so is what she hid; where she asked for less of a topic, the score of its content
counts a quarter. The shares of the reasons are the terms of this sum in percent. Without `personal`
no data of the person is read: the newest comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import read as content
from einklang.facts.content import topics
from einklang.facts.content.read import Version
from einklang.facts.content.topics import Topics
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.loop.decide import phrases, tastes
from einklang.loop.decide.tastes import NO_TASTE, Taste
from einklang.loop.gate import judge
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.profiles import read as profiles
from einklang.loop.profiles.read import Profile

KINDS = ("article", "study", "video")
AFFINITY, SPECIALTY, NEWNESS = 60.0, 25.0, 15.0
LESS = 0.25
HALF_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Factor:
    """`share` in percent. `topic` and `title` say the same to a rep at that grade."""

    name: Words
    share: int
    text: Words
    topic: Words
    title: Words


@dataclass(frozen=True)
class Pick:
    """`terms` are what affinity, specialty and newness add to the score. Reasons are put into words when asked for."""

    version: Version
    score: float
    terms: tuple[float, float, float]
    specialty: str = ""
    topic: str = ""  # of the content, that the person cares for most
    affinity: float = 0.0
    read: tuple[Words, datetime] | None = None  # that topic's name, and when she last read of it

    @cached_property
    def reasons(self) -> tuple[Factor, ...]:
        affinity, specialty, newness = shares(self.terms)
        factors = [
            _reading(*self.read, affinity) if self.read and affinity else None,
            _specialty(self.specialty, specialty) if specialty else None,
            _new(self.version, newness) if newness else None,
        ]
        return tuple(filter(None, factors))

    def told(self, grade: str | None) -> tuple[tuple[Factor, Words], ...]:
        """The reasons as a rep may read them; without a grade there are none."""
        if grade is None:
            return ()
        return tuple((each, each.title if grade == "title" else each.topic) for each in self.reasons)


def for_person(
    cur: Cursor, persons: Sequence[UUID], now: datetime, *, personal: bool, limit: int = 6
) -> dict[UUID, list[Pick]]:
    """What the gate allows to show each of them in the portal, best first."""
    cards, about = people.cards(cur, persons), topics.load(cur)
    known = profiles.profiles(cur, persons) if personal else {}
    told = tastes.of(cur, persons) if personal else {}
    candidates = {
        market: content.listing(cur, now=now, kinds=KINDS, market=market)
        for market in {card.market for card in cards.values()}
    }
    ranked = {
        person: rank(
            candidates[card.market], card, known.get(person), now, taste=told.get(person, NO_TASTE), about=about
        )
        for person, card in cards.items()
    }
    return _allowed(cur, ranked, now, limit)


def rank(
    versions: Iterable[Version],
    card: PersonCard,
    profile: Profile | None,
    now: datetime,
    *,
    taste: Taste = NO_TASTE,
    about: Topics,
) -> list[Pick]:
    """Pure. Equal scores stand by date and slug, so that every face shows one order."""
    gone = taste.hidden | (profile.seen.keys() if profile else frozenset())
    weights = {each.topic: each.weight for each in profiles.topics(profile, now)} if profile else {}
    picks = [
        _weighed(_pick(each, card, profile, now, weights=weights, about=about), taste)
        for each in versions
        if each.slug not in gone
    ]
    return sorted(picks, key=lambda pick: (-pick.score, -pick.version.valid_from.timestamp(), pick.version.slug))


def shares(terms: Sequence[float]) -> list[int]:
    """Percentages that add up to 100: what is left after rounding down goes to the largest remainders."""
    total = sum(terms)
    if not total:
        return [0] * len(terms)
    exact = [100 * term / total for term in terms]
    whole = [int(each) for each in exact]
    by_remainder = sorted(range(len(terms)), key=lambda place: whole[place] - exact[place])
    for place in by_remainder[: 100 - sum(whole)]:
        whole[place] += 1
    return whole


def _allowed(cur: Cursor, ranked: Mapping[UUID, list[Pick]], now: datetime, limit: int) -> dict[UUID, list[Pick]]:
    asked = [(person, pick) for person, picks in ranked.items() for pick in picks]
    verdicts = judge.ask_only(cur, [_may_be_shown(person, pick.version, now) for person, pick in asked])
    allowed: dict[UUID, list[Pick]] = {person: [] for person in ranked}
    for (person, pick), verdict in zip(asked, verdicts, strict=True):
        if verdict.yes and len(allowed[person]) < limit:
            allowed[person].append(pick)
    return allowed


def _may_be_shown(person: UUID, version: Version, now: datetime) -> Question:
    return Question(
        act="show",
        recipient=Recipient("person", person),
        channel="portal",
        purpose="promotional" if version.promotional else "medical",
        unit="marketing" if version.promotional else "medical",
        content=version.id,
        at=now,
    )


def _pick(
    version: Version,
    card: PersonCard,
    profile: Profile | None,
    now: datetime,
    *,
    weights: Mapping[str, float],
    about: Topics,
) -> Pick:
    newness = NEWNESS * newness_of(version, now)
    if profile is None:
        return Pick(version, newness, (0.0, 0.0, newness))
    strongest, affinity = _affinity(version, weights)
    fits = topics.concern(about, version.topics, card.specialty)
    terms = (AFFINITY * affinity, SPECIALTY * fits, newness)
    read = (topics.name(about, strongest), profile.topics[strongest].at) if strongest else None
    return Pick(version, sum(terms), terms, card.specialty, strongest, affinity, read)


def _weighed(pick: Pick, taste: Taste) -> Pick:
    return pick if taste.less.isdisjoint(pick.version.topics) else replace(pick, score=pick.score * LESS)


def newness_of(version: Version, now: datetime) -> float:
    return float(0.5 ** (max(timedelta(), now - version.valid_from) / HALF_LIFE))


def _affinity(version: Version, weights: Mapping[str, float]) -> tuple[str, float]:
    """The content's topic that she cares for most, and the part of her interest that its topics have."""
    shared = {topic: weights[topic] for topic in version.topics if topic in weights}
    total = sum(weights.values())
    if not shared or not total:
        return "", 0.0
    return max(shared, key=lambda topic: (shared[topic], topic)), sum(shared.values()) / total


def _reading(name: Words, at: datetime, share: int) -> Factor:
    day, month = phrases.day(at), phrases.month(at)
    de, en = (
        "Weil Sie sich am {day} mit dem Thema {name} beschäftigt haben.",
        "Because you looked into {name} on {day}.",
    )
    topic_de, topic_en = "Beschäftigte sich im {month} mit dem Thema {name}.", "Looked into {name} in {month}."
    title_de, title_en = "Beschäftigte sich am {day} mit dem Thema {name}.", "Looked into {name} on {day}."
    return Factor(
        name=Words("Ihr Leseverhalten", "What you read"),
        share=share,
        text=phrases.sentence(de, en, day=day, name=name),
        topic=phrases.sentence(topic_de, topic_en, month=month, name=name),
        title=phrases.sentence(title_de, title_en, day=day, name=name),
    )


def _specialty(specialty: str, share: int) -> Factor:
    told = Words(f"Passt zum Fachgebiet {specialty}.", f"Fits the specialty {specialty}.")
    text = Words(f"Weil Sie im Fachgebiet {specialty} arbeiten.", f"Because your specialty is {specialty}.")
    return Factor(Words("Ihr Fachgebiet", "Your specialty"), share, text, told, told)


def _new(version: Version, share: int) -> Factor:
    de, en = "Seit dem {day} im Portal, freigegeben.", "On the portal since {day}, approved."
    told = phrases.sentence(de, en, day=phrases.day(version.valid_from))
    return Factor(Words("Neu im Portal", "New on the portal"), share, told, told, told)
