"""A mailing goes out in pieces: each asks the gate about the next people and remembers how far it came, in one
transaction. A worker that is killed in the middle of one has asked about nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.loop.decide.mailings import proofs, segment, store
from einklang.loop.decide.mailings.store import Mailing
from einklang.loop.gate import door, facts, judge, notes, packs, queue, stays
from einklang.loop.gate.door import Asked, MessageSpec
from einklang.loop.gate.question import Question, Recipient, Verdict

CHUNK = 500
STOP_CHUNK = 1_000
CLAIM = """
SELECT id FROM decide_mailing WHERE state = 'stopping' OR (state IN ('scheduled', 'running') AND starts_at <= %s)
ORDER BY state = 'stopping' DESC, starts_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
KNOWN = "SELECT person_id FROM decide_addressed WHERE mailing_id = %s AND person_id = ANY(%s)"
ADDRESS = """
INSERT INTO decide_addressed (mailing_id, person_id, message, rule)
SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::text[])
"""
GO_ON = """
UPDATE decide_mailing SET state = %(state)s, position = coalesce(%(position)s, position),
    asked = asked + %(asked)s, planned = planned + %(planned)s
WHERE id = %(id)s
"""
STOPPED = "UPDATE decide_mailing SET state = 'stopped' WHERE id = %s"


def advance(cur: Cursor, now: datetime, limit: int = CHUNK) -> int:
    """How much was done; 0 when no mailing is due. The caller commits."""
    claimed = cur.execute(CLAIM, (now,)).fetchone()
    if claimed is None:
        return 0
    mailing = store.get(cur, claimed[0])
    return _stop(cur, mailing, now) if mailing.state == "stopping" else _go_on(cur, mailing, now, limit)


def judged(cur: Cursor, version: Version, persons: Sequence[UUID], at: datetime, until: datetime) -> list[Verdict]:
    """What the gate would answer; nothing is stored, and nobody is named."""
    questions = [_question(version, person, at, until) for person in persons]
    return judge.judge(questions, facts.load(cur, questions), packs.current())


def _go_on(cur: Cursor, mailing: Mailing, now: datetime, limit: int) -> int:
    """The seed list is first. After the last day nobody else is asked about."""
    if now >= mailing.over_at or mailing.content is None:
        return _reached(cur, mailing, None, [])
    if mailing.state == "scheduled":
        proofs.to_seeds(cur, mailing.id, mailing.content, mailing.over_at, now)
    found, last = segment.members(cur, mailing.segment, now, after=mailing.position, limit=limit)
    return _reached(cur, mailing, last, _ask(cur, mailing, found, now))


def _reached(cur: Cursor, mailing: Mailing, last: UUID | None, asked: Sequence[Asked]) -> int:
    planned = sum(each.verdict.answer != "no" for each in asked)
    state = "running" if last else "done"
    values = {"id": mailing.id, "state": state, "position": last, "asked": len(asked), "planned": planned}
    cur.execute(GO_ON, values)
    return max(1, len(asked))


def _ask(cur: Cursor, mailing: Mailing, found: Sequence[UUID], now: datetime) -> list[Asked]:
    known = {person for (person,) in cur.execute(KNOWN, (mailing.id, list(found)))}
    persons = [person for person in found if person not in known]
    if not persons or mailing.content is None:
        return []
    version = content.versions(cur, [mailing.content])[mailing.content]
    questions = [_question(version, person, now, mailing.over_at) for person in persons]
    specs = [MessageSpec(version.id, mailing.id) for _ in persons]
    asked = door.ask(cur, questions, now=now, messages=specs)
    rules = [each.verdict.rules[0] if each.verdict.answer == "no" else "" for each in asked]
    cur.execute(ADDRESS, (mailing.id, persons, [each.message for each in asked], rules))
    return asked


def _question(version: Version, person: UUID, at: datetime, until: datetime) -> Question:
    """From `until` on nothing of it leaves: the gate asks for that again at dispatch."""
    purpose = "promotional" if version.promotional else "medical"
    recipient, given = Recipient("person", person), {"not_after": until.isoformat()}
    return Question("send", recipient, "email", purpose, unit="marketing", content=version.id, at=at, given=given)


def _stop(cur: Cursor, mailing: Mailing, now: datetime) -> int:
    """What is being dispatched at this moment is looked at again."""
    door.withhold(cur, proofs.messages(cur, mailing.id), notes.MAILING_STOPPED, now)
    waiting = queue.ids(cur, journey=mailing.id, limit=STOP_CHUNK)
    done = len(door.withhold(cur, waiting, notes.MAILING_STOPPED, now))
    if done == len(waiting) < STOP_CHUNK:
        cur.execute(STOPPED, (mailing.id,))
        stays.lift(cur, [mailing.id])
    return max(1, done)
