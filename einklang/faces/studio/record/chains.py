"""Whether a chain is whole: asked for here, walked by the worker, and what the last walk found."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest

from einklang import flow
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent
from einklang.facts.audit import checks
from einklang.facts.audit.checks import Check
from einklang.ui import numbers
from einklang.ui.text import t

AT_ONCE = 3  # pieces; a longer chain goes on in the worker


@dataclass(frozen=True)
class Shown:
    check: Check
    mark: str
    icon: str
    text: str


def ask(request: HttpRequest, agent: Agent, chain: str, total: int) -> None:
    with transaction.atomic():
        checks.ask(agent.cur, chain, total=total, by=agent.user.id, now=agent.now)
    for _ in range(AT_ONCE):
        flow.check_chains()
    if (shown := last(agent, chain)) and not shown.check.fault:
        toast.tell(request, shown.text)


def last(agent: Agent, chain: str) -> Shown | None:
    found = checks.latest(agent.cur, chain)
    if found is None:
        return None
    done, total = numbers.number(found.done), numbers.number(max(found.total, found.done))
    if found.finished_at is None:
        return Shown(found, "voice", "hourglass-medium", t(f"{done} von {total} geprüft", f"{done} of {total} checked"))
    at = numbers.full_moment(found.finished_at)
    if found.fault:
        return Shown(found, "danger", "warning-circle", t(f"Geprüft am {at}: ein Fehler", f"Checked on {at}: a fault"))
    words = t(f"Geprüft am {at}: {done} Einträge, lückenlos.", f"Checked on {at}: {done} entries, without a gap.")
    return Shown(found, "ok", "seal-check", words)
