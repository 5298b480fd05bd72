"""Doing one job: an experiment's results, or a rehearsal on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from einklang.core import pg
from einklang.core.pg import Cursor
from einklang.planning import experiments, jobs
from einklang.planning.jobs import Job
from einklang.planning.rehearsal import cast
from einklang.planning.rehearsal.play import Script, play
from einklang.planning.rehearsal.score import Line, lines, score

Tell = Callable[[int], None]


class Done(NamedTuple):
    result: dict[str, Any]
    lines: Sequence[Line] = ()


def do(cur: Cursor, url: str, job: Job, now: datetime, tell: Tell) -> Done:
    """Outside of any transaction, since it takes long; what came of it is stored by `keep`."""
    if job.kind == "results":
        return Done(experiments.of_version(cur, UUID(job.wanted["version"])))
    assert job.asked_by
    script = Script(job.wanted["document"], job.journey, job.asked_by, job.wanted["days"])
    with pg.connect(url, autocommit=True, application="einklang rehearsal") as connection:
        played = play(connection, script, now, tell)
    found = lines(cur, played)
    return Done(score(cur, played, found), found)


def keep(cur: Cursor, job: Job, done: Done, now: datetime) -> None:
    """In one transaction of the caller."""
    cast.keep(cur, job.id, done.lines)
    jobs.finish(cur, job.id, done.result, now)
