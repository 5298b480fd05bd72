"""How one person moves through a journey: pure, without database or clock.

A person always stands at one step and has at most one timer. `enter` and a `Fact` only move her to another place and
set the timer; everything that has an effect happens when the timer is `Due`. A message needs the gate's `Answer`
before the way goes on, and the way goes on whatever the answer is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from einklang.loop.decide.journeys import chance
from einklang.loop.decide.journeys.document import (
    END,
    Branch,
    Condition,
    Goal,
    Journey,
    Message,
    Split,
    Suggest,
    Wait,
    WaitFor,
)


class Sent(NamedTuple):
    """A message that the gate answered: `leaves` is when it may go, `linked` the slugs of content that it links to."""

    message: UUID | None
    leaves: datetime
    linked: tuple[str, ...]


class State(NamedTuple):
    """`due` is None at the end; `outcomes` by step: planned, withheld, happened, timeout, the way of a split."""

    step: str
    since: datetime
    due: datetime | None
    outcomes: Mapping[str, str]
    sent: Mapping[str, Sent]


class Traits(NamedTuple):
    """What branches may ask about the person; a split takes her id as its die."""

    profession: str = ""
    specialty: str = ""
    person: UUID | None = None


class Due(NamedTuple):
    now: datetime


class Answer(NamedTuple):
    now: datetime
    allowed: bool
    sent: Sent


class Fact(NamedTuple):
    """An interaction, as far as conditions look at it."""

    kind: str
    at: datetime
    properties: Mapping[str, Any]
    message: UUID | None = None


Event = Due | Answer | Fact


class Ask(NamedTuple):
    """May this message be sent? The way goes on with the `Answer`."""

    step: str
    message: Message


class Propose(NamedTuple):
    step: str
    suggest: Suggest


class Advance(NamedTuple):
    """`passed` are (step, outcome) in order, for the journey's numbers."""

    state: State
    actions: tuple[Ask | Propose, ...] = ()
    passed: tuple[tuple[str, str], ...] = ()

    @property
    def ask(self) -> Ask | None:
        """Always the last action, since nothing is known beyond it."""
        last = self.actions[-1] if self.actions else None
        return last if isinstance(last, Ask) else None


def enter(journey: Journey, at: datetime) -> State:
    return _stand(journey, State("", at, None, {}, {}), journey.start, at)


def advance(journey: Journey, state: State, event: Event, traits: Traits | None = None) -> Advance:
    traits = traits or Traits()
    match event:
        case Due(now=now):
            return _wake(journey, state, now, traits)
        case Answer():
            return _answered(journey, state, event, traits)
        case Fact():
            return _happened(journey, state, event)


def ends(journey: Journey, entered_at: datetime, fact: Fact) -> Literal["goal", "exited"] | None:
    """Whether this fact takes the person out; the goal counts to the end of its days, also after the last step."""
    if journey.goal and reached(journey.goal, entered_at, fact):
        return "goal"
    return "exited" if any(matches(each, fact) for each in journey.exits) else None


def reached(goal: Goal, entered_at: datetime, fact: Fact) -> bool:
    return matches(goal.condition, fact) and entered_at <= fact.at <= entered_at + goal.within


def matches(condition: Condition, fact: Fact, sent: Mapping[str, Sent] | None = None) -> bool:
    where, found = condition.where, fact.properties
    return (
        fact.kind in condition.kinds
        and (not where.topics or not where.topics.isdisjoint(found.get("topics") or ()))
        and (not where.content_slugs or found.get("content_slug") in where.content_slugs)
        and all(found.get(name) == value for name, value in where.properties.items())
        and (not where.linked_by or any(_linked((sent or {}).get(name), fact) for name in where.linked_by))
    )


def _linked(sent: Sent | None, fact: Fact) -> bool:
    """A click belongs to the message it carries; a view belongs to it if the message links to what was viewed."""
    if sent is None:
        return False
    if fact.message is not None:
        return fact.message == sent.message
    return fact.properties.get("content_slug") in sent.linked


def _wake(journey: Journey, state: State, now: datetime, traits: Traits) -> Advance:
    """A timer that is not due changes nothing, so a clock that was moved back wakes nobody."""
    if state.due is None or now < state.due:
        return Advance(state)
    match journey.steps[state.step]:
        case Wait(next=target):
            return _walk(journey, state, target, now, traits, (state.step, "waited"))
        case WaitFor(otherwise=target):
            return _walk(journey, _noted(state, "timeout"), target, now, traits, (state.step, "timeout"))
        case _:
            return _walk(journey, state, state.step, now, traits)


def _answered(journey: Journey, state: State, answer: Answer, traits: Traits) -> Advance:
    step = journey.steps.get(state.step)
    if not isinstance(step, Message) or state.step in state.outcomes:
        return Advance(state)
    outcome = "planned" if answer.allowed else "withheld"
    noted = _noted(state, outcome)._replace(sent={**state.sent, state.step: answer.sent})
    return _walk(journey, noted, step.next, answer.now, traits, (state.step, outcome))


def _happened(journey: Journey, state: State, fact: Fact) -> Advance:
    step = journey.steps.get(state.step)
    in_time = state.due is not None and state.since <= fact.at <= state.due
    if not isinstance(step, WaitFor) or not in_time or not matches(step.condition, fact, state.sent):
        return Advance(state)
    moved = _stand(journey, _noted(state, "happened"), step.then, fact.at)
    return Advance(moved, passed=((state.step, "happened"),))


def _walk(
    journey: Journey, state: State, target: str, at: datetime, traits: Traits, *passed: tuple[str, str]
) -> Advance:
    """Through steps that take no time, up to one that waits, asks the gate, or is the end."""
    way = list(passed)
    actions: list[Ask | Propose] = []
    while isinstance(step := journey.steps.get(target), Branch | Split | Suggest):
        if isinstance(step, Suggest):
            actions.append(Propose(target, step))
            way.append((target, "suggested"))
            target = step.next
        elif isinstance(step, Split):
            chosen = chance.way(traits.person, f"{journey.key}/{target}", step)
            state = _noted(state._replace(step=target), chosen.name)
            way.append((target, chosen.name))
            target = chosen.next
        else:
            holds = _holds(step, state, traits)
            way.append((target, "then" if holds else "else"))
            target = step.then if holds else step.otherwise
    if isinstance(step, Message):
        actions.append(Ask(target, step))
    return Advance(_stand(journey, state, target, at), tuple(actions), tuple(way))


def _holds(branch: Branch, state: State, traits: Traits) -> bool:
    outcome = branch.outcome is None or any(state.outcomes.get(of) == branch.outcome[1] for of in branch.outcome[0])
    profession = not branch.professions or traits.profession in branch.professions
    specialty = not branch.specialties or traits.specialty in branch.specialties
    return outcome and profession and specialty


def _stand(journey: Journey, state: State, target: str, at: datetime) -> State:
    return State(target, at, _due(journey, state, target, at), state.outcomes, state.sent)


def _due(journey: Journey, state: State, target: str, at: datetime) -> datetime | None:
    if target == END:
        return None
    match journey.steps[target]:
        case Wait(duration=timedelta() as span):
            return at + span
        case Wait() as wait:
            return _next_time(journey, wait, at)
        case WaitFor(condition=condition, at_most=at_most):
            left = [state.sent[name].leaves for name in condition.where.linked_by if name in state.sent]
            return max(at, *left) + at_most if left else at + at_most
        case _:
            return at


def _next_time(journey: Journey, wait: Wait, at: datetime) -> datetime:
    """The next moment with this time of day; that of the next day if the moment is now."""
    if wait.until is None:
        raise ValueError("a wait has either a duration or a time of day")
    local = at.astimezone(journey.zone)
    moment = datetime.combine(local.date(), wait.until, journey.zone)
    if moment <= local:
        moment = datetime.combine(local.date() + timedelta(days=1), wait.until, journey.zone)
    return moment.astimezone(at.tzinfo)


def _noted(state: State, outcome: str) -> State:
    return State(state.step, state.since, state.due, {**state.outcomes, state.step: outcome}, state.sent)
