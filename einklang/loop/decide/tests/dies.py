"""A worker that is killed at a given point, as by kill -9: `python -m einklang.loop.decide.tests.dies POINT`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from einklang.core import pg, settings
from einklang.loop.decide.journeys import enrolments, triggers, wake
from einklang.loop.gate import door
from einklang.loop.interactions import consumers
from einklang.loop.profiles.consumer import CONSUMER as PROFILES

POINTS = {
    "enrolment": (enrolments, "insert"),
    "timer claimed": (enrolments, "claim"),
    "verdict and outbox row": (door, "ask"),
    "next timer": (enrolments, "write"),
    "before commit": None,
    "after commit": None,
}


def main(point: str, now: datetime) -> None:
    if place := POINTS[point]:
        module, name = place
        setattr(module, name, _dying(getattr(module, name)))
    with pg.connect(settings.get().database_url or "") as connection:
        cur = connection.cursor()
        for consumer in (PROFILES, triggers.CONSUMER):
            consumers.advance(cur, consumer, now)
        wake.advance(cur, now)
        if point == "before commit":
            _die()
        connection.commit()
        _die()


def _dying(function: Callable[..., Any]) -> Callable[..., Any]:
    """Does what it should and does not come back."""

    def dying(*args: Any, **more: Any) -> None:
        function(*args, **more)
        _die()

    return dying


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]))
