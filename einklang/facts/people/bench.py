"""A crowd for the benches: verified doctors, as many as one likes, in two statements."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor

LANDS = ("DE-NI", "DE-BY", "DE-SN", "DE-BE")
YEAR = timedelta(days=365)
DOCTORS = """
INSERT INTO people_person (id, salutation, title, given_name, family_name, sort_key, profession, specialty, market,
                           land, locale, email, phone, created_at)
SELECT uuidv7(), '', '', 'P', number::text, number::text, 'physician', '', 'DE',
       (%(lands)s::text[])[1 + number %% cardinality(%(lands)s::text[])], 'de', 'p' || number || '@praxis.example', '',
       %(since)s
FROM generate_series(1, %(number)s) AS number RETURNING id
"""
VERIFIED = """
INSERT INTO people_verification (id, person_id, role, level, provider, verified_at, valid_until)
SELECT uuidv7(), person, 'physician', 'document', 'bench', %(since)s, %(until)s
FROM unnest(%(persons)s::uuid[]) AS person
"""


def doctors(cur: Cursor, number: int, at: datetime) -> list[UUID]:
    """Verified a year ago, for two years."""
    rows = cur.execute(DOCTORS, {"number": number, "lands": list(LANDS), "since": at - YEAR}).fetchall()
    persons = [person for (person,) in rows]
    cur.execute(VERIFIED, {"persons": persons, "since": at - YEAR, "until": at + YEAR})
    return persons
