"""What a rehearsal amounts to: counts for everybody, and a line for each person for those who may see her."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people import territory
from einklang.facts.products import read as products
from einklang.loop.channels.visit import reports
from einklang.loop.channels.visit.reports import Report
from einklang.loop.decide.journeys import store
from einklang.loop.gate.shadow import Told
from einklang.planning.rehearsal.play import TICK, Played
from einklang.services.orders import stock

NEAR = timedelta(days=3)  # two contacts of one house that come closer meet each other in the reader's mind
MANY = 100_000


class Line(NamedTuple):
    """`what` is sent, withheld, waiting or suggested; `rule` says why it was withheld."""

    person: UUID
    at: datetime
    what: str
    step: str
    rule: str
    rep: UUID | None


def lines(cur: Cursor, played: Played) -> list[Line]:
    reps = territory.reps(cur, {each.person for each in played.suggested}, played.began)
    steps = {each.message: each.step for each in played.passed if each.message}
    found = [_message(each, steps) for each in _own(played)]
    found += [
        Line(each.person, each.at, "withheld", each.step, each.rule, None)
        for each in played.passed
        if each.version == played.version and each.outcome == "withheld" and each.message is None
    ]
    found += [
        Line(each.person, each.at, "suggested", each.step, "", next(iter(reps.get(each.person, ())), None))
        for each in played.suggested
        if each.version == played.version
    ]
    return sorted(found, key=lambda line: (line.at, line.person))


def score(cur: Cursor, played: Played, found: Sequence[Line]) -> dict[str, Any]:
    """JSON. Weeks are named by their Monday, reps and journeys by their id."""
    visits = _visits(cur, played)
    suggested = Counter(_products(played))
    entered = Counter(each.arm for each in played.entered if each.version == played.version)
    return {
        "people": len(played.people),
        "known": played.known,
        "began": played.began.isoformat(),
        "ended": played.ended.isoformat(),
        "days": played.script.days,
        "entered": entered[""],
        "held_out": sum(count for arm, count in entered.items() if arm),
        "kinds": Counter(each.what for each in found),
        "steps": _nested((each.step, each.what) for each in found),
        "weeks": _nested((_week(played, each.at), each.what) for each in found),
        "rules": dict(Counter(each.rule for each in found if each.what == "withheld").most_common()),
        "later": _later(played),
        "reps": _nested((str(each.rep or ""), _week(played, each.at)) for each in found if each.what == "suggested"),
        "visits": _nested((str(each.rep), _week(played, each.at)) for each in visits),
        "products": dict(suggested.most_common()),
        "stock": _stock(cur, suggested, played),
        "collisions": _collisions(cur, played, visits),
    }


def _own(played: Played) -> Iterator[Told]:
    return (each for each in played.messages if each.journey == played.version)


def _message(each: Told, steps: Mapping[UUID, str]) -> Line:
    what = each.state if each.state in ("sent", "withheld") else "waiting"
    rule = each.detail.split(", ")[0] if what == "withheld" else ""
    return Line(each.person, each.sent_at or each.due_at, what, steps.get(each.id, ""), rule, None)


def _week(played: Played, at: datetime) -> str:
    day = at.astimezone(played.plan.zone).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def _nested(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for outer, inner in pairs:
        found[outer][inner] = found[outer].get(inner, 0) + 1
    return dict(sorted(found.items()))


def _later(played: Played) -> int:
    """Messages that left later than their step wanted: quiet hours, holidays, contact limits."""
    asked = {each.message: each.at for each in played.passed if each.message}
    return sum(bool(each.sent_at and each.sent_at > asked.get(each.id, each.sent_at) + TICK) for each in _own(played))


def _products(played: Played) -> Iterator[str]:
    for each in played.suggested:
        if each.version == played.version:
            yield from each.products


def _stock(cur: Cursor, wanted: Iterable[str], played: Played) -> dict[str, int]:
    """Units that lie free in the warehouse, for those of the products or brands that were ever counted."""
    free = stock.free(cur, played.ended.astimezone(played.plan.zone).date())
    packs = products.packs(cur, free)
    known = products.product(cur, {pack.authorisation for pack in packs.values()})
    units: Counter[str] = Counter()
    for pack, left in free.items():
        medicine = known[packs[pack].authorisation]
        units.update({medicine.slug: left, medicine.brand: left})
    return {name: units[name] for name in wanted if name in units}


def _visits(cur: Cursor, played: Played) -> list[Report]:
    """What reps have planned in this time with the people of the rehearsal."""
    people = set(played.people)
    planned = reports.listing(cur, since=played.began, until=played.ended, limit=MANY)
    return [each for each in planned if each.held_at is None and each.person in people]


def _collisions(cur: Cursor, played: Played, visits: Sequence[Report]) -> dict[str, Any]:
    """Our messages that come within `NEAR` of a contact by others: by journey, by planned visit, and all in all."""
    others: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    for each in visits:
        others[each.person].append((each.at, "visit"))
    for told in played.messages:
        if told.journey != played.version and told.sent_at:
            others[told.person].append((told.sent_at, str(told.journey or "")))
    met: Counter[str] = Counter()
    touched = 0
    for own in _own(played):
        near = {by for at, by in others[own.person] if own.sent_at and abs(at - own.sent_at) <= NEAR}
        met.update(near)
        touched += bool(near)
    return {"messages": touched, "days": NEAR.days, "by": _named(cur, met)}


def _named(cur: Cursor, met: Mapping[str, int]) -> dict[str, int]:
    """Versions of one journey together, under the journey's id; `visit` and "" (no journey) stay."""
    found: Counter[str] = Counter()
    for by, count in met.items():
        found[by if by in ("", "visit") else str(store.journey_of(cur, UUID(by)))] += count
    return dict(found)
