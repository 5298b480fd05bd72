"""What one rule answers, and how the rules read times and lists. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from einklang.loop.gate.question import Facts, Question


@dataclass(frozen=True, slots=True)
class Outcome:
    """`fill` completes the rule's sentence; `flags` tell whoever executes a yes how to do it."""

    kind: str
    fill: Mapping[str, str | int] = field(default_factory=dict)
    flags: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


Params = Mapping[str, Any]
Check = Callable[[Question, Facts, Params], Outcome]

PASS = Outcome("pass")
FAIL = Outcome("fail")
NOT_ASKED = Outcome("not_asked")


def passed(**flags: Any) -> Outcome:
    return Outcome("pass", flags=flags)


def failed(**fill: str | int) -> Outcome:
    return Outcome("fail", fill)


def not_before(moment: datetime, **fill: str | int) -> Outcome:
    return Outcome("not_before", fill, not_before=moment)


def moment(text: str) -> datetime:
    """Facts hold times as ISO 8601 with an offset."""
    return datetime.fromisoformat(text)


def covers(since: str | None, until: str | None, at: datetime) -> bool:
    """From `since` on, until just before `until`; None is open."""
    return (since is None or moment(since) <= at) and (until is None or at < moment(until))
