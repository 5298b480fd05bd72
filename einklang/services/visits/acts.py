"""A visit or a call: planned, then reported as held. Nothing commits; the caller's transaction spans all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.errors import Conflict, NotAllowed
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import lock, territory
from einklang.loop.channels.visit import drafts, reports, todo
from einklang.loop.channels.visit.reports import Report, Told
from einklang.loop.gate import door
from einklang.loop.gate.question import Question, Recipient, Verdict
from einklang.loop.interactions import log, make

KINDS = {"visit": "visit.held", "phone": "call.held"}
OTHER_TERRITORY = Words("Diese Person gehört nicht zu Ihrem Gebiet.", "This person is not in your territory.")
OTHER_REP = Words("Diesen Besuch hat jemand anderes geplant.", "Somebody else planned this visit.")
LOCKED = Words("Dieser Besuch ist schon berichtet und gesperrt.", "This visit is reported already and locked.")


@dataclass(frozen=True, slots=True)
class Planned:
    """`report` is None where the gate said no."""

    verdict_id: UUID
    verdict: Verdict
    report: UUID | None


@dataclass(frozen=True, slots=True)
class Held:
    """`interaction` is None where the gate said no: then the report is still open."""

    report: UUID
    verdict_id: UUID
    verdict: Verdict
    interaction: UUID | None


def plan(
    cur: Cursor,
    *,
    rep: UUID,
    person: UUID,
    at: datetime,
    now: datetime,
    channel: str = "visit",
    presumed_because: str = "",
) -> Planned:
    """`presumed_because`: the factual reason for which a call may be presumed to be welcome (DE-CON-03)."""
    _check_territory(cur, rep, person, now)
    lock.hold(cur, [person])
    given = {"presumed_because": presumed_because} if presumed_because else {}
    (asked,) = door.ask(cur, [_question(rep, person, channel, at=at, given=given)], now=now)
    if not asked.verdict.yes:
        return Planned(asked.verdict_id, asked.verdict, None)
    report = reports.plan(
        cur, rep=rep, person=person, at=at, now=now, channel=channel, presumed_because=presumed_because
    )
    return Planned(asked.verdict_id, asked.verdict, report)


def cancel(cur: Cursor, *, report: UUID, rep: UUID, now: datetime) -> Report:
    """Raises `Conflict` where it is reported already, `NotAllowed` for another rep's visit."""
    planned = reports.get(cur, report)
    _check_territory(cur, rep, planned.person, now)
    lock.hold(cur, [planned.person])
    _check_open(reports.get(cur, report, lock=True), rep)
    reports.cancel(cur, report=report, rep=rep)
    return planned


def hold(cur: Cursor, *, report: UUID, rep: UUID, told: Told, now: datetime) -> Held:
    """Raises `Conflict` where the report is locked already, `NotAllowed` for another rep's visit."""
    planned = reports.get(cur, report)
    person = planned.person
    _check_territory(cur, rep, person, now)
    lock.hold(cur, [person])
    _check_open(reports.get(cur, report, lock=True), rep)
    given = _given(told) | ({"presumed_because": basis} if (basis := planned.presumed_because) else {})
    (asked,) = door.ask(cur, [_question(rep, person, planned.channel, at=now, given=given)], now=now)
    if not asked.verdict.yes:
        return Held(report, asked.verdict_id, asked.verdict, None)
    reports.hold(cur, report=report, told=told, verdict=asked.verdict_id, now=now)
    _follow_up(cur, planned, told, now)
    return Held(report, asked.verdict_id, asked.verdict, _record(cur, planned, told, now))


def _follow_up(cur: Cursor, held: Report, told: Told, now: datetime) -> None:
    """What was agreed becomes the rep's tasks; what was written down before is in the report now."""
    for number, step in enumerate(told.next_steps):
        source = f"report:{held.id}:{number}"
        todo.add(cur, rep=held.rep, person=held.person, title=step.text, due=step.due, source=source, now=now)
    drafts.drop(cur, rep=held.rep, person=held.person, channel=held.channel)


def _check_territory(cur: Cursor, rep: UUID, person: UUID, now: datetime) -> None:
    if not territory.covers(cur, rep, person, now):
        raise NotAllowed(OTHER_TERRITORY)


def _check_open(report: Report, rep: UUID) -> None:
    if report.rep != rep:
        raise NotAllowed(OTHER_REP)
    if report.held_at is not None:
        raise Conflict(LOCKED)


def _question(rep: UUID, person: UUID, channel: str, *, at: datetime, given: Mapping[str, object]) -> Question:
    return Question("visit", Recipient("person", person), channel, "promotional", rep, "sales", at=at, given=given)


def _given(told: Told) -> dict[str, object]:
    return {
        "products": [str(product) for product in told.products],
        "smpc_presented": {str(product): str(smpc) for product, smpc in told.smpc_presented.items()},
        "safety_answered": None if told.safety is None else True,  # what was answered is no business of the gate
    }


def _record(cur: Cursor, held: Report, told: Told, now: datetime) -> UUID:
    given = _given(told)
    visit = make.interaction(
        KINDS[held.channel],
        now=now,
        source="visit",
        source_id=str(held.id),
        person=held.person,
        properties={
            "products": given["products"],
            "smpc_version": given["smpc_presented"],
            "content_slugs": list(told.content_slugs),
            "reactions": [{"content": each.content, "reaction": each.reaction} for each in told.key_messages],
            **({"minutes": told.minutes} if told.minutes is not None else {}),
        },
    )
    (recorded,) = log.record(cur, [visit])
    return recorded.id
