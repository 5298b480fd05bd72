"""What the law gives every person: to see, to correct, to be forgotten (Art. 15 to 20 GDPR). Each act is one
transaction of the caller and takes the person's lock first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from einklang.core import erasure
from einklang.core.erasure import KEPT, RESTRICTED, Outcome
from einklang.core.pg import Cursor
from einklang.facts.audit import trail
from einklang.facts.people import correct as people
from einklang.facts.people import lock, viewer
from einklang.loop.interactions import log, make
from einklang.services.privacy import acts, classes
from einklang.services.privacy.record import current

CORRECTED, EXPORTED, ERASED = "person.corrected", "person.exported", "person.erased"
BY_MAIL = ("email", "mail_tracking")  # confirmed from the very address: a new one has confirmed nothing


def correct(
    cur: Cursor, *, person: UUID, changes: Mapping[str, str], by: UUID | None, now: datetime
) -> tuple[str, ...]:
    """Names of the fields that changed. A new mail address ends the consents that the old one had confirmed."""
    lock.hold(cur, [person])
    changed = people.correct(cur, person, changes)
    if not changed:
        return ()
    if "email" in changed:
        _unconfirmed(cur, person, now)
    _tell(cur, CORRECTED, person, {"fields": list(changed)}, now)
    trail.write(cur, [_act(CORRECTED, person, by, {"fields": list(changed)})], now)
    return changed


def erase(cur: Cursor, *, person: UUID, by: UUID | None, now: datetime) -> list[Outcome]:
    """What became of each class, in the order of the list. Raises `Conflict` while a message to her is leaving."""
    outcomes = _let_go(cur, person, now)
    _tell(cur, ERASED, None, {"classes": {each.record_class: each.result for each in outcomes}}, now)
    trail.write(cur, [_act(ERASED, person, by, plain(outcomes))], now)
    return outcomes


def rehearse(cur: Cursor, *, person: UUID, now: datetime) -> list[Outcome]:
    """What an erasure would do: it is done and taken back, so it cannot differ."""
    with transaction.atomic():
        viewer.unveiled(cur)
        outcomes = _let_go(cur, person, now)
        transaction.set_rollback(True)
    return outcomes


def exported(cur: Cursor, *, person: UUID, by: UUID | None, form: str, now: datetime) -> None:
    """That a copy was handed out, for the record of Art. 15."""
    _tell(cur, EXPORTED, person, {"form": form}, now)
    trail.write(cur, [_act(EXPORTED, person, by, {"form": form})], now)


def plain(outcomes: list[Outcome]) -> list[dict[str, object]]:
    return [
        {
            "class": each.record_class,
            "result": each.result,
            "count": each.count,
            "until": each.until.isoformat() if each.until else None,
            "basis": each.basis,
        }
        for each in outcomes
    ]


def _let_go(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    lock.hold(cur, [person])
    found = [_ruled(each) for room in erasure.rooms() for each in room.erase(cur, person, now)]
    order = list(classes.every())
    return sorted(found, key=lambda each: order.index(each.record_class))


def _ruled(outcome: Outcome) -> Outcome:
    """With the rule that keeps the class, and the day that follows from it."""
    keep = classes.named(outcome.record_class).keep
    if keep is None or outcome.result not in (RESTRICTED, KEPT):
        return outcome
    until = outcome.until
    if until is None and outcome.since and not keep.open:
        until = classes.months_later(outcome.since, keep.months).date()
    return replace(outcome, until=until, basis=keep.rule)


def _unconfirmed(cur: Cursor, person: UUID, now: datetime) -> None:
    for permission in BY_MAIL:
        known = current(cur, person, permission)
        if known and known.state in ("granted", "pending"):
            acts.withdraw(
                cur, person=person, permission=permission, evidence={"because": CORRECTED}, now=now, channel="studio"
            )


def _tell(cur: Cursor, kind: str, person: UUID | None, properties: dict[str, object], now: datetime) -> None:
    log.record(cur, [make.interaction(kind, now=now, purpose="service", person=person, properties=properties)])


def _act(act: str, person: UUID, by: UUID | None, new: object) -> trail.Act:
    return trail.Act(act=act, object=f"person:{person}", who=by, new=new)
