"""What another system saw, written into the log under the token's name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.errors import InputError, NotAllowed
from einklang.faces.api import events
from einklang.faces.api.rest import shapes
from einklang.faces.api.rest.frame import Caller
from einklang.faces.api.rest.problems import Several
from einklang.faces.api.rest.verdicts import NO_MEDICAL
from einklang.faces.api.wire import Doubts
from einklang.facts.content import read as content
from einklang.facts.people import read as people
from einklang.loop.interactions import kinds, log, make
from einklang.loop.interactions.types import Interaction

MEDICAL = "medical"
UNKNOWN_KIND = ("is no kind that may be told", f"One of {', '.join(shapes.TOLD)}.")
UNKNOWN_PERSON = ("is nobody whom we know", "Look for the person under /people.")
UNKNOWN_CONTENT = ("is no version of a content", "Look for it under /contents.")
TOO_OLD = ("is more than 30 days back", "Older history is imported in the studio.")
AHEAD = ("is more than 10 minutes ahead", "Tell what has happened.")
MIXED = (
    "does not go with the purpose",
    "The unit medical and the purpose medical go together.",
)
STRANGE = ("is not the unit of this kind", "Leave it out, or say medical for the purpose medical.")
Rule = tuple[str, str]


def record(call: Caller, items: list[shapes.Happening]) -> dict[str, Any]:
    """Raises `Several` where one breaks a rule: then none is written."""
    if MEDICAL in call.hidden and any(_medical(each) for each in items):
        raise NotAllowed(NO_MEDICAL)
    persons = people.cards(call.cur, {each.person for each in items})
    versions = content.versions(call.cur, {each.content for each in items if each.content})
    if broken := list(_broken(items, persons, versions, call.now)):
        raise Several(broken)
    told = [_interaction(call, each) for each in items]
    written = {each.id: each.pos for each in log.record(call.cur, told)}
    recorded = [
        {"pos": written[each.id], "id": each.id, "source_id": each.source_id} for each in told if each.id in written
    ]
    return {"recorded": recorded, "known": len(told) - len(recorded)}


def _broken(
    items: list[shapes.Happening], persons: Collection[UUID], versions: Collection[UUID], now: datetime
) -> Iterator[InputError]:
    for place, each in enumerate(items):
        faults = {
            "kind": None if each.kind in shapes.TOLD else UNKNOWN_KIND,
            "person": None if each.person in persons else UNKNOWN_PERSON,
            "content": None if each.content is None or each.content in versions else UNKNOWN_CONTENT,
            "occurred_at": _time(each.occurred_at or now, now),
            "unit": _unit(each),
            "properties": _size(each.properties),
        }
        yield from (InputError(f"items.{place}.{field}", *rule) for field, rule in faults.items() if rule)
        yield from (InputError(f"items.{place}.{field}", rule) for field, rule in _missing(each))


def _time(occurred_at: datetime, now: datetime) -> Rule | None:
    if occurred_at < now - events.OLDEST:
        return TOO_OLD
    return AHEAD if occurred_at > now + events.FUTURE else None


def _unit(told: shapes.Happening) -> Rule | None:
    """Medical and sales stay apart, in the log as in the house."""
    if told.unit is None or told.kind not in shapes.TOLD:
        return None
    if (told.unit == MEDICAL) != (told.purpose == MEDICAL):
        return MIXED
    return None if told.unit in (MEDICAL, kinds.kind(told.kind).unit) else STRANGE


def _size(properties: dict[str, Any]) -> Rule | None:
    try:
        events.fits(properties, Doubts(nul=False, size=True))
    except InputError as error:
        return str(error.rule), "Tell only what is needed."
    return None


def _missing(told: shapes.Happening) -> list[tuple[str, str]]:
    return kinds.check(told.kind, told.properties) if told.kind in shapes.TOLD else []


def _medical(told: shapes.Happening) -> bool:
    return MEDICAL in (told.purpose, told.unit)


def _interaction(call: Caller, told: shapes.Happening) -> Interaction:
    unit = MEDICAL if told.purpose == MEDICAL else told.unit
    more: dict[str, Any] = {"unit": unit} if unit else {}
    return make.interaction(
        told.kind,
        now=call.now,
        source=call.source,
        source_id=told.source_id,
        occurred_at=told.occurred_at,
        purpose=told.purpose,
        person=told.person,
        properties=told.properties,
        content=told.content,
        is_machine=told.is_machine,
        **more,
    )
