"""What a migration may do to a database that the release before still works on (docs/decisions/0019)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
NAME = r'"?(?:public"?\.)?"?(\w+)"?'
CREATED = re.compile(rf"\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF NOT EXISTS\s+)?{NAME}", re.IGNORECASE)
ALTERED = re.compile(rf"\bALTER\s+TABLE\s+(?:IF EXISTS\s+)?(?:ONLY\s+)?{NAME}\s+(.*)", re.IGNORECASE | re.DOTALL)
INDEX = re.compile(
    rf"\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(CONCURRENTLY\s+)?.*?\bON\s+(?:ONLY\s+)?{NAME}", re.IGNORECASE | re.DOTALL
)
WRITTEN = re.compile(rf"\b(?:UPDATE\s+(?:ONLY\s+)?|DELETE\s+FROM\s+){NAME}\b", re.IGNORECASE)
GONE = re.compile(
    rf"\b(?:DROP\s+TABLE|TRUNCATE|LOCK\s+TABLE|CLUSTER|VACUUM\s+FULL)\s+(?:IF EXISTS\s+)?{NAME}", re.IGNORECASE
)
IN_PLACE = re.compile(r"\b(?:DROP\s+INDEX|REINDEX\s+\w+)\s+(?!CONCURRENTLY\b)", re.IGNORECASE)
QUOTED = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
FUNCTION = re.compile(r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b", re.IGNORECASE)

VOLATILE = r"(?:gen_random_uuid|uuidv7|random|clock_timestamp|nextval)\s*\("
ADDED_COLUMN = r"\bADD\s+COLUMN\b"
# What an ALTER TABLE must not say of a table that is there, and what to do instead.
TAKES_AWAY = {
    r"\bRENAME\b": "The release before knows its old name: add the new one, copy, drop the old one a release later.",
    r"\bDROP\s+COLUMN\b": "The release before reads it: stop reading it now, drop it a release later (`contracts`).",
}
FORBIDDEN = {
    r"\bSET\s+NOT\s+NULL\b": "It reads the whole table under a lock: CHECK (… IS NOT NULL) NOT VALID, then VALIDATE.",
    r"\bALTER\s+COLUMN\s+\"?\w+\"?\s+(?:SET\s+DATA\s+)?TYPE\b": (
        "It writes the whole table anew: add a column of the new type, copy, drop the old one a release later."
    ),
    r"\bALTER\s+COLUMN\s+\"?\w+\"?\s+DROP\s+DEFAULT\b": (
        "The release before writes rows without it: keep the default in the database (`db_default`)."
    ),
    rf"{ADDED_COLUMN}.*\bDEFAULT\s+{VOLATILE}": "It writes the whole table anew: add it empty, fill it in batches.",
    rf"{ADDED_COLUMN}.*\b(?:STORED|AS\s+IDENTITY|SERIAL|BIGSERIAL)\b": (
        "It writes the whole table anew: add a plain column, fill it in batches."
    ),
    rf"{ADDED_COLUMN}.*\bREFERENCES\b": (
        "It reads the whole table under a lock: add the column, then the key NOT VALID, then VALIDATE it."
    ),
    rf"{ADDED_COLUMN}.*\b(?:UNIQUE|PRIMARY\s+KEY)\b": (
        "It builds an index under a lock: build it CONCURRENTLY, then use it."
    ),
    r"\bADD\s+(?:CONSTRAINT\s+\"?\w+\"?\s+)?(?:UNIQUE|PRIMARY\s+KEY|EXCLUDE)\b(?!\s+USING\s+INDEX)": (
        "It builds an index under a lock: build it CONCURRENTLY, then ADD CONSTRAINT … USING INDEX."
    ),
    r"\bADD\s+(?:CONSTRAINT\s+\"?\w+\"?\s+)?(?:CHECK|FOREIGN\s+KEY)\b(?!.*\bNOT\s+VALID\b)": (
        "It reads the whole table under a lock: NOT VALID, and VALIDATE it in a migration of its own."
    ),
    r"\bSET\s+(?:LOGGED|UNLOGGED|TABLESPACE)\b": "It writes the whole table anew.",
}
NEEDS_A_VALUE = re.compile(rf"{ADDED_COLUMN}(?=.*\bNOT\s+NULL\b)(?!.*\bDEFAULT\b)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Migration:
    """Its statements in order. `contracts` names the release since which nobody reads what it takes away."""

    name: str
    statements: Sequence[str]
    atomic: bool = True
    code: bool = False  # runs Python over rows
    contracts: str = ""


def faults(migration: Migration) -> list[str]:
    """Sentences with the way out; none where the release before can go on."""
    plain = [COMMENT.sub(" ", each) for each in migration.statements]
    new = {name.lower() for each in plain for name in CREATED.findall(each)}
    found = [fault for each in plain for fault in _of(each, new, migration)]
    return [f"{migration.name}: {fault}" for fault in [*found, *_of_all(plain, migration)]]


def _of(statement: str, new: set[str], migration: Migration) -> Iterator[str]:
    if FUNCTION.search(statement):  # what it does is done when it is called
        return
    for look in LOOKS:
        yield from look(statement, new, migration)


def _of_all(statements: Sequence[str], migration: Migration) -> Iterator[str]:
    together = " ".join(statements)
    if migration.atomic and re.search(r"\bNOT\s+VALID\b", together) and re.search(r"\bVALIDATE\s+CONSTRAINT", together):
        yield "VALIDATE in the transaction that adds the constraint keeps its lock: two migrations."
    if migration.code and migration.atomic and any(ALTERED.search(each) for each in statements):
        yield "Rows and structure in one transaction: the lock stays until all rows are written. Two migrations."


def _altered(statement: str, new: set[str], migration: Migration) -> Iterator[str]:
    for piece in re.split(r";\s*(?=ALTER\b|$)", statement, flags=re.IGNORECASE):
        found = ALTERED.search(piece)
        if not found or found[1].lower() in new:
            continue
        for pattern, instead in (FORBIDDEN if migration.contracts else FORBIDDEN | TAKES_AWAY).items():
            if re.search(pattern, found[2], re.IGNORECASE | re.DOTALL):
                yield f"{found[1]}: {instead}"
        if NEEDS_A_VALUE.search(found[2]):
            yield f"{found[1]}: the release before writes rows without it: allow NULL, or give a `db_default`."


def _indexed(statement: str, new: set[str], _: Migration) -> Iterator[str]:
    for concurrently, table in INDEX.findall(statement):
        if not concurrently and table.lower() not in new:
            yield f"{table}: an index is built beside the traffic: AddIndexConcurrently, with atomic = False."


def _rewritten(statement: str, new: set[str], _: Migration) -> Iterator[str]:
    for table in WRITTEN.findall(QUOTED.sub(" ", statement)):
        if table.lower() not in new:
            yield f"{table}: rows are written in batches, by a chore or by code with atomic = False."


def _gone(statement: str, new: set[str], migration: Migration) -> Iterator[str]:
    for table in GONE.findall(statement):
        if table.lower() not in new and not migration.contracts:
            yield f"{table}: the release before uses it. Let go of it a release later (`contracts`)."
    if IN_PLACE.search(statement):
        yield "An index goes, or is built anew, CONCURRENTLY."


LOOKS: tuple[Callable[[str, set[str], Migration], Iterator[str]], ...] = (_altered, _indexed, _rewritten, _gone)
