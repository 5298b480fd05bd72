"""Two versions side by side or in one line, by passages and by words; what decides who may read it as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.content import pages as head
from einklang.faces.studio.content import words
from einklang.facts.content import compare, library, passages, read
from einklang.facts.content.compare import Row
from einklang.facts.content.read import Version
from einklang.services.approval import acts, evidence
from einklang.ui.text import t

LOCALES = {"de": ("Deutsch", "German"), "en": ("Englisch", "English")}


@dataclass(frozen=True)
class Compared:
    """One language of both texts."""

    name: str
    locale: str
    rows: list[tuple[str, Row]]

    @property
    def changes(self) -> int:
        return sum(row.change != "same" for _, row in self.rows)


@require_safe
@studio_view("content.read")
def view(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    """Opening it is what a reviewer has to have done."""
    content = acts.get(agent.cur, version)
    others = [(other, number) for other, number, *_ in library.versions(agent.cur, content.slug) if other != version]
    before = _before(agent, content, others, request.GET.get("mit", ""))
    if agent.may("content.review") and content.state == "draft":
        with transaction.atomic():
            evidence.opened(agent.cur, content, evidence.DIFFERENCE, agent.user.id, agent.now)
    return page(
        request,
        agent,
        "content_compare",
        **head.frame(agent, content),
        before=before,
        others=others,
        inline=request.GET.get("art") != "nebeneinander",
        texts=[_text(locale, before, content) for locale in content.body],
        facts=list(_facts(agent, before, content)) if before else [],
    )


def _before(agent: Agent, content: Version, others: list[tuple[UUID, int]], wanted: str) -> Version | None:
    """The version asked for, else the one before this one."""
    older = [other for other, number in others if number < content.version]
    chosen = next((other for other, _ in others if str(other) == wanted), older[0] if older else None)
    return read.versions(agent.cur, [chosen])[chosen] if chosen else None


def _text(locale: str, before: Version | None, content: Version) -> Compared:
    old = passages.of(before.body.get(locale, {}), locale) if before else []
    rows = compare.passages(old, passages.of(content.body[locale], locale))
    return Compared(t(*LOCALES[locale]), locale, [(_label(row), row) for row in rows])


def _label(row: Row) -> str:
    passage = row.new or row.old
    return t(*words.PASSAGES[passage.kind]) if passage else ""


def _facts(agent: Agent, before: Version, content: Version) -> Iterator[tuple[str, str, str]]:
    """(what, before, now) of what differs."""
    old, new = dict(head.facts(agent, before)), dict(head.facts(agent, content))
    for label in {**old, **new}:
        if label != t(*head.DIGEST) and old.get(label, "") != new.get(label, ""):
            yield label, old.get(label, "–"), new.get(label, "–")
