"""A published journey as typed steps. `parse` refuses what `check` complains about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from einklang.core.errors import InputError
from einklang.loop.decide.journeys.order import copies, expanded
from einklang.loop.decide.journeys.problems import DEFAULT_ZONE, END, PRIMARY, Document, Problem, check

__all__ = ["END", "PRIMARY", "Document", "Journey", "Problem", "WrongDocument", "check", "duration", "parse"]

DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


class WrongDocument(InputError):
    """The first problem is the sentence, all stand in `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].place or "document", problems[0].text)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Where:
    """Everything named must hold; of a list, one entry is enough."""

    topics: frozenset[str]
    content_slugs: frozenset[str]
    properties: Mapping[str, Any]
    linked_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    kinds: frozenset[str]
    where: Where


@dataclass(frozen=True, slots=True)
class Wait:
    duration: timedelta | None
    until: time | None
    next: str


@dataclass(frozen=True, slots=True)
class WaitFor:
    condition: Condition
    at_most: timedelta
    then: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Branch:
    """`outcome` is (names of a step, outcome) or None; empty sets ask nothing."""

    outcome: tuple[tuple[str, ...], str] | None
    professions: frozenset[str]
    specialties: frozenset[str]
    then: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Way:
    name: str
    share: int
    next: str


@dataclass(frozen=True, slots=True)
class Split:
    """By chance, and each person always the same way; the first way is what the others are compared with."""

    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Message:
    content: str
    channel: str
    purpose: str
    unit: str
    next: str


@dataclass(frozen=True, slots=True)
class Suggest:
    kind: str
    title_de: str
    title_en: str
    products: tuple[str, ...]
    content_slugs: tuple[str, ...]
    next: str


Step = Wait | WaitFor | Branch | Split | Message | Suggest


def contents(step: Step) -> tuple[str, ...]:
    match step:
        case Message(content=slug):
            return (slug,)
        case Suggest(content_slugs=slugs):
            return slugs
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Goal:
    """`goal` ends the journey; goals with other names are only counted."""

    name: str
    condition: Condition
    within: timedelta


@dataclass(frozen=True, slots=True)
class Reentry:
    """Who has been in comes in again after so long, and so many times in all; None is without end."""

    after: timedelta = timedelta()
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    key: str
    title_de: str
    title_en: str
    zone: ZoneInfo
    trigger: Condition
    reentry: Reentry
    start: str
    steps: Mapping[str, Step]
    goal: Goal | None
    exits: tuple[Condition, ...]
    goals: tuple[Goal, ...] = ()
    holdout: int = 0

    @property
    def contents(self) -> frozenset[str]:
        """Slugs of all that its steps send or show."""
        return frozenset(slug for step in self.steps.values() for slug in contents(step))

    @property
    def every_goal(self) -> tuple[Goal, ...]:
        return (*((self.goal,) if self.goal else ()), *self.goals)

    @property
    def promotional(self) -> bool:
        """Nothing in it is owed to anybody, so a group may be held out of it for comparison."""
        return all(step.purpose == "promotional" for step in self.steps.values() if isinstance(step, Message))

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of interaction that can move somebody through this journey."""
        return frozenset().union(*(condition.kinds for condition in self.conditions))

    @property
    def topics(self) -> frozenset[str]:
        """Slugs of all that somebody has to turn to."""
        return frozenset().union(*(condition.where.topics for condition in self.conditions))

    @property
    def conditions(self) -> list[Condition]:
        waits = [step.condition for step in self.steps.values() if isinstance(step, WaitFor)]
        return [self.trigger, *self.exits, *waits, *(goal.condition for goal in self.every_goal)]

    @property
    def order(self) -> list[str]:
        """The steps as a person meets them: each one behind all that lead to it."""
        found: list[str] = []
        self._behind(self.start, found)
        return found[::-1]

    def _behind(self, name: str, found: list[str]) -> None:
        if name != END and name not in found:
            for target in onward(self.steps[name])[::-1]:
                self._behind(target, found)
            found.append(name)

    @property
    def asks_about_person(self) -> bool:
        return any(isinstance(step, Branch) and (step.professions or step.specialties) for step in self.steps.values())


def onward(step: Step) -> tuple[str, ...]:
    """The steps that may follow."""
    match step:
        case WaitFor() | Branch():
            return (step.then, step.otherwise)
        case Split(ways=ways):
            return tuple(way.next for way in ways)
        case _:
            return (step.next,)


def parse(doc: Document) -> Journey:
    if problems := check(doc):
        raise WrongDocument(problems)
    steps = expanded(doc["steps"])
    return Journey(
        key=doc["key"],
        title_de=doc["title"]["de"],
        title_en=doc["title"]["en"],
        zone=ZoneInfo(doc.get("timezone", DEFAULT_ZONE)),
        trigger=_condition(doc["trigger"]),
        reentry=_reentry(doc),
        start=doc["start"],
        steps={name: _step(step, steps) for name, step in steps.items()},
        goal=_goal({"name": PRIMARY, **doc["goal"]}) if "goal" in doc else None,
        exits=tuple(_condition(each) for each in doc.get("exit", ())),
        goals=tuple(map(_goal, doc.get("goals", ()))),
        holdout=doc.get("holdout_percent", 0),
    )


def duration(text: str) -> timedelta:
    """ISO 8601 in weeks, days, hours and minutes, all exact lengths: months and years have none."""
    match = DURATION.fullmatch(text)
    if match is None:
        raise InputError("duration", f"{text!r} is no duration.", "Needed is one such as P2D or PT3H.")
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def _reentry(doc: Document) -> Reentry:
    rule = doc.get("reentry", {"after_days": doc["trigger"].get("once_in_days", 0)})
    if isinstance(rule, str):
        return Reentry(at_most=1 if rule == "never" else None)
    return Reentry(timedelta(days=rule.get("after_days", 0)), rule.get("at_most"))


def _step(step: Mapping[str, Any], steps: Mapping[str, Any]) -> Step:
    if "wait" in step:
        return _wait(step)
    if "wait_for" in step:
        wanted = step["wait_for"]
        return WaitFor(_condition(wanted, steps), duration(wanted["at_most"]), step["then"], step["else"])
    if "branch" in step:
        return _branch(step, steps)
    if "split" in step:
        return Split(tuple(Way(**way) for way in step["split"]))
    if "message" in step:
        return Message(**step["message"], next=step["next"])
    return _suggest(step)


def _wait(step: Mapping[str, Any]) -> Wait:
    wait = step["wait"]
    span = duration(wait["for"]) if "for" in wait else None
    until = time.fromisoformat(wait["until"]) if "until" in wait else None
    return Wait(span, until, step["next"])


def _branch(step: Mapping[str, Any], steps: Mapping[str, Any]) -> Branch:
    asked = step["branch"]["if"]
    outcome = (tuple(copies(asked["outcome"]["of"], steps)), asked["outcome"]["is"]) if "outcome" in asked else None
    professions, specialties = (frozenset(asked.get(name, ())) for name in ("profession", "specialty"))
    return Branch(outcome, professions, specialties, step["then"], step["else"])


def _suggest(step: Mapping[str, Any]) -> Suggest:
    made = step["suggest"]
    return Suggest(
        kind=made["kind"],
        title_de=made["title"]["de"],
        title_en=made["title"]["en"],
        products=tuple(made.get("products", ())),
        content_slugs=tuple(made.get("content_slugs", ())),
        next=step["next"],
    )


def _goal(goal: Mapping[str, Any]) -> Goal:
    return Goal(goal["name"], _condition(goal), timedelta(days=goal["within_days"]))


def _condition(place: Mapping[str, Any], steps: Mapping[str, Any] | None = None) -> Condition:
    where = place.get("where", {})
    linked = where.get("linked_by")
    return Condition(
        kinds=frozenset(place["kinds"] if "kinds" in place else [place["kind"]]),
        where=Where(
            topics=frozenset(where.get("topics", ())),
            content_slugs=frozenset(where.get("content_slugs", ())),
            properties=where.get("properties", {}),
            linked_by=tuple(copies(linked, steps or {})) if linked else (),
        ),
    )
