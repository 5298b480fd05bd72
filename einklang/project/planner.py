"""Does long work in a process of its own, which the worker starts where there is some: it ends when all is done."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from uuid import UUID

import django

from einklang.core import settings
from einklang.core.errors import EinklangError, InputError
from einklang.core.words import Words
from einklang.watch import lines

log = logging.getLogger("einklang.planner")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
    django.setup()
    from einklang.core.connection import cursor
    from einklang.planning import jobs

    if jobs.become_planner(cursor()):
        while do_next():
            pass


def do_next() -> bool:
    """False where nothing is left to do."""
    from django.db import connection, transaction

    from einklang.core import clock
    from einklang.core.connection import cursor
    from einklang.planning import jobs, work

    cur, url = cursor(), settings.get().database_url
    assert url, "the worker hands the planner its database"
    now = clock.now(cur)
    job = jobs.begin(cur, now)
    if job is None:
        return False
    try:
        done = work.do(cur, url, job, now, _tell(url, job.id))
        with transaction.atomic():
            work.keep(cur, job, done, now)
    except EinklangError as told:
        jobs.fail(cur, job.id, _words(told), now)
    except Exception as broken:
        connection.close()  # it may be the connection that broke
        jobs.fail(cursor(), job.id, _words(broken), now)
        raise
    return True


def _words(error: Exception) -> Words:
    if isinstance(error, InputError) and isinstance(error.rule, Words):
        return error.rule
    said = str(error) if isinstance(error, EinklangError) else type(error).__name__
    return Words(said, said)


def _tell(url: str, job: UUID) -> Callable[[int], None]:
    """Progress is told outside the job's own transaction. Without its worker the process ends."""
    from einklang.core import pg
    from einklang.planning import jobs

    parent, said = os.getppid(), [0]

    def tell(percent: int) -> None:
        if os.getppid() != parent:
            sys.exit("The worker is gone.")
        if percent >= said[0] + 5:
            said[0] = percent
            with pg.connect(url, autocommit=True) as connection:
                jobs.tell(connection.cursor(), job, percent)

    return tell


if __name__ == "__main__":
    lines.catch()
    main()
