"""Write keys: who may tell the log what happened."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words

PURPOSES = ("promotional", "medical", "service", "transactional", "safety")
PORTAL = "portal"
GONE = Words("Dieser Schlüssel gilt schon nicht mehr.", "This key is not valid any more.")
OUR_OWN = Words("Diesen Schlüssel brauchen unsere eigenen Seiten.", "Our own pages need this key.")
COLUMNS = "id, name, key, is_server, purpose, origins, is_portal"


class WriteKey(NamedTuple):
    """A browser's key is public: it stands in pages. Who holds a server's key vouches for what it tells."""

    id: int
    name: str
    key: str
    is_server: bool
    purpose: str
    origins: list[str]
    is_portal: bool

    @property
    def source(self) -> str:
        """The source of its interactions, and the namespace of its user ids."""
        return f"key:{self.id}"


class Listed(NamedTuple):
    """A key as people see it: by its last letters, since whoever knows all of it may use it."""

    id: int
    name: str
    ending: str
    is_server: bool
    purpose: str
    origins: list[str]
    is_portal: bool
    created_at: datetime
    revoked_at: datetime | None


LISTING = """
SELECT id, name, right(key, 4), is_server, purpose, origins, is_portal, created_at, revoked_at
FROM interactions_write_key ORDER BY revoked_at IS NOT NULL, id
"""


def create(
    cur: Cursor, name: str, *, server: bool, purpose: str | None = None, origins: Sequence[str] = (), now: datetime
) -> str:
    """The new key. `purpose` is that of all it tells: by default `service` for a server, else `promotional`."""
    chosen = purpose or ("service" if server else "promotional")
    if chosen not in PURPOSES:
        raise InputError("purpose", f"{chosen!r} is none of {', '.join(PURPOSES)}")
    if not name or "\0" in name:
        raise InputError("name", "must not be empty")
    return _insert(cur, name, server=server, purpose=chosen, origins=origins, is_portal=False, now=now)


def for_jitsu(key: str) -> str:
    """Jitsu's clients insist on `key:secret`. Our key is the whole secret: what follows the colon is not looked at."""
    return f"{key}:{key[-8:]}"


def lookup(cur: Cursor, key: str) -> WriteKey | None:
    return lookup_many(cur, [key]).get(key)


def lookup_many(cur: Cursor, keys: Iterable[str]) -> dict[str, WriteKey]:
    rows = cur.execute(
        f"SELECT {COLUMNS} FROM interactions_write_key WHERE key = ANY(%s) AND revoked_at IS NULL", (list(keys),)
    )
    found = (WriteKey(*row) for row in rows)
    return {each.key: each for each in found}


def browser(cur: Cursor, now: datetime) -> str:
    """The key that the portal hands to its own pages, made on first use."""
    query = "SELECT key FROM interactions_write_key WHERE is_portal"
    row = cur.execute(query).fetchone()
    if row is None:
        _insert(cur, PORTAL, server=False, purpose="promotional", origins=(), is_portal=True, now=now)
        row = cur.execute(query).fetchone()
    assert row is not None
    key: str = row[0]
    return key


def origins(cur: Cursor) -> set[str]:
    """All origins that any browser key allows; a preflight request does not say which key will follow."""
    rows = cur.execute("SELECT DISTINCT unnest(origins) FROM interactions_write_key WHERE revoked_at IS NULL")
    return {origin for (origin,) in rows}


def listing(cur: Cursor) -> list[Listed]:
    """Those that are valid first."""
    return [Listed(*row) for row in cur.execute(LISTING)]


def revoke(cur: Cursor, key: int, now: datetime) -> str:
    """From now on it tells nothing more. Returns its name; raises `Conflict` where it does so already."""
    row = cur.execute(
        "SELECT name, is_portal, revoked_at FROM interactions_write_key WHERE id = %s FOR UPDATE", (key,)
    ).fetchone()
    if row is None:
        raise NotFound(f"There is no key {key}.")
    name, is_portal, revoked_at = row
    if revoked_at or is_portal:
        raise Conflict(OUR_OWN if is_portal else GONE)
    cur.execute("UPDATE interactions_write_key SET revoked_at = %s WHERE id = %s", (now, key))
    return str(name)


def _insert(
    cur: Cursor, name: str, *, server: bool, purpose: str, origins: Sequence[str], is_portal: bool, now: datetime
) -> str:
    key = secrets.token_urlsafe(24)
    cur.execute(
        "INSERT INTO interactions_write_key (name, key, is_server, purpose, origins, is_portal, created_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (is_portal) WHERE is_portal DO NOTHING",
        (name, key, server, purpose, list(origins), is_portal, now),
    )
    return key
