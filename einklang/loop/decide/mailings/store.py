"""A mailing from its draft to its end: draft, scheduled, running, done, or stopping and stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.clock import ZONE
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor, notify
from einklang.core.words import Words
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.facts.products import read as products
from einklang.loop.decide.mailings import segment as segments
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.gate import notes, stays

LONGEST_NAME = 100
LONGEST_PERIOD = 366
FORM_TIME = timedelta(hours=1)  # somebody who was offered "now" takes a while to say yes
STOPPABLE = ("scheduled", "running", "done")

COLUMNS = """id, name, brand, content, begins, ends, segment, state, revision, starts_at, position, asked, planned,
    switched_at, switched_by_id, reason"""
LISTING = f"SELECT {COLUMNS} FROM decide_mailing ORDER BY switched_at DESC, id LIMIT %s"
GET = f"SELECT {COLUMNS} FROM decide_mailing WHERE id = %s"
INSERT = """
INSERT INTO decide_mailing
    (id, name, begins, ends, segment, state, revision, asked, planned, switched_at, switched_by_id)
VALUES (%(id)s, %(name)s, %(day)s, %(until)s, '{}', 'draft', 1, 0, 0, %(now)s, %(by)s)
"""
UNTOUCHED = "SELECT id FROM decide_mailing WHERE state = 'draft' AND revision = 1 AND switched_by_id = %s AND name = %s"
SAVE = """
UPDATE decide_mailing SET name = %(name)s, brand = %(brand)s, content = %(content)s,
    begins = %(begins)s, ends = %(ends)s, segment = %(segment)s,
    revision = revision + 1, switched_at = %(now)s, switched_by_id = %(by)s
WHERE id = %(id)s AND state = 'draft' AND revision = %(revision)s
"""
SCHEDULE = """
UPDATE decide_mailing SET state = 'scheduled', starts_at = %(at)s, revision = revision + 1, switched_at = %(now)s,
    switched_by_id = %(by)s
WHERE id = %(id)s AND state = 'draft' AND revision = %(revision)s
"""
STOP = """
UPDATE decide_mailing SET state = 'stopping', reason = %(reason)s, switched_at = %(now)s, switched_by_id = %(by)s
WHERE id = %(id)s AND state = ANY(%(states)s)
"""
BACK = """
UPDATE decide_mailing SET state = 'draft', starts_at = NULL, revision = revision + 1, switched_at = %(now)s,
    switched_by_id = %(by)s
WHERE id = %(id)s AND state = 'scheduled'
"""
DROP = """
WITH tests AS (
    DELETE FROM decide_proof USING decide_mailing AS mailing
    WHERE mailing_id = mailing.id AND mailing.id = %(id)s AND state = 'draft' AND revision = %(revision)s
)
DELETE FROM decide_mailing WHERE id = %(id)s AND state = 'draft' AND revision = %(revision)s
"""
READERS = """
SELECT person_id, message FROM decide_addressed
WHERE mailing_id = %(mailing)s AND rule = '' AND (%(after)s::uuid IS NULL OR person_id > %(after)s)
ORDER BY person_id LIMIT %(limit)s
"""

NO_NAME = Words("Eine Aussendung braucht einen Namen.", "A mailing needs a name.")
NAME_LENGTH = Words(
    f"Der Name hat höchstens {LONGEST_NAME} Zeichen.", f"The name has at most {LONGEST_NAME} characters."
)
NO_MAIL = Words("Diese Mail ist nicht freigegeben.", "This mail is not approved.")
CHOOSE_MAIL = Words("Wählen Sie eine freigegebene Mail.", "Choose an approved mail.")
BACKWARDS = Words("Der Zeitraum endet, bevor er beginnt.", "The period ends before it begins.")
LATER_END = Words("Wählen Sie ein späteres Ende.", "Choose a later end.")
TOO_LONG = Words("Der Zeitraum ist länger als ein Jahr.", "The period is longer than a year.")
EARLIER_END = Words("Wählen Sie ein früheres Ende.", "Choose an earlier end.")
MAIL_ENDS = Words(
    "Die Freigabe der Mail endet vor dem Zeitraum.", "The approval of the mail ends before the period does."
)
NO_BRAND = Words("Diese Marke gibt es nicht.", "There is no such brand.")
CHOOSE_BRAND = Words("Wählen Sie eine Marke der Liste.", "Choose a brand of the list.")
OTHER_BRAND = Words("Die Mail gehört zu einer anderen Marke.", "The mail is of another brand.")
CHOOSE_OTHER = Words(
    "Wählen Sie eine Mail dieser Marke, oder ändern Sie die Marke.", "Choose a mail of this brand, or change the brand."
)
OUTSIDE = Words("Der Beginn liegt nicht im Zeitraum.", "The start does not lie within the period.")
WITHIN = Words(
    "Wählen Sie einen Beginn im Zeitraum, der noch kommt.", "Choose a start within the period that is still to come."
)
PAST = Words("Dieser Zeitpunkt ist vorbei.", "This moment is over.")
NOBODY = Words("Auf niemanden passt dieses Segment.", "Nobody fits this segment.")
WIDER = Words("Nehmen Sie ein Merkmal zurück und speichern Sie.", "Take a criterion back and save.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wrote into a draft. Without a brand it is the mail's, and else the company's own campaign."""

    name: str
    brand: str
    content: UUID | None
    begins: date
    ends: date
    segment: Segment


@dataclass(frozen=True, slots=True)
class Mailing:
    id: UUID
    name: str
    brand: str
    content: UUID | None
    begins: date
    ends: date
    document: dict[str, Any]
    state: str
    revision: int
    starts_at: datetime | None
    position: UUID | None
    asked: int
    planned: int
    switched_at: datetime
    switched_by: UUID
    reason: str

    @property
    def segment(self) -> Segment:
        return segments.parse(self.document)

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.name, self.brand, self.content, self.begins, self.ends, self.segment)

    @property
    def withheld(self) -> int:
        return self.asked - self.planned

    @property
    def over_at(self) -> datetime:
        return over_at(self.ends)


def over_at(last: date) -> datetime:
    """The end of the last day."""
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), ZONE)


def listing(cur: Cursor, limit: int = 200) -> list[Mailing]:
    """What was touched last comes first."""
    return [Mailing(*row) for row in cur.execute(LISTING, (limit,))]


def get(cur: Cursor, mailing: UUID) -> Mailing:
    row = cur.execute(GET, (mailing,)).fetchone()
    if row is None:
        raise NotFound(f"There is no mailing {mailing}.")
    return Mailing(*row)


def begin(cur: Cursor, name: str, *, by: UUID, now: datetime) -> tuple[UUID, bool]:
    """Begun twice it is begun once: with whether it is new."""
    cur.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"mailing {by}",))
    untouched = cur.execute(UNTOUCHED, (by, name)).fetchone()
    return (untouched[0], False) if untouched else (create(cur, name, by=by, now=now), True)


def create(cur: Cursor, name: str, *, by: UUID, now: datetime) -> UUID:
    id_, day = ids.new(), now.astimezone(ZONE).date()
    values = {"id": id_, "name": name, "day": day, "until": day + timedelta(days=14), "now": now, "by": by}
    cur.execute(INSERT, values)
    return id_


def save(cur: Cursor, mailing: UUID, wanted: Wanted, *, revision: int, by: UUID, now: datetime) -> None:
    """Raises `Conflict` where somebody else was faster."""
    brand = check(cur, wanted, now)
    values = {
        "id": mailing,
        "name": wanted.name.strip(),
        "brand": brand,
        "content": wanted.content,
        "begins": wanted.begins,
        "ends": wanted.ends,
        "segment": orjson.dumps(wanted.segment.document).decode(),
        "revision": revision,
        "by": by,
        "now": now,
    }
    _changed(cur, SAVE, values)


def check(cur: Cursor, wanted: Wanted, now: datetime) -> str:
    """The brand that it is for."""
    name = wanted.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise InputError("name", NAME_LENGTH if name else NO_NAME)
    if wanted.ends < wanted.begins:
        raise InputError("ends", BACKWARDS, LATER_END)
    if (wanted.ends - wanted.begins).days >= LONGEST_PERIOD:
        raise InputError("ends", TOO_LONG, EARLIER_END)
    mail = _sendable(cur, wanted.content, now) if wanted.content else None
    if mail and mail.valid_to and mail.valid_to < over_at(wanted.ends):
        raise InputError("ends", MAIL_ENDS, EARLIER_END)
    return _brand(cur, wanted.brand, mail)


def _brand(cur: Cursor, wanted: str, mail: Version | None) -> str:
    """A mail about a medicine is of that medicine's brand."""
    if wanted and wanted not in {each.brand for each in products.all_products(cur)}:
        raise InputError("brand", NO_BRAND, CHOOSE_BRAND)
    if mail is None or mail.authorisation is None:
        return wanted
    (own,) = products.product(cur, [mail.authorisation]).values()
    if wanted and wanted != own.brand:
        raise InputError("content", OTHER_BRAND, CHOOSE_OTHER)
    return own.brand


def schedule(cur: Cursor, mailing: UUID, at: datetime, *, revision: int, by: UUID, now: datetime) -> None:
    """From then on the worker asks the gate about everybody in the segment, piece by piece."""
    draft = get(cur, mailing)
    if draft.content is None:
        raise InputError("content", NO_MAIL, CHOOSE_MAIL)
    _sendable(cur, draft.content, now)
    if not (draft.begins <= at.astimezone(ZONE).date() <= draft.ends) or draft.over_at <= now:
        raise InputError("starts_at", OUTSIDE, WITHIN)
    if at < now - FORM_TIME:
        raise InputError("starts_at", PAST, WITHIN)
    if not any(segments.everybody(cur, draft.segment, now)):
        raise InputError("segment", NOBODY, WIDER)
    _changed(cur, SCHEDULE, {"id": mailing, "at": at, "revision": revision, "by": by, "now": now})
    notify(cur, "clock")


def unschedule(cur: Cursor, mailing: UUID, *, by: UUID, now: datetime) -> None:
    """Back to the draft, as long as nobody was asked about."""
    _changed(cur, BACK, {"id": mailing, "by": by, "now": now})


def stop(cur: Cursor, mailing: UUID, reason: str, *, by: UUID, now: datetime) -> None:
    """Nothing more leaves. What waits is withheld by the worker, piece by piece; what went cannot be called back."""
    values = {"id": mailing, "reason": reason, "by": by, "now": now, "states": list(STOPPABLE)}
    _changed(cur, STOP, values)
    stays.withhold(cur, [mailing], notes.MAILING_STOPPED)
    notify(cur, "clock")


def drop(cur: Cursor, mailing: UUID, revision: int) -> None:
    _changed(cur, DROP, {"id": mailing, "revision": revision})


def readers(cur: Cursor, mailing: UUID, *, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
    """(person, message) of those who were allowed to get it when they were asked about."""
    return cur.execute(READERS, {"mailing": mailing, "after": after, "limit": limit}).fetchall()


def _sendable(cur: Cursor, version: UUID, now: datetime) -> Version:
    found = content.versions(cur, [version]).get(version)
    if found is None or found.kind != "mail" or not found.valid(now):
        raise InputError("content", NO_MAIL, CHOOSE_MAIL)
    return found


def _changed(cur: Cursor, query: str, values: dict[str, Any]) -> None:
    if not cur.execute(query, values).rowcount:
        raise Conflict(f"mailing {values['id']}")
