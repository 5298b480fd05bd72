"""Doing one job: an experiment's results, or a rehearsal on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core import pg
from einklang.core.pg import Cursor
from einklang.planning import experiments
from einklang.planning.jobs import Job
from einklang.planning.rehearsal import cast
from einklang.planning.rehearsal.play import Script, play
from einklang.planning.rehearsal.score import lines, score

Tell = Callable[[int], None]


def do(cur: Cursor, url: str, job: Job, now: datetime, tell: Tell) -> dict[str, Any]:
    if job.kind == "results":
        return experiments.of_version(cur, UUID(job.wanted["version"]))
    return rehearse(cur, url, job, now, tell)


def rehearse(cur: Cursor, url: str, job: Job, now: datetime, tell: Tell) -> dict[str, Any]:
    assert job.asked_by
    script = Script(job.wanted["document"], job.journey, job.asked_by, job.wanted["days"])
    with pg.connect(url, autocommit=True, application="einklang rehearsal") as connection:
        played = play(connection, script, now, tell)
    found = lines(cur, played)
    cast.keep(cur, job.id, found)
    return score(cur, played, found)
