"""`einklang up` as it is, but for one thing: the demo's workers send over SMTP, to a server that cannot be asked
afterwards. `python -m tests.torture.up --port …`; as `python -m tests.torture.up worker` it is such a worker."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable
from typing import Any

from einklang.project import adapters, supervisor

WORKER = "einklang.project.worker"
SMTP = "TORTURE_SMTP"


def up() -> None:
    made = supervisor._children
    supervisor._children = _with_our_workers(made)
    from einklang.project import cli

    sys.argv.insert(1, "up")
    cli.main()


def worker() -> None:
    from einklang.loop.channels.email.adapter import EmailAdapter

    adapters.adapters = lambda: {"email": EmailAdapter(lambda: os.environ[SMTP])}
    sys.argv.pop(1)
    runpy.run_module(WORKER, run_name="__main__", alter_sys=True)


def _with_our_workers(made: Callable[..., list[supervisor.Child]]) -> Callable[..., list[supervisor.Child]]:
    def children(*given: Any, **more: Any) -> list[supervisor.Child]:
        found = made(*given, **more)
        for child in found:
            if child.module == WORKER:
                child.module, child.arguments = __spec__.name, ("worker", *child.arguments)
        return found

    return children


if __name__ == "__main__":
    worker() if sys.argv[1:2] == ["worker"] else up()
