"""The people of the house as a list: by filter, by name, page after page; and how many there are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people import names
from einklang.facts.people.read import CARDS, PersonCard

VERIFIED = """
    SELECT FROM people_verification v WHERE v.person_id = p.id AND v.verified_at <= %(now)s
        AND (v.valid_until IS NULL OR v.valid_until > %(now)s) AND (v.revoked_at IS NULL OR v.revoked_at > %(now)s)
"""
FILTERS = {
    "text": """NOT EXISTS (SELECT FROM unnest(%(words)s::text[], %(folded)s::text[]) AS typed (word, folded)
        WHERE strpos(p.sort_key, folded) = 0 AND strpos(lower(coalesce(o.name || ' ' || o.city, '')), word) = 0)""",
    "profession": "p.profession = %(profession)s",
    "specialty": "p.specialty = %(specialty)s",
    "land": "p.land = %(land)s",
    "city": "o.city = %(city)s",
    "persons": "p.id = ANY(%(persons)s)",
    "territory": """EXISTS (SELECT FROM people_territoryperson t
        WHERE t.person_id = p.id AND t.territory_id = %(territory)s)""",
    "verified": f"EXISTS ({VERIFIED}) = %(verified)s",
    "beyond": "(p.sort_key, p.id) > (SELECT sort_key, id FROM people_person WHERE id = %(beyond)s)",
}
KNOWN = "SELECT DISTINCT {column} FROM people_person WHERE {column} <> '' ORDER BY 1"
CITIES = """
SELECT DISTINCT o.city FROM people_person p JOIN people_organisation o ON o.id = p.organisation_id
WHERE o.city <> '' ORDER BY 1
"""
TERRITORIES = "SELECT id, name FROM people_territory ORDER BY name"
TERRITORY_OF = """
SELECT DISTINCT ON (tp.person_id) tp.person_id, t.name FROM people_territoryperson tp
JOIN people_territory t ON t.id = tp.territory_id WHERE tp.person_id = ANY(%s) ORDER BY tp.person_id, t.name
"""


def listing(cur: Cursor, now: datetime, *, limit: int, offset: int = 0, **wanted: Any) -> list[PersonCard]:
    """By name; `wanted` are FILTERS."""
    where, values = _condition(now, wanted)
    query = f"{CARDS} WHERE {where} ORDER BY p.sort_key, p.id LIMIT %(limit)s OFFSET %(offset)s"
    return [PersonCard(*row) for row in cur.execute(query, {**values, "limit": limit, "offset": offset})]


def total(cur: Cursor, now: datetime, **wanted: Any) -> int:
    where, values = _condition(now, wanted)
    joined = "people_person p LEFT JOIN people_organisation o ON o.id = p.organisation_id"
    row = cur.execute(f"SELECT count(*) FROM {joined} WHERE {where}", values).fetchone()
    return int(row[0]) if row else 0


def known(cur: Cursor, column: str) -> list[str]:
    """The specialties, Länder or professions that there are."""
    if column not in ("specialty", "land", "profession"):
        raise KeyError(column)
    return [value for (value,) in cur.execute(KNOWN.format(column=column))]


def cities(cur: Cursor) -> list[str]:
    return [city for (city,) in cur.execute(CITIES)]


def territories(cur: Cursor) -> list[tuple[UUID, str]]:
    return cur.execute(TERRITORIES).fetchall()


def territory_of(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, str]:
    """Name of the territory; who is in none is missing."""
    return dict(cur.execute(TERRITORY_OF, (list(persons),)).fetchall())


def _condition(now: datetime, wanted: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    values = {name: value for name, value in wanted.items() if value is not None}
    where = " AND ".join(FILTERS[name] for name in values) or "true"
    typed = str(values.pop("text", "")).lower().split()
    return where, {**values, "now": now, "words": typed, "folded": [names.fold(word) for word in typed]}
