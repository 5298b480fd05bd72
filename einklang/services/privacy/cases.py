"""Requests by Art. 15, 16 and 17 GDPR: asked once, due in a month, decided by one who has seen what the others did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.clock import ZONE
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.audit import trail
from einklang.facts.people import correct as people
from einklang.facts.people import lock
from einklang.services.privacy import classes, rights

Kind = Literal["access", "correction", "erasure"]
ALARM = timedelta(days=7)
EXTENSION_MONTHS = 2
OLDEST = timedelta(days=366)
LONGEST = 2000
PORTAL = "portal"
SOURCES = ("letter", "mail", "phone", "in_person")
IDENTITIES = ("address", "callback", "mail", "document", "known")
OPENED = "request.opened"

NOTHING = Words("Es steht noch nicht da, was anders sein soll.", "What shall be different is missing.")
SAY = Words("Bitte ein Feld ändern oder es unten beschreiben.", "Please change a field or describe it below.")
TOO_LONG = Words("Höchstens 2.000 Zeichen.", "At most 2,000 characters.")
CHOOSE = Words("Bitte wählen Sie aus der Liste.", "Please choose of the list.")
NOT_YET = Words("Dieser Tag liegt in der Zukunft.", "This day lies in the future.")
LONG_AGO = Words("Dieser Tag liegt mehr als ein Jahr zurück.", "This day is more than a year ago.")
COUNTED = Words("Die Frist zählt ab dem Eingang.", "The time limit counts from the arrival.")
WHY = Words("Es fehlt der Grund.", "The reason is missing.")
SHE_READS_IT = Words("Die Person liest ihn.", "The person reads it.")
GONE = Words("Diesen Antrag gibt es nicht.", "There is no such request.")
ONE_OPEN = Words("Es liegt schon ein offener Antrag vor.", "There is an open request already.")
CHANGED = Words(
    "Jemand hat diesen Antrag inzwischen bearbeitet. Ihre Eingabe ist noch da.",
    "Somebody has worked on this request meanwhile. Your entry is still here.",
)
ONCE = Words("Die Frist wurde schon verlängert.", "The time limit was extended already.")
TOO_LATE = Words("Verlängert wird vor dem letzten Tag.", "An extension comes before the last day.")

COLUMNS = """id, person, kind, wishes, message, source, identity, received_at, due, extended_at, extension_reason,
    state, decided_at, decided_by, answer, outcomes, version"""
SELECT = f"SELECT {COLUMNS} FROM privacy_request"
STORE = """
INSERT INTO privacy_request
    (id, token, person, kind, wishes, message, source, identity, opened_by, received_at, due, extension_reason, state,
     answer, outcomes, version)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', 'open', '', '[]', 1)
"""
EXTEND = """
UPDATE privacy_request SET due = %s, extended_at = %s, extension_reason = %s, version = version + 1 WHERE id = %s
"""
CLOSE = """
UPDATE privacy_request SET state = %(state)s, decided_at = %(now)s, decided_by = %(by)s, answer = %(answer)s,
    version = version + 1 WHERE id = %(id)s
"""
LISTING = f"""
{SELECT} WHERE (%(state)s::text IS NULL OR (state = 'open') = (%(state)s = 'open'))
    AND (%(kind)s::text IS NULL OR kind = %(kind)s)
ORDER BY state <> 'open', CASE WHEN state = 'open' THEN due END, decided_at DESC, id LIMIT %(limit)s
"""
ARRIVED = f"""
{SELECT} WHERE (%(state)s::text IS NULL OR (state = 'open') = (%(state)s = 'open'))
    AND (%(beyond)s::uuid IS NULL
        OR (received_at, id) < (SELECT received_at, id FROM privacy_request WHERE id = %(beyond)s))
ORDER BY received_at DESC, id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Taken down for somebody who wrote or phoned: how it came, how we know who it was, by whom, and when it came.

    `by` is None where another system took it down; `via` says which door it came through.
    """

    source: str
    identity: str
    by: UUID | None
    at: datetime
    via: str = "studio"


@dataclass(frozen=True, slots=True)
class Case:
    id: UUID
    person: UUID
    kind: Kind
    wishes: Mapping[str, str]
    message: str
    source: str
    identity: str
    received_at: datetime
    due: date
    extended_at: datetime | None
    extension_reason: str
    state: str
    decided_at: datetime | None
    decided_by: UUID | None
    answer: str
    outcomes: Sequence[Mapping[str, Any]]
    version: int

    @property
    def open(self) -> bool:
        return self.state == "open"

    def alarm(self, now: datetime) -> bool:
        return self.open and _today(now) >= self.due - ALARM

    def overdue(self, now: datetime) -> bool:
        return self.open and _today(now) > self.due

    def extendable(self, now: datetime) -> bool:
        return self.open and self.extended_at is None and _today(now) < self.due


def due(received: datetime, months: int = 1) -> date:
    """The same day of a later month, or its last one: 31 January → 28 February (EU-DP-04)."""
    return classes.months_later(received.astimezone(ZONE), months).date()


def ask(
    cur: Cursor,
    *,
    person: UUID,
    kind: Kind,
    wishes: Mapping[str, str],
    message: str,
    token: str,
    now: datetime,
    taken: Taken | None = None,
) -> UUID:
    """`token` names the form: the second click asks nothing twice. Raises `Conflict` where one is open."""
    checked = check(kind=kind, wishes=wishes, message=message, taken=taken, now=now)
    lock.hold(cur, [person])
    known = cur.execute("SELECT id FROM privacy_request WHERE token = %s", (token,)).fetchone()
    if known:
        return UUID(str(known[0]))
    if any(each.open and each.kind == kind for each in of_person(cur, person)):
        raise Conflict(ONE_OPEN)
    case = ids.new()
    received = taken.at if taken else now
    came = (taken.source, taken.identity, taken.by) if taken else (PORTAL, "", None)
    cur.execute(STORE, (case, token, person, kind, checked, message.strip(), *came, received, due(received)))
    if taken:
        _written_down(cur, case, taken, now, person=person, kind=kind)
    return case


def check(
    *, kind: Kind, wishes: Mapping[str, str], message: str, taken: Taken | None = None, now: datetime
) -> dict[str, str]:
    """The wishes as they would be stored. Raises `InputError` with the field."""
    if len(message) > LONGEST:
        raise InputError("message", TOO_LONG)
    if kind == "correction" and not wishes and not message.strip():
        raise InputError("message", NOTHING, SAY)
    if taken and taken.source not in SOURCES:
        raise InputError("source", CHOOSE)
    if taken and taken.identity not in IDENTITIES:
        raise InputError("identity", CHOOSE)
    if taken and taken.at > now:
        raise InputError("received", NOT_YET, COUNTED)
    if taken and taken.at < now - OLDEST:
        raise InputError("received", LONG_AGO, COUNTED)
    return people.check(wishes)


def take_back(cur: Cursor, *, case: UUID, person: UUID, now: datetime) -> None:
    found = get(cur, case)
    if found.person != person:
        raise NotFound(GONE)
    _close(cur, _claim(cur, case, found.version), "taken_back", by=None, now=now)


def extend(cur: Cursor, *, case: UUID, version: int, reason: str, by: UUID, now: datetime) -> None:
    """Once, by two months, told with its reason before the day (Art. 12 (3) GDPR)."""
    found = _claim(cur, case, version)
    if not reason.strip():
        raise InputError("reason", WHY, SHE_READS_IT)
    if found.extended_at is not None:
        raise Conflict(ONCE)
    if not found.extendable(now):
        raise Conflict(TOO_LATE)
    cur.execute(EXTEND, (due(found.received_at, 1 + EXTENSION_MONTHS), now, reason.strip(), case))


def accept(cur: Cursor, *, case: UUID, version: int, answer: str, by: UUID, now: datetime) -> Case:
    """Does what was asked for."""
    found = _claim(cur, case, version)
    _close(cur, found, "done", by=by, answer=answer.strip(), now=now)
    if found.kind == "erasure":
        outcomes = rights.plain(rights.erase(cur, person=found.person, by=by, now=now))
        cur.execute(
            "UPDATE privacy_request SET outcomes = %s::jsonb WHERE id = %s", (orjson.dumps(outcomes).decode(), case)
        )
    elif found.kind == "correction":
        rights.correct(cur, person=found.person, changes=found.wishes, by=by, now=now)
    return get(cur, case)


def refuse(cur: Cursor, *, case: UUID, version: int, answer: str, by: UUID, now: datetime) -> None:
    if not answer.strip():
        raise InputError("answer", WHY, SHE_READS_IT)
    _close(cur, _claim(cur, case, version), "refused", by=by, answer=answer.strip(), now=now)


def get(cur: Cursor, case: UUID) -> Case:
    row = cur.execute(f"{SELECT} WHERE id = %s", (case,)).fetchone()
    if row is None:
        raise NotFound(GONE)
    return Case(*row)


def of_person(cur: Cursor, person: UUID) -> list[Case]:
    """Newest first."""
    return [Case(*row) for row in cur.execute(f"{SELECT} WHERE person = %s ORDER BY received_at DESC", (person,))]


def listing(cur: Cursor, *, state: str | None = None, kind: str | None = None, limit: int = 100) -> list[Case]:
    """Open ones first, the most urgent on top. `state` is open, closed, or None for both."""
    return [Case(*row) for row in cur.execute(LISTING, {"state": state, "kind": kind, "limit": limit})]


def arrived(cur: Cursor, *, state: str | None = None, beyond: UUID | None = None, limit: int) -> list[Case]:
    """The last to arrive first, an order that no decision changes. `beyond` is the last one that was seen."""
    return [Case(*row) for row in cur.execute(ARRIVED, {"state": state, "beyond": beyond, "limit": limit})]


def _written_down(cur: Cursor, case: UUID, taken: Taken, now: datetime, *, person: UUID, kind: Kind) -> None:
    facts = {"case": str(case), "kind": kind, "source": taken.source, "identity": taken.identity}
    facts["received"] = taken.at.isoformat()
    opened = trail.Act(act=OPENED, object=f"person:{person}", who=taken.by, new=facts, source=taken.via)
    trail.write(cur, [opened], now)


def _claim(cur: Cursor, case: UUID, version: int) -> Case:
    """The open case, while its person is held: of two who decide the second is told."""
    found = get(cur, case)
    lock.hold(cur, [found.person] if found.open else [])
    row = cur.execute(f"{SELECT} WHERE id = %s FOR UPDATE", (case,)).fetchone()
    held = Case(*row) if row else found
    if not held.open or held.version != version:
        raise Conflict(CHANGED)
    return held


def _close(cur: Cursor, case: Case, state: str, *, by: UUID | None, answer: str = "", now: datetime) -> None:
    cur.execute(CLOSE, {"state": state, "by": by, "answer": answer, "now": now, "id": case.id})


def _today(now: datetime) -> date:
    return now.astimezone(ZONE).date()
