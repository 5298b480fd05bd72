"""People by what they are, in the order of their ids and a piece at a time: for what goes through all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor

FILTERS = {
    "professions": "p.profession = ANY(%(professions)s)",
    "specialties": "p.specialty = ANY(%(specialties)s)",
    "laender": "p.land = ANY(%(laender)s)",
    "organisations": "p.organisation_id = ANY(%(organisations)s::uuid[])",
    "territories": """EXISTS (SELECT FROM people_territoryperson t
        WHERE t.person_id = p.id AND t.territory_id = ANY(%(territories)s::uuid[]))""",
}
PIECE = """
SELECT p.id FROM people_person p WHERE {where} AND (%(after)s::uuid IS NULL OR p.id > %(after)s) ORDER BY p.id
LIMIT %(limit)s
"""
COUNT = "SELECT count(*) FROM people_person p WHERE {where}"
ORGANISATIONS = """
SELECT o.id, o.name, o.city FROM people_organisation o
WHERE EXISTS (SELECT FROM people_person p WHERE p.organisation_id = o.id) ORDER BY o.name, o.city, o.id LIMIT %s
"""


def piece(cur: Cursor, wanted: Mapping[str, Sequence[Any]], *, after: UUID | None, limit: int) -> list[UUID]:
    """`wanted` are FILTERS with the values of which one must fit; an empty list asks for nothing."""
    where, asked = _condition(wanted)
    rows = cur.execute(PIECE.format(where=where), {**asked, "after": after, "limit": limit})
    return [person for (person,) in rows]


def count(cur: Cursor, wanted: Mapping[str, Sequence[Any]]) -> int:
    """How many `piece` would give, all in all."""
    where, asked = _condition(wanted)
    return int((cur.execute(COUNT.format(where=where), asked).fetchone() or (0,))[0])


def organisations(cur: Cursor, limit: int) -> list[tuple[UUID, str, str]]:
    """Where somebody works whom we know: id, name, town."""
    return cur.execute(ORGANISATIONS, (limit,)).fetchall()


def _condition(wanted: Mapping[str, Sequence[Any]]) -> tuple[str, dict[str, list[Any]]]:
    asked = {name: list(values) for name, values in wanted.items() if values}
    return " AND ".join(FILTERS[name] for name in asked) or "true", asked
