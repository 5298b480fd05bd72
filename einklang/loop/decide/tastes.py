"""What a person said about what is chosen for her: not this, and less of that topic. Each can be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words

HIDE, LESS = "hide", "less"
KINDS = (HIDE, LESS)

OF = "SELECT person_id, kind, target FROM decide_taste WHERE person_id = ANY(%s) ORDER BY at DESC, target"
SAY = """
INSERT INTO decide_taste (person_id, kind, target, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (person_id, kind, target) DO NOTHING
"""
UNSAY = "DELETE FROM decide_taste WHERE person_id = %s AND kind = %s AND target = %s"


@dataclass(frozen=True, slots=True)
class Taste:
    """Slugs of content that is not for her, topics of which she wants less."""

    hidden: frozenset[str] = frozenset()
    less: frozenset[str] = frozenset()


NO_TASTE = Taste()


def of(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, Taste]:
    """Who said nothing is missing."""
    said: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: {kind: set() for kind in KINDS})
    for person, kind, target in cur.execute(OF, (list(persons),)):
        said[person][kind].add(target)
    return {person: Taste(frozenset(each[HIDE]), frozenset(each[LESS])) for person, each in said.items()}


def say(cur: Cursor, person: UUID, kind: str, target: str, now: datetime) -> None:
    """Twice is once."""
    cur.execute(SAY, (person, _known(kind), target, now))


def unsay(cur: Cursor, person: UUID, kind: str, target: str) -> None:
    cur.execute(UNSAY, (person, _known(kind), target))


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise InputError("kind", Words("Das lässt sich hier nicht sagen.", "This cannot be said here."))
    return kind
