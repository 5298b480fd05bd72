"""What happened, in words for the desk and in the grade that the person granted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from einklang.faces.desk import disclosure
from einklang.loop.interactions.types import Entry
from einklang.ui.components import Story, TimelineEntry
from einklang.ui.text import t


def story(entries: Sequence[Entry], grade: str | None, rep: UUID) -> Story:
    return Story(entries=[_entry(each, grade) for each in entries], with_year=False)


def _entry(entry: Entry, grade: str | None) -> TimelineEntry:
    title, detail = _words(entry, grade)
    return TimelineEntry(
        at=entry.occurred_at,
        channel=entry.channel,
        title=title,
        icon=ICONS.get(entry.kind, ""),
        detail=detail,
        own=entry.kind == "visit.held",
        monthly=grade == "topic" and disclosure.traces(entry.kind),
        lines=[line] if (line := _unmeasured(entry)) else [],
    )


def _words(entry: Entry, grade: str | None) -> tuple[str, str]:
    told = entry.properties
    if entry.kind == "content.viewed":
        return _reading(entry, grade)
    if entry.kind == "email.sent":
        return t(f"E\u2011Mail „{told['subject']}“", f"E\u2011mail “{told['subject']}”"), t("ging hinaus", "went out")
    if entry.kind == "email.clicked" and grade == "title":
        return t(f"Klickte auf „{told['link']}“", f"Clicked “{told['link']}”"), ""
    return KINDS.get(entry.kind, (lambda: t("Kontakt", "Contact")))(), ""


def _reading(entry: Entry, grade: str | None) -> tuple[str, str]:
    if grade == "title":
        title = entry.properties.get("title", entry.properties["content_slug"])
        return t(f"Las „{title}“", f"Read “{title}”"), ""
    topics = ", ".join(str(each).capitalize() for each in entry.properties["topics"])
    return t(f"Las zum Thema {topics}", f"Read on {topics}"), ""


def _unmeasured(entry: Entry) -> str:
    if entry.kind == "email.sent":
        return t(
            "ob sie geöffnet wurde, messen wir nur mit Einwilligung", "we measure opening only with consent"
        )  # fmt: skip
    return ""


ICONS = {
    "content.viewed": "book-open-text",
    "sample.requested": "signature",
    "sample.dispatched": "package",
    "consent.changed": "shield-check",
    "recommendation.shown": "presentation-chart",
    "suggestion.made": "lightbulb",
}
KINDS = {
    "visit.held": lambda: t("Besuch", "Visit"),
    "email.opened": lambda: t("Öffnete eine E\u2011Mail", "Opened an e\u2011mail"),
    "email.clicked": lambda: t("Klickte in einer E\u2011Mail", "Clicked in an e\u2011mail"),
    "email.bounced": lambda: t("Eine E\u2011Mail kam nicht an", "An e\u2011mail did not arrive"),
    "sample.requested": lambda: t("Forderte ein Muster an", "Requested a sample"),
    "sample.dispatched": lambda: t("Muster versandt", "Sample dispatched"),
    "consent.changed": lambda: t("Änderte eine Einwilligung", "Changed a consent"),
    "recommendation.shown": lambda: t("Empfehlungen auf dem Tablet gezeigt", "Recommendations shown on the tablet"),
    "suggestion.made": lambda: t("Die Journey schlägt einen Besuch vor", "The journey suggests a visit"),
}
