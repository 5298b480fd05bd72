"""What the log says, as text for people or as JSON for machines (EINKLANG_LOG): ids, never names.

An error is told by its kind and its place, not by its message, in which a database quotes what people wrote.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import orjson

from einklang.core import ids
from einklang.core.errors import SettingsError

KINDS = ("text", "json")
FROM_A_PROXY = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = ("httpx", "mail.log")  # the second, of aiosmtpd, would tell addresses

request: ContextVar[str] = ContextVar("request", default="")  # what its log lines and its error page name
trace: ContextVar[str] = ContextVar("trace", default="")


def kind(env: Mapping[str, str]) -> str:
    """Text, which people read, unless it is said or the house is a real one."""
    said = env.get("EINKLANG_LOG") or ("json" if env.get("EINKLANG_ENV") == "production" else "text")
    if said not in KINDS:
        raise SettingsError(f"EINKLANG_LOG is {said!r}, but must be one of: {', '.join(KINDS)}.")
    return said


def formatter() -> logging.Formatter:
    return Json() if kind(os.environ) == "json" else Text()


def begin() -> None:
    """For processes without Django, whose settings do the same; errors that end a process are told like all others."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    catch()


def catch() -> None:
    sys.excepthook = lambda *raised: ended(*raised)
    threading.excepthook = lambda args: ended(args.exc_type, args.exc_value, args.exc_traceback)


def new_request(given: str = "") -> str:
    """As its proxy calls it, else short enough to be told on the telephone."""
    return given if FROM_A_PROXY.fullmatch(given) else str(ids.new())[-8:].upper()


def told(problem: BaseException | None) -> str:
    """Kind and place, and those of what it came from."""
    if problem is None:
        return "None"
    frames = "".join(traceback.format_tb(problem.__traceback__))
    cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    after = f"\nafter {told(cause)}" if cause else ""
    return f"{_kind(problem)}\n{frames}".rstrip() + after


class Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(request)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        named = request.get()
        record.request = f" [{named}]" if named else ""
        record.exc_text = None
        return super().format(record)

    def formatException(self, raised: Any) -> str:  # noqa: N802 (logging's name)
        return told(raised[1])


class Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            "pid": record.process,
        }
        error = told(record.exc_info[1]) if record.exc_info else None
        more = {"ids": getattr(record, "ids", None), "request": request.get(), "trace": trace.get(), "error": error}
        return orjson.dumps(line | {name: value for name, value in more.items() if value}, default=str).decode()


def _kind(problem: BaseException) -> str:
    state = getattr(problem, "sqlstate", None)
    return f"{type(problem).__name__} {state}" if state else type(problem).__name__


def ended(sort: type[BaseException], problem: BaseException | None, frames: TracebackType | None) -> None:
    if problem is None or issubclass(sort, KeyboardInterrupt):
        return
    logging.getLogger("einklang.process").critical("The process ends.", exc_info=(sort, problem, frames))
