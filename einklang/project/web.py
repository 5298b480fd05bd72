"""One web process on a listening socket that it inherits: `python -m einklang.project.web FD`."""

from __future__ import annotations

import socket
import sys

import uvicorn

from einklang.watch import lines, trace

GRACE_SECONDS = 2  # open event streams end here
BACKLOG = 2048


def serve(descriptor: int) -> None:
    trace.begin("web")
    config = uvicorn.Config(
        "einklang.project.asgi:app",
        loop="uvloop",
        http="httptools",
        access_log=False,
        server_header=False,
        log_config=None,
        log_level="warning",
        backlog=BACKLOG,
        proxy_headers=True,  # of a proxy on this machine, or of those that FORWARDED_ALLOW_IPS names
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    lines.catch()
    serve(int(sys.argv[1]))
