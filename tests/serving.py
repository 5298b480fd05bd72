"""Web processes for tests, forked from one that has loaded the libraries: loading takes longer than a test."""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

LIBRARIES = [
    "anymail.exceptions",
    "cryptography.hazmat.backends.openssl",
    "django.contrib.admin",
    "django.db.models",
    "django.forms",
    "django.http",
    "django.test",
    "dns.asyncquery",
    "dns.resolver",
    "fido2.server",
    "httptools",
    "httpx",
    "jsonschema",
    "numpy",
    "openpyxl",
    "psycopg",
    "pydantic",
    "uvicorn",
    "uvloop",
    "yaml",
]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(LIBRARIES)


@contextmanager
def serving(listening: socket.socket, env: dict[str, str]) -> Iterator[None]:
    process = FORKS.Process(target=_serve, args=(listening, env), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _serve(listening: socket.socket, env: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)
    from einklang.project import web  # reads the environment

    web.serve(listening.detach())
