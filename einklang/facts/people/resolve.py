"""Who is meant: names of browsers and other systems become persons. Namespaces: `person` (our own id as text),
`anonymous` (a browser's id), `key:<write key id>` (the user id of the system that owns this key)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from einklang.core.pg import Cursor

PERSON = "person"
ANONYMOUS = "anonymous"

Name = tuple[str, str]  # namespace, value

ALIASES = """
SELECT a.namespace, a.value, a.person_id
FROM people_alias a JOIN unnest(%s::text[], %s::text[]) AS n (namespace, value) USING (namespace, value)
WHERE a.person_id IS NOT NULL
"""
REMEMBER = """
INSERT INTO people_alias (namespace, value)
SELECT * FROM unnest(%s::text[], %s::text[]) AS n (namespace, value) ORDER BY 1, 2
ON CONFLICT (namespace, value) DO NOTHING
"""
JOIN = """
INSERT INTO people_alias (namespace, value, person_id) VALUES (%s, %s, %s)
ON CONFLICT (namespace, value) DO UPDATE SET person_id = excluded.person_id WHERE people_alias.person_id IS NULL
RETURNING id
"""


def resolve(cur: Cursor, names: Sequence[Name]) -> dict[Name, UUID]:
    """Names that nobody knows are missing in the answer."""
    own = {name: person for name in names if name[0] == PERSON and (person := _uuid(name[1]))}
    aliases = [name for name in names if name[0] != PERSON]
    found = _living(cur, own) if own else {}
    rows = cur.execute(ALIASES, _columns(aliases)).fetchall() if aliases else []
    return found | {(namespace, value): person for namespace, value, person in rows}


def _living(cur: Cursor, own: dict[Name, UUID]) -> dict[Name, UUID]:
    rows = cur.execute("SELECT id FROM people_person WHERE id = ANY(%s)", (list(set(own.values())),))
    known = {person for (person,) in rows}
    return {name: person for name, person in own.items() if person in known}


def remember(cur: Cursor, names: Sequence[Name]) -> None:
    """Keeps names that nobody knows yet, to be joined later."""
    cur.execute(REMEMBER, _columns(names))


def join(cur: Cursor, namespace: str, value: str, person: UUID) -> bool:
    """True where this call tied the name to the person. A name that is taken stays with whom it belongs: the next
    person at the same browser gets a new anonymous id."""
    joined = cur.execute(JOIN, (namespace, value, person)).fetchone()
    return joined is not None


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _columns(names: Iterable[Name]) -> tuple[list[str], list[str]]:
    unique = sorted(set(names))
    return [namespace for namespace, _ in unique], [value for _, value in unique]
