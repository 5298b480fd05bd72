"""Each worker says every few seconds that it is there: so an orchestrator, the metrics and the studio know.

Real time: a demo's clock brings no worker to life.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from einklang.core.pg import Cursor
from einklang.watch.house import Worker

FORGOTTEN = timedelta(days=1)
BEAT = """
INSERT INTO project_worker (name, started_at, beat_at) VALUES (%(name)s, %(now)s, %(now)s)
ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at
"""
FORGET = "DELETE FROM project_worker WHERE beat_at < %s"
END = "DELETE FROM project_worker WHERE name = %s"
SEEN = "SELECT name, started_at, beat_at FROM project_worker ORDER BY started_at, name"


def beat(cur: Cursor, now: datetime) -> None:
    cur.execute(FORGET, (now - FORGOTTEN,))
    cur.execute(BEAT, {"name": own_name(), "now": now})


def end(cur: Cursor) -> None:
    """One that was asked to go is not missed."""
    cur.execute(END, (own_name(),))


def workers(cur: Cursor) -> list[Worker]:
    return [Worker(*row) for row in cur.execute(SEEN)]


def living(cur: Cursor, now: datetime) -> list[Worker]:
    return [worker for worker in workers(cur) if worker.lives(now)]


def lives_here(cur: Cursor, now: datetime) -> bool:
    return any(worker.machine == socket.gethostname() for worker in living(cur, now))


def own_name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"
