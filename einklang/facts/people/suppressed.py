"""What erased persons were found by, as keyed digests: an import must not bring them back (EU-DP-08)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from einklang.core import settings
from einklang.core.pg import Cursor

REMEMBER = """
INSERT INTO people_suppressed (digest, person, at) SELECT digest, %s, %s FROM unnest(%s::text[]) AS digest
ON CONFLICT (digest) DO UPDATE SET person = excluded.person, at = excluded.at
"""
NAMES = """
SELECT email FROM people_person WHERE id = %(person)s UNION SELECT email FROM people_user WHERE person_id = %(person)s
UNION SELECT value FROM people_identifier WHERE person_id = %(person)s
"""
AMONG = "SELECT digest FROM people_suppressed WHERE digest = ANY(%s)"
OF = "SELECT person, array_agg(digest ORDER BY digest) FROM people_suppressed WHERE person = ANY(%s) GROUP BY person"
SINCE = "SELECT DISTINCT person FROM people_suppressed WHERE at >= %s"


def digest(value: str) -> str:
    """Of a mail address or an identifier, however it is written."""
    plain = "".join(value.split()).lower().encode()
    return hmac.digest(settings.get().secret_key.encode(), b"suppressed\0" + plain, hashlib.sha256).hex()


def remember(cur: Cursor, person: UUID, now: datetime) -> int:
    """Mail addresses and identifiers of a person who is about to be erased."""
    digests = {digest(name) for (name,) in cur.execute(NAMES, {"person": person}).fetchall() if name}
    return cur.execute(REMEMBER, (person, now, sorted(digests))).rowcount


def of(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, list[str]]:
    return dict(cur.execute(OF, (list(persons),)).fetchall())


def remember_again(cur: Cursor, person: UUID, digests: Iterable[str], at: datetime) -> None:
    """What a database that was restored has forgotten."""
    cur.execute(REMEMBER, (person, at, sorted(digests)))


def among(cur: Cursor, names: Iterable[str]) -> set[str]:
    """Those, as given, that belonged to somebody who was erased."""
    digests = {name: digest(name) for name in names if name}
    found = {each for (each,) in cur.execute(AMONG, (sorted(set(digests.values())),)).fetchall()}
    return {name for name, each in digests.items() if each in found}


def digests_since(cur: Cursor, moment: datetime) -> set[str]:
    return {
        each for (each,) in cur.execute("SELECT digest FROM people_suppressed WHERE at >= %s", (moment,)).fetchall()
    }


def erased_since(cur: Cursor, moment: datetime) -> list[UUID]:
    return [person for (person,) in cur.execute(SINCE, (moment,)).fetchall()]
