"""Messages, disclosures and verdicts. What was asked about samples stays with the sample ledger (DE-SAM-12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from einklang.core.erasure import RESTRICTED, Ageing, Outcome, Room, erased, rows, unlocked
from einklang.core.errors import Conflict
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import read as people

BUSY = Words(
    "Gerade geht eine Nachricht an diese Person hinaus. Bitte in einer Minute noch einmal.",
    "A message to this person is just leaving. Please try again in a minute.",
)
MAILED = "recipient_kind <> 'mailbox' AND (recipient = ANY(%(recipients)s) OR about = %(person)s)"
MESSAGES = f"""
SELECT created_at, sent_at, state, channel, purpose, unit, content, detail FROM gate_message WHERE {MAILED}
ORDER BY created_at
"""
LOCK = f"SELECT state FROM gate_message WHERE {MAILED} FOR UPDATE NOWAIT"
DELETE_MESSAGES = f"DELETE FROM gate_message WHERE {MAILED}"
DISCLOSURES = """
SELECT rep, day, answer, grade, fields FROM gate_disclosure WHERE person = %s ORDER BY day, rep
"""
VERDICTS = """
SELECT stored_at, act, channel, purpose, permission, answer, rule, packs FROM gate_verdict WHERE person = %s
ORDER BY stored_at
"""
FACTS = """
DELETE FROM gate_facts WHERE digest IN (SELECT facts FROM gate_verdict WHERE person = %(person)s AND act <> 'hand_over')
  AND strpos(body::text, %(person)s::text) > 0
"""
UNLINK = """
UPDATE gate_verdict SET person = NULL, anonymous = NULL, message = NULL,
    recipient = CASE WHEN recipient = ANY(%(recipients)s) THEN NULL ELSE recipient END
WHERE (person = %(person)s OR recipient = ANY(%(recipients)s)) AND act <> 'hand_over'
"""
SAMPLES = "SELECT count(*), max(stored_at) FROM gate_verdict WHERE person = %s AND act = 'hand_over'"
SUPPRESSION = "UPDATE gate_suppression SET person = NULL WHERE person = %s"
FINAL = "state IN ('sent', 'delivered', 'failed', 'withheld') AND updated_at < %s AND recipient_kind <> 'mailbox'"
OLD_MESSAGES = f"SELECT count(*), min(updated_at) FROM gate_message WHERE {FINAL}"
DROP_MESSAGES = f"""
DELETE FROM gate_message WHERE id IN (SELECT id FROM gate_message WHERE {FINAL} ORDER BY updated_at LIMIT %s)
"""
OLD_LOOKS = "SELECT count(*), min(day)::timestamptz FROM gate_disclosure WHERE day < %s"
DROP_LOOKS = """
DELETE FROM gate_disclosure WHERE ctid = ANY(ARRAY(SELECT ctid FROM gate_disclosure WHERE day < %s LIMIT %s))
"""


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {
        "messages": rows(cur, MESSAGES, _names(cur, person)),
        "disclosures": _named(cur, rows(cur, DISCLOSURES, (person,))),
        "verdicts": rows(cur, VERDICTS, (person,)),
    }


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    names = _names(cur, person)
    messages = _messages(cur, names)
    looks = cur.execute("DELETE FROM gate_disclosure WHERE person = %s", (person,)).rowcount
    cur.execute(SUPPRESSION, (person,))
    with unlocked(cur):
        cur.execute(FACTS, names)
        verdicts = cur.execute(UNLINK, names).rowcount
    outcomes = [erased("messages", messages), erased("disclosures", looks), erased("verdicts", verdicts)]
    samples, last = cur.execute(SAMPLES, (person,)).fetchone() or (0, None)
    if samples:
        outcomes.append(Outcome(record_class="sample_verdicts", result=RESTRICTED, count=samples, since=last))
    return outcomes


def _messages(cur: Cursor, names: dict[str, Any]) -> int:
    """The dispatcher locks messages before persons: whoever holds the person must not wait for them."""
    try:
        leaving = cur.execute(LOCK, names).fetchall()
    except psycopg.errors.LockNotAvailable as error:
        raise Conflict(BUSY) from error
    if ("sending",) in leaving:
        raise Conflict(BUSY)
    return cur.execute(DELETE_MESSAGES, names).rowcount


def _names(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"person": person, "recipients": [person, *people.logins(cur, [person])]}


def _named(cur: Cursor, looks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """She may know who looked."""
    reps = people.users(cur, {each["rep"] for each in looks})
    return [{**each, "rep": reps[each["rep"]].name if each["rep"] in reps else None} for each in looks]


def _old_messages(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    return cur.execute(OLD_MESSAGES, (before,)).fetchone() or (0, None)


def _drop_messages(cur: Cursor, before: datetime, limit: int) -> int:
    return cur.execute(DROP_MESSAGES, (before, limit)).rowcount


def _old_looks(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    return cur.execute(OLD_LOOKS, (before.date(),)).fetchone() or (0, None)


def _drop_looks(cur: Cursor, before: datetime, limit: int) -> int:
    return cur.execute(DROP_LOOKS, (before.date(), limit)).rowcount


ROOM = Room(
    name="gate",
    export=export,
    erase=erase,
    ageing=(
        Ageing(record_class="messages", older=_old_messages, drop=_drop_messages),
        Ageing(record_class="disclosures", older=_old_looks, drop=_drop_looks),
    ),
)
