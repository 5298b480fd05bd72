"""How contents and their approval are called and drawn in the studio."""

from __future__ import annotations

from datetime import datetime

from einklang.facts.content import workflow
from einklang.facts.content.read import Version
from einklang.facts.content.sign import Signed
from einklang.ui import numbers
from einklang.ui.components import Step
from einklang.ui.text import t

KINDS = {
    "article": ("Artikel", "Article", "book-open-text"),
    "study": ("Studie", "Study", "flask"),
    "video": ("Video", "Video", "monitor-play"),
    "mail": ("E\u2011Mail", "E\u2011mail", "envelope-simple"),
    "slides": ("Folien", "Slides", "presentation-chart"),
    "system_mail": ("Systemmail", "System mail", "envelope-simple"),
}
STATUSES = {
    "draft": ("Entwurf", "Draft", "", "note-pencil"),
    "in_review": ("In Prüfung", "Under review", "voice", "clock"),
    "changes_requested": ("Änderung erbeten", "Changes requested", "warn", "pencil-simple"),
    "rejected": ("Abgelehnt", "Rejected", "hold", "hand-palm"),
    "released": ("Freigegeben", "Released", "ok", "seal-check"),
    "scheduled": ("Freigegeben, gilt noch nicht", "Released, not valid yet", "", "calendar-blank"),
    "needs_review": ("Neu zu prüfen", "Needs review", "warn", "warning"),
    "withheld": ("Zurückgehalten", "Withheld", "hold", "hand-palm"),
    "expiring": ("Läuft bald ab", "Expires soon", "warn", "clock-countdown"),
    "expired": ("Abgelaufen", "Expired", "hold", "hand-palm"),
    "withdrawn": ("Zurückgezogen", "Withdrawn", "hold", "prohibit"),
}
AUDIENCES = {
    "public": ("Öffentlich", "Public"),
    "fachkreis": ("Fachkreise", "Professionals"),
    "rx": ("Rx\u2011Fachkreise", "Rx professionals"),
}
LANGUAGES = {"de": ("Deutsch", "German"), "en": ("Englisch", "English")}
ROLES = {
    "medical_reviewer": ("Medizin", "Medical"),
    "legal_reviewer": ("Recht", "Legal"),
    "information_officer": ("Informationsbeauftragte", "Information officer"),
    "marketing": ("Verfasser", "Authors"),
    "product": ("Produkt", "Product"),
}
MEANINGS = {
    "medical_reviewer": ("Medizinisch geprüft", "Medically reviewed"),
    "legal_reviewer": ("Rechtlich geprüft", "Legally reviewed"),
    "information_officer": ("Freigegeben nach § 74a AMG", "Released under § 74a AMG"),
}
ACTS = {
    "content.create": ("Angelegt", "Created"),
    "content.renew": ("Neue Fassung begonnen", "New version begun"),
    "content.change": ("Geändert", "Changed"),
    "content.submit": ("Zur Prüfung gegeben", "Submitted for review"),
    "content.take_back": ("Aus der Prüfung geholt", "Taken back from review"),
    "content.sign": ("Unterschrieben", "Signed"),
    "content.release": ("Freigegeben", "Released"),
    "content.request_changes": ("Änderung erbeten", "Changes requested"),
    "content.reject": ("Abgelehnt", "Rejected"),
    "content.test": ("Test gesendet", "Test sent"),
    "content.withdraw": ("Zurückgezogen", "Withdrawn"),
    "content.ask_review": ("Neue Fachinformation: neu zu prüfen", "New Fachinformation: needs review"),
    "content.withhold": ("Neue Fachinformation: zurückgehalten", "New Fachinformation: withheld"),
    "content.confirm": ("Gegen die neue Fachinformation bestätigt", "Confirmed against the new Fachinformation"),
}
PASSAGES = {
    "title": ("Titel", "Title"),
    "lede": ("Vorspann", "Lede"),
    "subject": ("Betreff", "Subject"),
    "preheader": ("Vorschautext", "Preheader"),
    "greeting": ("Anrede", "Greeting"),
    "closing": ("Schluss", "Closing"),
    "p": ("Absatz", "Paragraph"),
    "h": ("Zwischentitel", "Heading"),
    "list": ("Liste", "List"),
    "quote": ("Zitat", "Quotation"),
    "table": ("Tabelle", "Table"),
    "figure": ("Bild", "Figure"),
    "video": ("Film", "Film"),
    "chart": ("Diagramm", "Chart"),
    "slide": ("Folie", "Slide"),
    "notes": ("Notizen", "Notes"),
    "link": ("Link", "Link"),
    "chapter": ("Kapitel", "Chapter"),
    "transcript": ("Mitschrift", "Transcript"),
    "claim": ("Aussage", "Claim"),
    "reference": ("Quelle", "Reference"),
}
TASKS = {
    "review": ("Prüfen und unterschreiben", "Review and sign", "seal-check"),
    "changes": ("Überarbeiten", "Rework", "pencil-simple"),
    "expiry": ("Läuft ab: erneuern oder auslaufen lassen", "Expires: renew or let it end", "clock-countdown"),
    "recheck": ("Gegen die neue Fachinformation prüfen", "Check against the new Fachinformation", "warning"),
    "inform": ("Fachkreise über die neue Fachinformation unterrichten", "Tell professionals of the new Fachinformation", "megaphone-simple"),  # noqa: E501
}  # fmt: skip


def role(name: str) -> str:
    return t(*ROLES.get(name, (name, name)))


def status_of(version: Version, now: datetime, soon: datetime) -> str:
    """The word of `library.STATUSES` for one version."""
    if version.state in ("withdrawn", "withheld"):
        return version.state
    if version.state == "draft":
        return version.review or "draft"
    if version.valid_to is not None and version.valid_to <= now:
        return "expired"
    if version.review or version.valid_from > now:
        return version.review or "scheduled"
    return "expiring" if version.valid_to is not None and version.valid_to <= soon else "released"


def steps(version: Version, signatures: list[Signed]) -> list[Step]:
    """Where the approval stands: who signed what and when, who is at turn."""
    valid = {each.role: each for each in signatures if each.valid(version)}
    waiting = workflow.open_roles(version.kind, valid) if version.review == "in_review" else ()
    return [_step(name, valid.get(name), name in waiting) for stage in workflow.stages(version.kind) for name in stage]


def _step(name: str, given: Signed | None, at_turn: bool) -> Step:
    if given:
        return Step(
            state="done",
            title=role(name),
            detail=f"{given.name}, {numbers.full_moment(given.at)}: {t(*MEANINGS[name])}",
            icon="signature",
        )
    if at_turn:
        return Step(state="current", title=role(name), detail=t("Ist an der Reihe", "Is at turn"))
    return Step(state="todo", title=role(name))
