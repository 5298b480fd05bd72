"""A worker that dies at its second piece, as by kill -9: `python -m einklang.loop.decide.tests.mailing_dies POINT`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from einklang.core import pg, settings
from einklang.loop.decide.mailings import run
from einklang.loop.gate import door

POINTS = ("asked", "before commit", "after commit")
PIECE = 3


def main(point: str, now: datetime) -> None:
    with pg.connect(settings.get().database_url or "") as connection:
        run.advance(connection.cursor(), now, PIECE)
        connection.commit()
        if point == "asked":
            door.ask = _dying(door.ask)
        run.advance(connection.cursor(), now, PIECE)
        if point == "after commit":
            connection.commit()
        _die()


def _dying(act: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*given: Any, **named: Any) -> Any:
        act(*given, **named)
        _die()

    return wrapped


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]))
