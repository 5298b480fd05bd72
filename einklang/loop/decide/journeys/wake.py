"""Whoever's timer is due goes on: many people in a few queries, one stored verdict for every message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.facts.people import read as people
from einklang.loop.decide import suggestions
from einklang.loop.decide.journeys import enrolments, store
from einklang.loop.decide.journeys.document import END, Journey, Message
from einklang.loop.decide.journeys.enrolments import Enrolment, Passed
from einklang.loop.decide.journeys.step import Advance, Answer, Ask, Due, Propose, Sent, Traits
from einklang.loop.decide.journeys.step import advance as step
from einklang.loop.decide.suggestions import Suggestion
from einklang.loop.gate import door
from einklang.loop.gate.door import Asked, MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.watch import trace

NOTHING_TO_SEND = "content"  # in the place of a rule: there is no approved content any more
DUE = """
SELECT v.id, v.journey_id, v.document
FROM decide_version v JOIN decide_journey j ON j.id = v.journey_id,
    LATERAL (SELECT due_at FROM decide_timer t WHERE t.version = v.id AND t.due_at <= %s ORDER BY due_at LIMIT 1) first
WHERE j.state = 'active' ORDER BY first.due_at, v.id FOR SHARE OF j
"""
NEXT = """
SELECT min(first.due_at)
FROM decide_version v JOIN decide_journey j ON j.id = v.journey_id,
    LATERAL (SELECT due_at FROM decide_timer t WHERE t.version = v.id ORDER BY due_at LIMIT 1) first
WHERE j.state = 'active'
"""

COUNTED = 10_000  # timers due that are counted one by one
WAITING = f"""
SELECT count(*) FROM (
    SELECT FROM decide_timer t JOIN decide_version v ON v.id = t.version JOIN decide_journey j ON j.id = v.journey_id
    WHERE j.state = 'active' AND t.due_at <= %s LIMIT {COUNTED}
) AS due
"""


@dataclass(slots=True)
class Walk:
    """One person underway in this batch."""

    enrolment: Enrolment
    plan: Journey
    traits: Traits
    now: datetime
    ask: Ask | None = None
    proposed: list[Propose] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)

    def follow(self, advanced: Advance, message: UUID | None = None, rule: str = "") -> None:
        """`message` and `rule` belong to the first step passed: the one whose answer came."""
        own = self.enrolment
        own.place, self.ask = advanced.state, advanced.ask
        self.proposed += [each for each in advanced.actions if isinstance(each, Propose)]
        for name, outcome in advanced.passed:
            self.passed.append(Passed(own.id, own.version, name, outcome, self.now, message, rule))
            message, rule = None, ""
        if own.place.step == END:
            own.end("done", self.now)

    def trace(self) -> None:
        own = self.enrolment
        for line in self.passed:
            told = {"step": line.step, "outcome": line.outcome, "message": line.message}
            trace.done("step", own.id, under=own.entered_by, **told)


def advance(cur: Cursor, now: datetime, limit: int = 500) -> int:
    """How many were woken; 0 when nobody is due. The caller commits."""
    walks = _claim(cur, now, limit)
    for walk in walks:
        walk.follow(step(walk.plan, walk.enrolment.place, Due(now), walk.traits))
    while asking := [walk for walk in walks if walk.ask]:
        _answer(cur, asking, now)
    enrolments.write(cur, [walk.enrolment for walk in walks])
    enrolments.note(cur, [line for walk in walks for line in walk.passed])
    suggestions.make_all(cur, [each for walk in walks for each in _suggestions(walk)])
    for walk in walks:
        walk.trace()
    return len(walks)


def next_due(cur: Cursor) -> datetime | None:
    """When somebody is to be woken next: how long a worker may sleep."""
    row = cur.execute(NEXT).fetchone()
    return row[0] if row else None


def waiting(cur: Cursor, now: datetime) -> int:
    """How many are due and have not been woken; 10,000 stands for more."""
    row = cur.execute(WAITING, (now,)).fetchone()
    return row[0] if row else 0


def _claim(cur: Cursor, now: datetime, limit: int) -> list[Walk]:
    """The journey that is most behind comes first. Its row is held shared: a pause waits for this batch to commit."""
    walks: list[Walk] = []
    for version, _, document in cur.execute(DUE, (now,)).fetchall():
        plan = store.parsed(version, document)
        claimed = enrolments.claim(cur, version, now, limit - len(walks))
        traits = _traits(cur, claimed) if plan.asks_about_person else {}
        walks += [Walk(each, plan, traits.get(each.person) or Traits(person=each.person), now) for each in claimed]
        if len(walks) == limit:
            break
    return walks


def _traits(cur: Cursor, claimed: Sequence[Enrolment]) -> dict[UUID, Traits]:
    cards = people.cards(cur, {each.person for each in claimed})
    return {person: Traits(card.profession, card.specialty, person) for person, card in cards.items()}


def _answer(cur: Cursor, asking: Sequence[Walk], now: datetime) -> None:
    """A message whose content is no longer approved is withheld without asking: there is nothing to send."""
    wanted = [(walk, walk.ask.message) for walk in asking if walk.ask]
    live = content.live(cur, {message.content for _, message in wanted}, now)
    sendable = [(walk, message, live[message.content]) for walk, message in wanted if message.content in live]
    questions = [_question(walk.enrolment.person, message, version.id, now) for walk, message, version in sendable]
    specs = [MessageSpec(version.id, walk.enrolment.version, walk.enrolment.id) for walk, _, version in sendable]
    linked = {version.id: _linked(version) for version in live.values()}
    asked = door.ask(cur, questions, now=now, messages=specs)
    answers = {
        walk.enrolment.id: (_as_answer(each, linked[version.id], now), _rule(each))
        for (walk, _, version), each in zip(sendable, asked, strict=True)
    }
    nothing = Answer(now, allowed=False, sent=Sent(None, now, ()))
    for walk in asking:
        answer, rule = answers.get(walk.enrolment.id, (nothing, NOTHING_TO_SEND))
        walk.follow(step(walk.plan, walk.enrolment.place, answer, walk.traits), answer.sent.message, rule)


def _question(person: UUID, message: Message, version: UUID, now: datetime) -> Question:
    return Question(
        act="send",
        recipient=Recipient("person", person),
        channel=message.channel,
        purpose=message.purpose,
        unit=message.unit,
        content=version,
        at=now,
    )


def _as_answer(asked: Asked, linked: tuple[str, ...], now: datetime) -> Answer:
    leaves = asked.verdict.not_before or now
    return Answer(now, allowed=asked.verdict.answer != "no", sent=Sent(asked.message, leaves, linked))


def _rule(asked: Asked) -> str:
    """The most final one of a no."""
    return asked.verdict.reasons[0].rule if asked.verdict.answer == "no" else ""


def _linked(version: Version) -> tuple[str, ...]:
    """Slugs of the content that the message links to, in any language."""
    links = [link for words in version.body.values() for link in words.get("links", ())]
    return tuple(sorted({link["content_slug"] for link in links if link.get("content_slug")}))


def _suggestions(walk: Walk) -> Iterable[Suggestion]:
    for each in walk.proposed:
        yield Suggestion(
            id=ids.new(),
            person=walk.enrolment.person,
            enrolment=walk.enrolment.id,
            version=walk.enrolment.version,
            step=each.step,
            kind=each.suggest.kind,
            title_de=each.suggest.title_de,
            title_en=each.suggest.title_en,
            products=each.suggest.products,
            content_slugs=each.suggest.content_slugs,
            created_at=walk.now,
        )
