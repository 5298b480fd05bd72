"""Can this house take traffic? Asked by orchestrators and load balancers, so: cheap, and without a number or a name."""

from __future__ import annotations

from einklang.core import clock
from einklang.core.pg import OUTAGES, Cursor, connect
from einklang.project import heartbeat, schema

NO_DATABASE = "The database does not answer."
BEHIND = "The database lacks migrations of this version."
NO_WORKER = "No worker of this machine has been seen for a minute."


def fault(url: str | None, *, worker: bool = False) -> str | None:
    """What stands against it; None where it is ready. A page needs no worker: only who asks for it hears of that."""
    if not url:
        return NO_DATABASE
    try:
        with connect(url, autocommit=True, application="einklang ready") as connection:
            return fault_of(connection.cursor(), worker=worker)
    except OUTAGES:
        return NO_DATABASE


def fault_of(cur: Cursor, *, worker: bool = False) -> str | None:
    if schema.missing(cur):
        return BEHIND
    if worker and not heartbeat.lives_here(cur, clock.real_now()):
        return NO_WORKER
    return None
