"""Mails that stay in the house: a test of a mailing's draft or of a content, and what the seed list gets of each run.

The gate decides over each of them as over any other mail (EU-INT-01). They are no part of what a mailing reached:
their messages name no journey, and no count knows them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import read as people
from einklang.facts.people import roles
from einklang.loop.gate import door
from einklang.loop.gate.door import Asked, MessageSpec
from einklang.loop.gate.question import Question, Recipient

PURPOSE = "internal"
STUDIO = "studio.open"
TESTABLE = ("draft", "scheduled")
MOST_SEEDS = 50
AGAIN_AFTER = timedelta(minutes=1)  # a second click on the same button is no second test

SEEDS = "SELECT user_id, since, added_by_id FROM decide_seed ORDER BY since, user_id"
ADD = "INSERT INTO decide_seed (user_id, since, added_by_id) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
REMOVE = "DELETE FROM decide_seed WHERE user_id = %s"
LATEST = """
SELECT user_id, message, test, at FROM decide_proof WHERE mailing_id = %(about)s OR content = %(about)s
ORDER BY at DESC, id DESC LIMIT %(limit)s
"""
KEEP = """
INSERT INTO decide_proof (mailing_id, content, user_id, message, test, at)
SELECT %(mailing)s, %(content)s, *, %(test)s, %(now)s FROM unnest(%(users)s::uuid[], %(messages)s::uuid[])
"""
SEEDED = "SELECT user_id FROM decide_proof WHERE mailing_id = %s AND NOT test"
JUST_TESTED = """
SELECT user_id FROM decide_proof WHERE (mailing_id = %(about)s OR content = %(about)s) AND test AND at > %(since)s
"""
ONE_TEST = "SELECT pg_advisory_xact_lock(hashtext('mailing test'), hashtext(%s))"
MESSAGES = "SELECT message FROM decide_proof WHERE mailing_id = %s"

NOT_STAFF = Words("Dieses Konto arbeitet nicht im Studio.", "This account does not work in the studio.")
CHOOSE_STAFF = Words("Wählen Sie ein Konto der Liste.", "Choose an account of the list.")
ENOUGH = Words(f"Es gibt schon {MOST_SEEDS} Prüfempfänger.", f"The seed list holds {MOST_SEEDS} accounts already.")
REMOVE_ONE = Words("Nehmen Sie zuerst jemanden heraus.", "Remove one of them first.")


@dataclass(frozen=True, slots=True)
class Seed:
    user: UUID
    since: datetime
    added_by: UUID


@dataclass(frozen=True, slots=True)
class Proof:
    """`test` was sent from a draft; the others are what the seed list got of the run."""

    user: UUID
    message: UUID
    test: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """`mails` are on their way; each who was refused has her reason in the verdict."""

    mails: Sequence[Asked]
    again: Collection[UUID]

    @property
    def refused(self) -> list[Asked]:
        return [each for each in self.mails if not each.verdict.yes]


def seeds(cur: Cursor) -> list[Seed]:
    return [Seed(*row) for row in cur.execute(SEEDS).fetchall()]


def add(cur: Cursor, user: UUID, *, by: UUID, now: datetime) -> bool:
    """False where she stands there already."""
    card = people.user(cur, user)
    if card is None or not card.is_active or card.person or not roles.may(card.roles, STUDIO):
        raise InputError("user", NOT_STAFF, CHOOSE_STAFF)
    if len(seeds(cur)) >= MOST_SEEDS:
        raise InputError("user", ENOUGH, REMOVE_ONE)
    return bool(cur.execute(ADD, (user, now, by)).rowcount)


def remove(cur: Cursor, user: UUID) -> bool:
    return bool(cur.execute(REMOVE, (user,)).rowcount)


def latest(cur: Cursor, about: UUID, limit: int = 100) -> list[Proof]:
    """Of a mailing, or of a content that was tried without one."""
    return [Proof(*row) for row in cur.execute(LATEST, {"about": about, "limit": limit}).fetchall()]


def messages(cur: Cursor, mailing: UUID) -> list[UUID]:
    return [message for (message,) in cur.execute(MESSAGES, (mailing,)).fetchall()]


def test(cur: Cursor, mailing: UUID | None, content: UUID, users: Collection[UUID], now: datetime) -> Sent:
    """Marked in its subject. Who got one within the last minute gets no other."""
    just = {"about": mailing or content, "since": now - AGAIN_AFTER}
    cur.execute(ONE_TEST, (str(just["about"]),))  # of two clicks at once the second sees the first
    again = {user for (user,) in cur.execute(JUST_TESTED, just)}
    wanted = [user for user in dict.fromkeys(users) if user not in again]
    asked = _send(cur, mailing, content, wanted, now=now, test=True, given={"test": True})
    return Sent(asked, again & set(users))


def to_seeds(cur: Cursor, mailing: UUID, content: UUID, until: datetime, now: datetime) -> None:
    """Each of the list gets the mailing once, as its readers do."""
    had = {user for (user,) in cur.execute(SEEDED, (mailing,))}
    wanted = [each.user for each in seeds(cur) if each.user not in had]
    _send(cur, mailing, content, wanted, now=now, test=False, given={"not_after": until.isoformat()})


def _send(
    cur: Cursor,
    mailing: UUID | None,
    content: UUID,
    users: Sequence[UUID],
    *,
    now: datetime,
    test: bool,
    given: dict[str, object],
) -> list[Asked]:
    questions = [
        Question(
            "send", Recipient("user", user), "email", PURPOSE, unit="marketing", content=content, at=now, given=given
        )
        for user in users
    ]
    asked = door.ask(cur, questions, now=now, messages=[MessageSpec(content) for _ in users])
    kept = {"users": list(users), "messages": [each.message for each in asked]}
    about = {"mailing": mailing, "content": None if mailing else content}
    cur.execute(KEEP, {**about, "test": test, "now": now, **kept})
    return asked
