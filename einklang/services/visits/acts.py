"""A visit: planned, then reported as held. Nothing commits; the caller's transaction spans all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.errors import Conflict, NotAllowed
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import lock, territory
from einklang.loop.channels.visit import reports
from einklang.loop.channels.visit.reports import Report, Told
from einklang.loop.gate import door
from einklang.loop.gate.question import Question, Recipient, Verdict
from einklang.loop.interactions import log, make

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


def plan(cur: Cursor, *, rep: UUID, person: UUID, at: datetime, now: datetime) -> Planned:
    _check_territory(cur, rep, person, now)
    lock.hold(cur, [person])
    (asked,) = door.ask(cur, [_question(rep, person, at=at)], now=now)
    report = reports.plan(cur, rep=rep, person=person, at=at, now=now) if asked.verdict.yes else None
    return Planned(asked.verdict_id, asked.verdict, report)


def hold(cur: Cursor, *, report: UUID, rep: UUID, told: Told, now: datetime) -> Held:
    """Raises `Conflict` where the report is locked already, `NotAllowed` for another rep's visit."""
    person = reports.get(cur, report).person
    _check_territory(cur, rep, person, now)
    lock.hold(cur, [person])
    _check_open(reports.get(cur, report, lock=True), rep)
    (asked,) = door.ask(cur, [_question(rep, person, at=now, told=told)], now=now)
    if not asked.verdict.yes:
        return Held(report, asked.verdict_id, asked.verdict, None)
    reports.hold(cur, report=report, told=told, verdict=asked.verdict_id, now=now)
    return Held(report, asked.verdict_id, asked.verdict, _record(cur, report, person, told, now))


def _check_territory(cur: Cursor, rep: UUID, person: UUID, now: datetime) -> None:
    if not territory.covers(cur, rep, person, now):
        raise NotAllowed(OTHER_TERRITORY)


def _check_open(report: Report, rep: UUID) -> None:
    if report.rep != rep:
        raise NotAllowed(OTHER_REP)
    if report.held_at is not None:
        raise Conflict(LOCKED)


def _question(rep: UUID, person: UUID, *, at: datetime, told: Told | None = None) -> Question:
    given = {} if told is None else _given(told)
    return Question("visit", Recipient("person", person), "visit", "promotional", rep, "sales", at=at, given=given)


def _given(told: Told) -> dict[str, object]:
    return {
        "products": [str(product) for product in told.products],
        "smpc_presented": {str(product): str(smpc) for product, smpc in told.smpc_presented.items()},
        "safety_answered": None if told.safety is None else True,  # what was answered is no business of the gate
    }


def _record(cur: Cursor, report: UUID, person: UUID, told: Told, now: datetime) -> UUID:
    given = _given(told)
    visit = make.interaction(
        "visit.held",
        now=now,
        source="visit",
        source_id=str(report),
        person=person,
        properties={
            "products": given["products"],
            "smpc_version": given["smpc_presented"],
            "content_slugs": list(told.content_slugs),
            **({"minutes": told.minutes} if told.minutes is not None else {}),
        },
    )
    (recorded,) = log.record(cur, [visit])
    return recorded.id
