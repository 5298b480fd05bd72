"""Who was in a rehearsal: kept beside its job, read by those who may see people."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people import read as people
from einklang.planning.rehearsal.score import Line

COPY = "COPY planning_played (job_id, person_id, at, what, step, rule, rep) FROM STDIN"
READ = """
SELECT person_id, at, what, step, rule, rep FROM planning_played
WHERE job_id = %(job)s AND (%(what)s = '' OR what = %(what)s) ORDER BY at, id LIMIT %(limit)s OFFSET %(offset)s
"""


def keep(cur: Cursor, job: UUID, lines: Sequence[Line]) -> None:
    """Whoever was erased meanwhile is left out."""
    known = people.cards(cur, {each.person for each in lines})
    with cur.copy(COPY) as copy:
        for each in lines:
            if each.person in known:
                copy.write_row((job, *each))


def read(cur: Cursor, job: UUID, *, what: str = "", limit: int = 50, offset: int = 0) -> list[Line]:
    values = {"job": job, "what": what, "limit": limit, "offset": offset}
    return [Line(*row) for row in cur.execute(READ, values)]
