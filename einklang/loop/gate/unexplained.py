"""Messages and verdicts that nothing accounts for; none in a house that is whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.consent import unexplained as ledger
from einklang.facts.consent.unexplained import Asked
from einklang.loop.gate import verdicts
from einklang.loop.gate.receipts import RECORDED, SENT
from einklang.loop.interactions import unexplained as log
from einklang.loop.interactions.horizon import HORIZON

BATCH = 2_000
SOURCE = "gate"  # of what the log knows from here
PERMISSIONS = ("email", "marketing")
LEFT = "('sending', 'sent', 'delivered', 'uncertain')"
WITHOUT_YES = f"""
SELECT m.id FROM gate_message AS m LEFT JOIN gate_verdict AS v ON v.id = m.dispatch_verdict
WHERE m.state IN {LEFT}
    AND (v.id IS NULL OR v.stage <> 'dispatch' OR v.answer <> 'yes' OR v.message IS DISTINCT FROM m.id)
ORDER BY m.id
"""
UNASKED = """
SELECT m.id FROM gate_message AS m WHERE NOT EXISTS (SELECT FROM gate_verdict AS v WHERE v.id = m.verdict) ORDER BY m.id
"""
ARRIVED = f"""
SELECT id FROM gate_message
WHERE state IN ('sent', 'delivered') AND recipient_kind = 'person' AND purpose = ANY(%(purposes)s)
    AND sent_at >= %(since)s AND (%(after)s::uuid IS NULL OR id > %(after)s) ORDER BY id LIMIT {BATCH}
"""
NEVER_SENT = """
SELECT id FROM gate_message WHERE id = ANY(%s) AND state IN ('planned', 'held', 'sending', 'withheld', 'uncertain')
ORDER BY id
"""
PROMOTED = f"""
SELECT m.id, m.dispatch_verdict, m.recipient FROM gate_message AS m
WHERE m.state IN {LEFT} AND m.recipient_kind = 'person' AND m.purpose = 'promotional' AND m.channel = 'email'
    AND m.dispatch_verdict IS NOT NULL AND (%(after)s::uuid IS NULL OR m.id > %(after)s) ORDER BY m.id LIMIT {BATCH}
"""


def left_without_yes(cur: Cursor) -> Iterator[UUID]:
    """Messages that left, or may have left, and that no stored yes of their own let go."""
    return _ids(cur, WITHOUT_YES)


def never_asked(cur: Cursor) -> Iterator[UUID]:
    """Messages without the verdict with which they were planned or withheld."""
    return _ids(cur, UNASKED)


def judged_otherwise(cur: Cursor, one_of: int = 1) -> Iterator[UUID]:
    """Verdicts that say something else when they are judged again. Of whom everything was erased, no facts are kept;
    what today's rule reads and was not kept then cannot be compared."""
    after: UUID | None = None
    while stored := verdicts.following(cur, after, limit=BATCH, one_of=one_of):
        after = stored[-1].id
        again = verdicts.replays(cur, stored)
        for one in stored:
            lost = one.id not in again and one.question.recipient.person is not None
            if lost or (one.id in again and again[one.id].differences):
                yield one.id


def sent_unlogged(cur: Cursor, now: datetime) -> Iterator[UUID]:
    """Messages that were sent to somebody and of which the log knows nothing."""
    wanted = {"purposes": list(RECORDED), "since": now - HORIZON, "after": None}
    while sent := [message for (message,) in cur.execute(ARRIVED, wanted).fetchall()]:
        wanted["after"] = sent[-1]
        known = log.known(cur, SOURCE, [_source_id(message) for message in sent])
        yield from (message for message in sent if _source_id(message) not in known)


def logged_unsent(cur: Cursor) -> Iterator[UUID]:
    """Messages that were not sent, or of which nobody knows, and of which the log says that they were."""
    for batch in log.recorded(cur, SOURCE):
        told = [UUID(name) for name, _, what in (each.partition(":") for each in batch) if what == SENT]
        yield from (message for (message,) in cur.execute(NEVER_SENT, (told,)).fetchall())


def sent_against_a_withdrawal(cur: Cursor) -> Iterator[UUID]:
    """Promotional mails that began to leave after their reader's withdrawal or objection was committed."""
    after: UUID | None = None
    while rows := cur.execute(PROMOTED, {"after": after}).fetchall():
        after = rows[-1][0]
        asked = [Asked(verdict, person, each) for _, verdict, person in rows for each in PERMISSIONS]
        refused = ledger.against_a_withdrawal(cur, asked)
        yield from (message for message, verdict, _ in rows if verdict in refused)


def _ids(cur: Cursor, query: str) -> Iterator[UUID]:
    for (id_,) in cur.execute(query).fetchall():
        yield id_


def _source_id(message: UUID) -> str:
    return f"{message}:{SENT}"
