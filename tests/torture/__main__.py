"""Tortures a whole house for some minutes and checks its history: `python -m tests.torture --minutes 30 --seed 7`."""

from __future__ import annotations

import argparse
import os
import random
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")

from tests.torture import run

EPILOGUE = "The same seed brings the same faults at the same times; what people do meanwhile falls between them anew."


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__, epilog=EPILOGUE)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=None, help="which faults come when; otherwise drawn and printed")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--plan", action="store_true", help="print the faults and do nothing")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(1_000_000)
    if given.plan:
        return run.show_plan(seed, given.minutes * 60)
    return run.torture(seed, given.minutes * 60, given.people)


if __name__ == "__main__":
    sys.exit(main())
