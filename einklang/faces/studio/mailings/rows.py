"""A mailing as one line: its state in words, who asked for it, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from einklang.faces.studio import groups
from einklang.faces.studio.access import Agent
from einklang.faces.studio.operations import rests
from einklang.facts.people import read as people
from einklang.loop.decide.mailings.store import Mailing
from einklang.loop.gate import mail_domain
from einklang.ui.text import t

STATES = {
    "draft": ("", "note-pencil", "Entwurf", "Draft"),
    "scheduled": ("voice", "clock", "Geplant", "Scheduled"),
    "running": ("warn", "paper-plane-tilt", "Läuft", "Running"),
    "done": ("ok", "check", "Fertig", "Done"),
    "stopping": ("warn", "hourglass-medium", "Wird beendet", "Being stopped"),
    "stopped": ("", "archive", "Beendet", "Stopped"),
}
NOT_BEGUN = ("draft", "scheduled")


@dataclass(frozen=True)
class Row:
    mailing: Mailing
    mark: str
    icon: str
    state: str
    by: str
    asked: str
    planned: str


def row(agent: Agent, mailing: Mailing, by: str) -> Row:
    mark, icon, de, en = STATES[mailing.state]
    named, has_begun = agent.may("studio.people"), mailing.state not in NOT_BEGUN
    asked, planned = (
        groups.told(number, named=named) if has_begun else "–" for number in (mailing.asked, mailing.planned)
    )
    return Row(mailing, mark, icon, t(de, en), by, asked, planned)


def named(agent: Agent, mailing: Mailing) -> Row:
    """With the name of who switched it last."""
    return row(agent, mailing, people.users(agent.cur, {mailing.switched_by})[mailing.switched_by].name)


def obstacles(agent: Agent) -> dict[str, Any]:
    """What keeps every mail from leaving, whatever is scheduled."""
    resting = [each for each in rests.shown(agent) if each.channel == "email"]
    return {"rests": resting, "stops": mail_domain.stops_bulk(agent.cur, agent.now)}
