"""One person's way through a journey on a virtual clock, with given facts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from einklang.core.words import Words
from einklang.loop.decide.journeys import chance
from einklang.loop.decide.journeys.document import END, Journey, Message, Split
from einklang.loop.decide.journeys.step import (
    Advance,
    Answer,
    Ask,
    Due,
    Fact,
    Propose,
    Sent,
    Traits,
    advance,
    ends,
    enter,
)
from einklang.loop.gate import cases, judge, packs
from einklang.loop.gate.question import Facts

THURSDAY = "2026-03-05T10:00:00+01:00"  # far from quiet hours, Sundays and holidays
LOTS = 20_000
STEPS = 500
GRANTED = ("email", "tracking", "mail_tracking", "rep_visibility", "rx_audience", "visit", "sample_request")
CONTENT: Mapping[str, Any] = {"kind": "mail", "promotional": True, "audience": "fachkreis", "state": "frozen"}
NO_SUCH_WAYS = Words("Diese Wege gibt es in der Journey nicht.", "The journey has no such ways.")

Told = tuple[str, str, str, datetime]  # kind, step, detail (rule, way, ending), moment


@dataclass(frozen=True)
class Someone:
    """Who enters when. `ways` says which way of a split chance takes; `facts` overlays what the gate knows."""

    profession: str = "physician"
    specialty: str = ""
    land: str = "DE-NI"
    at: str = THURSDAY
    without: Sequence[str] = ()
    ways: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entered(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def known(self, contacts: Sequence[Sequence[str]]) -> Facts:
        content = {name: value for name, value in self.content.items() if name != "links"}
        return cases.facts(
            {
                "person": {"profession": self.profession, "land": self.land},
                "verified": {"role": self.profession},
                "consent": {name: "granted" for name in GRANTED if name not in self.without},
                "content": {**CONTENT, **content},
                "contacts": list(contacts),
                **self.facts,
            }
        )


class Happening(NamedTuple):
    """So long after her entry: an interaction, or a click in the message of a step."""

    after: timedelta
    kind: str
    properties: Mapping[str, Any]
    clicked: str


def run(plan: Journey, person: Someone, happenings: Sequence[Happening]) -> list[Told]:
    """Until nothing is left to come."""
    play = _Play(plan, person, Traits(person.profession, person.specialty, _drawn(plan, person.ways)))
    for each in sorted(happenings, key=lambda each: each.after):
        at = person.entered + each.after
        play.wake_until(at)
        play.happen(each, at)
    play.wake_until(None)
    return play.finish()


class _Play:
    def __init__(self, plan: Journey, person: Someone, traits: Traits) -> None:
        self.plan, self.person, self.traits = plan, person, traits
        self.state = enter(plan, person.entered)
        self.over = False
        self.way_ended: datetime | None = None
        self.contacts: list[list[str]] = [list(each) for each in person.facts.get("contacts", ())]
        self.told: list[Told] = []

    def wake_until(self, at: datetime | None) -> None:
        for _ in range(STEPS):
            due = self.state.due
            if self.over or due is None or (at is not None and due > at):
                return
            self._follow(advance(self.plan, self.state, Due(due), self.traits), due)

    def happen(self, each: Happening, at: datetime) -> None:
        fact = Fact(each.kind or "email.clicked", at, each.properties, _message(each.clicked) if each.clicked else None)
        end = ends(self.plan, self.person.entered, fact)
        if not self.over and (end == "goal" or (end and self.way_ended is None)):
            self.over = True
            self.told.append(("ends", "", end, at))
        elif not self.over:
            self._follow(advance(self.plan, self.state, fact, self.traits), at)

    def _follow(self, advanced: Advance, now: datetime) -> None:
        while True:
            self.state = advanced.state
            ways = {name: step for name, step in self.plan.steps.items() if isinstance(step, Split)}
            self.told += [("way", name, outcome, now) for name, outcome in advanced.passed if name in ways]
            self.told += [("suggested", each.step, "", now) for each in advanced.actions if isinstance(each, Propose)]
            if advanced.ask is None:
                break
            advanced = advance(self.plan, self.state, self._answer(advanced.ask, now), self.traits)
        if self.state.step == END and self.way_ended is None:
            self.way_ended = now

    def _answer(self, ask: Ask, now: datetime) -> Answer:
        verdict = judge.judge_one(_question(ask.message, now), self.person.known(self.contacts), packs.current())
        leaves = verdict.not_before or now
        if allowed := verdict.answer != "no":
            self.contacts.append([leaves.isoformat(), ask.message.channel])
            self.told.append(("sent", ask.step, "", leaves))
        else:
            self.told.append(("withheld", ask.step, verdict.reasons[0].rule, now))
        linked = tuple(self.person.content.get("links", ()))
        return Answer(now, allowed=allowed, sent=Sent(_message(ask.step), leaves, linked))

    def finish(self) -> list[Told]:
        """The goal counts after the last step, too: the way ended without it only if it never came."""
        if not self.over and self.way_ended:
            self.told.append(("ends", "", "done", self.way_ended))
        return self.told


def _question(message: Message, now: datetime) -> Any:
    ask = {"act": "send", "channel": message.channel, "purpose": message.purpose, "at": now.isoformat()}
    return cases.question(ask)


def _message(step: str) -> UUID:
    return UUID(bytes=step.encode()[:16].ljust(16, b"\0"))


def _drawn(plan: Journey, ways: Mapping[str, str]) -> UUID:
    """Somebody for whom chance takes these ways."""
    wanted = {name: way for name, way in ways.items() if not name.startswith("__")}
    splits = {name: step for name, step in plan.steps.items() if isinstance(step, Split)}
    if any(name not in splits or way not in {each.name for each in splits[name].ways} for name, way in wanted.items()):
        raise ValueError(NO_SUCH_WAYS)
    for number in range(1, LOTS):
        person = UUID(int=number)
        if all(chance.way(person, f"{plan.key}/{name}", splits[name]).name == way for name, way in wanted.items()):
            return person
    raise ValueError(NO_SUCH_WAYS)
