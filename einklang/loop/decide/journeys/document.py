"""A published journey as typed steps. `parse` refuses what `check` complains about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from einklang.core.errors import InputError
from einklang.loop.decide.journeys.problems import DEFAULT_ZONE, END, Document, Problem, check

__all__ = ["END", "Document", "Journey", "Problem", "WrongDocument", "check", "duration", "parse"]

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
    linked_by: str


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
    """`outcome` is (step, outcome) or None; empty sets ask nothing."""

    outcome: tuple[str, str] | None
    professions: frozenset[str]
    specialties: frozenset[str]
    then: str
    otherwise: str


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


Step = Wait | WaitFor | Branch | Message | Suggest


@dataclass(frozen=True, slots=True)
class Goal:
    condition: Condition
    within: timedelta


@dataclass(frozen=True, slots=True)
class Journey:
    key: str
    title_de: str
    title_en: str
    zone: ZoneInfo
    trigger: Condition
    once_in: timedelta
    start: str
    steps: Mapping[str, Step]
    goal: Goal | None
    exits: tuple[Condition, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of interaction that can move somebody through this journey."""
        waits = [step.condition for step in self.steps.values() if isinstance(step, WaitFor)]
        goals = [self.goal.condition] if self.goal else []
        return frozenset().union(*(condition.kinds for condition in (self.trigger, *self.exits, *waits, *goals)))

    @property
    def order(self) -> list[str]:
        """The steps as a person meets them: each one behind all that lead to it."""
        found: list[str] = []
        self._behind(self.start, found)
        return found[::-1]

    def _behind(self, name: str, found: list[str]) -> None:
        if name != END and name not in found:
            step = self.steps[name]
            onward = (step.otherwise, step.then) if isinstance(step, WaitFor | Branch) else (step.next,)
            for target in onward:
                self._behind(target, found)
            found.append(name)

    @property
    def asks_about_person(self) -> bool:
        return any(isinstance(step, Branch) and (step.professions or step.specialties) for step in self.steps.values())


def parse(doc: Document) -> Journey:
    if problems := check(doc):
        raise WrongDocument(problems)
    return Journey(
        key=doc["key"],
        title_de=doc["title"]["de"],
        title_en=doc["title"]["en"],
        zone=ZoneInfo(doc.get("timezone", DEFAULT_ZONE)),
        trigger=_condition(doc["trigger"]),
        once_in=timedelta(days=doc["trigger"].get("once_in_days", 0)),
        start=doc["start"],
        steps={name: _step(step) for name, step in doc["steps"].items()},
        goal=_goal(doc.get("goal")),
        exits=tuple(_condition(each) for each in doc.get("exit", ())),
    )


def duration(text: str) -> timedelta:
    """ISO 8601 in weeks, days, hours and minutes, all exact lengths: months and years have none."""
    match = DURATION.fullmatch(text)
    if match is None:
        raise InputError("duration", f"{text!r} is no duration.", "Needed is one such as P2D or PT3H.")
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def _step(step: Mapping[str, Any]) -> Step:
    if "wait" in step:
        return _wait(step)
    if "wait_for" in step:
        wanted = step["wait_for"]
        return WaitFor(_condition(wanted), duration(wanted["at_most"]), step["then"], step["else"])
    if "branch" in step:
        return _branch(step)
    if "message" in step:
        return Message(**step["message"], next=step["next"])
    return _suggest(step)


def _wait(step: Mapping[str, Any]) -> Wait:
    wait = step["wait"]
    span = duration(wait["for"]) if "for" in wait else None
    until = time.fromisoformat(wait["until"]) if "until" in wait else None
    return Wait(span, until, step["next"])


def _branch(step: Mapping[str, Any]) -> Branch:
    asked = step["branch"]["if"]
    outcome = (asked["outcome"]["of"], asked["outcome"]["is"]) if "outcome" in asked else None
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


def _goal(goal: Mapping[str, Any] | None) -> Goal | None:
    return Goal(_condition(goal), timedelta(days=goal["within_days"])) if goal else None


def _condition(place: Mapping[str, Any]) -> Condition:
    where = place.get("where", {})
    return Condition(
        kinds=frozenset(place["kinds"] if "kinds" in place else [place["kind"]]),
        where=Where(
            topics=frozenset(where.get("topics", ())),
            content_slugs=frozenset(where.get("content_slugs", ())),
            properties=where.get("properties", {}),
            linked_by=where.get("linked_by", ""),
        ),
    )
