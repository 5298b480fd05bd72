"""The permissions that a person gives in the portal, each by itself (DE-CON-08), in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from einklang.core.words import Words
from einklang.facts.consent.status import Status
from einklang.ui import locale
from einklang.ui.components import Chip
from einklang.ui.numbers import day
from einklang.ui.text import t

GRADES = {
    "topic": Words("nur Thema und Monat", "topic and month only"),
    "title": Words("Titel und Datum", "title and date"),
}


@dataclass(frozen=True)
class Permission:
    name: str
    icon: str
    title: Words
    without: Words

    @property
    def label(self) -> str:
        return self.title.in_(locale.current())


PERMISSIONS = (
    Permission(
        "tracking",
        "eye",
        Words("Lesen im Portal festhalten", "Record what I read in the portal"),
        Words("Ohne sie wählen wir nicht persönlich für Sie aus.", "Without it we do not select for you personally."),
    ),
    Permission(
        "email",
        "envelope-simple",
        Words("E\u2011Mails zu Fachthemen", "E\u2011mails on professional topics"),
        Words(
            "Ohne sie schreiben wir Ihnen nur, was Sie bestellt haben.", "Without it we only write what you ordered."
        ),
    ),
    Permission(
        "mail_tracking",
        "chart-bar",
        Words("Öffnen und Klicken in E\u2011Mails messen", "Measure opens and clicks in e\u2011mails"),
        Words(
            "Ohne sie wissen wir nicht, ob Sie eine E\u2011Mail öffnen.",
            "Without it we do not know whether you open a mail.",
        ),
    ),
    Permission(
        "rep_visibility",
        "users-three",
        Words("Lesehistorie dem Außendienst zeigen", "Show my reading history to the rep"),
        Words("Ohne sie sieht der Außendienst nicht, was Sie lesen.", "Without it the rep does not see what you read."),
    ),
)
BY_NAME: Mapping[str, Permission] = {permission.name: permission for permission in PERMISSIONS}


def chip(permission: Permission, status: Status | None) -> Chip:
    kind, state = state_of(status)
    icon = {"no": "prohibit", "wait": "hourglass-medium"}.get(kind, permission.icon)
    return Chip(kind=kind, icon=icon, label=permission.label, state=state)


def state_of(status: Status | None) -> tuple[Literal["yes", "no", "wait", "ask"], str]:
    """Kind and words of a state: granted, withdrawn, awaiting confirmation, missing."""
    match status.state if status else "":
        case "granted":
            assert status is not None
            grade = GRADES.get(status.grade or "")
            since = t("erteilt am {}", "granted on {}").format(day(status.since))
            return "yes", f"{since}, {grade.in_(locale.current())}" if grade else since
        case "pending":
            return "wait", t("Bestätigung steht aus", "awaiting confirmation")
        case "withdrawn" | "objected":
            assert status is not None
            return "no", t("widerrufen am {}", "withdrawn on {}").format(day(status.since))
        case _:
            return "ask", t("nicht erteilt", "not given")
