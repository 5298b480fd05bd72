"""The permissions that a person gives in the portal, each by itself (DE-CON-08), in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from einklang.core.words import Words
from einklang.facts.consent.preferences import Preference
from einklang.facts.consent.status import Status
from einklang.ui import locale
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
        "phone",
        "phone",
        Words("Anrufe zu Fachthemen", "Calls on professional topics"),
        Words("Ohne sie rufen wir nur an, wenn Sie darum bitten.", "Without it we call only when you ask us to."),
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


@dataclass(frozen=True)
class State:
    """`mark` is the kit's class, `word` the short form for lists, `sentence` the long one."""

    kind: Literal["yes", "no", "wait", "ask"]
    word: str
    sentence: str

    @property
    def mark(self) -> str:
        return {"yes": "ok", "no": "hold", "wait": "warn"}.get(self.kind, "")

    @property
    def icon(self) -> str:
        return {"yes": "check", "no": "prohibit", "wait": "hourglass-medium"}.get(self.kind, "circle-dashed")


@dataclass(frozen=True)
class Reach:
    """One line of how we reach a person: channel, icon, name, state."""

    channel: str
    icon: str
    name: str
    state: str


def reach(known: Mapping[str, Status], wish: Preference) -> list[Reach]:
    mail, phone, seen = (state_of(known.get(name)) for name in ("email", "phone", "rep_visibility"))
    often = t("höchstens einmal im Monat", "at most once a month")
    objected = any(name in known and known[name].state == "objected" for name in ("visit", "marketing"))
    return [
        Reach(
            "email",
            "envelope-simple",
            t("E\u2011Mail", "E\u2011mail"),
            often if mail.kind == "yes" and wish.frequency == "monthly" else mail.word,
        ),
        Reach(
            "visit",
            "handshake",
            t("Besuch", "Visit"),
            t("nein", "no") if objected else t("nach Vereinbarung", "by appointment"),
        ),
        Reach("phone", "phone", t("Telefon", "Phone"), phone.word if phone.kind != "ask" else t("nein", "no")),
        Reach(
            "portal",
            "eye",
            t("Lesehistorie", "Reading history"),
            t("Außendienst sieht sie", "the rep sees it") if seen.kind == "yes" else t("nur für Sie", "only for you"),
        ),
    ]


def state_of(status: Status | None) -> State:
    """Granted, withdrawn, awaiting confirmation, missing."""
    match status.state if status else "":
        case "granted":
            return _granted(status)
        case "pending":
            waits = t("Bestätigung steht aus", "awaiting confirmation")
            return State("wait", waits, waits)
        case "withdrawn" | "objected":
            return State("no", t("widerrufen", "withdrawn"), _since(t("widerrufen am {}", "withdrawn on {}"), status))
        case _:
            missing = t("nicht erteilt", "not given")
            return State("ask", missing, missing)


def _granted(status: Status | None) -> State:
    grade = GRADES.get((status.grade if status else None) or "")
    words = grade.in_(locale.current()) if grade else ""
    since = _since(t("erteilt am {}", "granted on {}"), status)
    return State("yes", words or t("ja", "yes"), ", ".join(part for part in (since, words) if part))


def _since(words: str, status: Status | None) -> str:
    return words.format(day(status.since)) if status else ""
