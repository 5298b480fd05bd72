"""Can this house take traffic? Asked by orchestrators and load balancers, so: cheap, and without a number or a name."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException

from einklang.core import clock
from einklang.core.pg import OUTAGES, Cursor, connect
from einklang.project import heartbeat, schema

NO_DATABASE = "The database does not answer."
BEHIND = "The database lacks migrations of this version."
NO_WEB = "No web process answers at port {port}."
NO_WORKER = "No worker of this machine has been seen for a minute."

PATIENCE_SECONDS = 3


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


def fault_at(port: int) -> str | None:
    """As the web processes of this machine say it themselves."""
    asked = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        asked.request("GET", "/health/ready")
        answer = asked.getresponse()
        return None if answer.status == 200 else answer.read().decode().strip()
    except (OSError, HTTPException):
        return NO_WEB.format(port=port)
    finally:
        asked.close()
