"""What the person allows, as chips: granted, withdrawn, awaiting confirmation, missing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from einklang.facts.consent.status import Status
from einklang.facts.people.read import Verification
from einklang.ui import numbers
from einklang.ui.components import Chip
from einklang.ui.text import t

GRADES = {"topic": ("Thema und Monat", "topic and month"), "title": ("Titel und Datum", "title and date")}
LABELS = {
    "email": ("envelope-simple", "E\u2011Mail", "E\u2011mail"),
    "rep_visibility": ("eye", "Lesehistorie", "Reading history"),
    "tracking": ("globe-simple", "Messung im Portal", "Measurement in the portal"),
    "mail_tracking": ("chart-bar", "Messung in E\u2011Mails", "Measurement in e\u2011mails"),
    "phone": ("phone", "Telefon", "Phone"),
}


def chips(
    person: UUID, known: dict[str, Status], verification: Verification | None, paused: datetime | None
) -> list[Chip]:
    """`paused`: until when she wishes no visits."""
    asking = reverse("desk:consent", args=[person])
    return [_visit(known, paused), *(_chip(name, known.get(name), asking) for name in LABELS), _audience(verification)]


def _visit(known: dict[str, Status], paused: datetime | None) -> Chip:
    label = t("Besuch", "Visit")
    objection = next((known[name] for name in ("visit", "marketing") if name in known), None)
    if objection is not None and objection.state == "objected":
        since = numbers.short_day(objection.since)
        return Chip(
            kind="no", icon="prohibit", label=label, state=t(f"widersprochen am {since}", f"objected on {since}")
        )
    if paused is not None:
        until = numbers.short_day(paused)
        return Chip(kind="wait", icon="pause", label=label, state=t(f"Pause bis {until}", f"paused until {until}"))
    return Chip(kind="yes", icon="handshake", label=label, state=t("kein Widerspruch", "no objection"))


def _chip(name: str, status: Status | None, asking: str) -> Chip:
    icon, de, en = LABELS[name]
    label = t(de, en)
    if status is None:
        state = t("fehlt, einholen", "missing, ask")
        return Chip(kind="ask", icon=icon, label=label, state=state, href=f"{asking}?erlaubnis={name}")
    since = numbers.short_day(status.since)
    match status.state:
        case "granted":
            state = t(*GRADES[status.grade]) if status.grade else t(f"erteilt am {since}", f"granted on {since}")
            return Chip(kind="yes", icon=icon, label=label, state=state)
        case "pending":
            state = t("Bestätigung steht aus", "awaiting confirmation")
            return Chip(kind="wait", icon="hourglass-medium", label=label, state=state)
    state = t(f"widerrufen am {since}", f"withdrawn on {since}")
    return Chip(kind="no", icon="prohibit", label=label, state=state)


def _audience(verification: Verification | None) -> Chip:
    label = t("Rx-Informationen", "Rx information")
    if verification is None:
        return Chip(kind="no", icon="prohibit", label=label, state=t("kein gültiger Nachweis", "no valid proof"))
    return Chip(kind="yes", icon="seal-check", label=label, state=t("Beruf nachgewiesen", "profession proven"))
