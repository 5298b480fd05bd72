"""The worker's hand on the planner: a process is started where long work waits, at low priority, one for the house."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from einklang.core.connection import cursor
from einklang.planning import jobs

EVERY = 1.0
PATIENCE = 10  # of the operating system's niceness: pages and messages come first


class Planner:
    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.looked = 0.0

    def look(self) -> int:
        """Always 0: what the planner does is none of the worker's work."""
        if time.monotonic() - self.looked > EVERY:
            self.looked = time.monotonic()
            if (self.process is None or self.process.poll() is not None) and jobs.is_idle(cursor()):
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "einklang.project.planner"], preexec_fn=_politely
                )
        return 0


def _politely() -> None:
    os.nice(PATIENCE)
