"""The library of contents, and one content as its readers would see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import FileResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from einklang.core import settings
from einklang.core.words import speak
from einklang.faces.studio import export, lists
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.content import preview, trial, words
from einklang.faces.studio.lists import Filter, Listing
from einklang.facts.audit import trail
from einklang.facts.content import assets, library, read, ready, sign, topics
from einklang.facts.content.library import Row
from einklang.facts.content.read import Version
from einklang.facts.people import read as people
from einklang.facts.products import read as products
from einklang.services.approval import acts, comments, withdrawal
from einklang.ui import locale, numbers
from einklang.ui.components import Steps
from einklang.ui.text import t

LISTED = 200
HISTORY = 30
DIGEST = ("Prüfsumme", "Digest")
HEADER = (("Titel", "Title"), ("Kennung", "Name"), ("Fassung", "Version"), ("Art", "Kind"), ("Zustand", "State"),
          ("Arzneimittel", "Medicine"), ("Publikum", "Audience"), ("Gültig bis", "Valid until"))  # fmt: skip


@dataclass(frozen=True)
class Line:
    row: Row
    product: str

    @property
    def title(self) -> str:
        return self.row.title(locale.current())

    @property
    def kind(self) -> tuple[str, str]:
        de, en, icon = words.KINDS[self.row.kind]
        return t(de, en), icon

    @property
    def status(self) -> tuple[str, str, str]:
        return status(self.row.status)

    @property
    def audience(self) -> str:
        return t(*words.AUDIENCES[self.row.audience])


@require_safe
@studio_view("content.read")
def listing(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    known = {str(each.id): each.name for each in products.all_products(agent.cur)}
    shown = Listing(request, agent, _filters(known))
    product, english = shown.get("produkt"), shown.get("sprache")
    found = library.listing(
        agent.cur,
        agent.now,
        kind=shown.get("art"),
        status=shown.get("zustand"),
        product=UUID(product) if product else None,
        english=None if english is None else english == "en",
        words=shown.get("suche"),
        limit=LISTED,
    )
    lines = [Line(row, known.get(str(row.product), "")) for row in found]
    if shown.wants_csv:
        return export.answer(shown, "contents", [t(*pair) for pair in HEADER], [_cells(line) for line in lines])
    counts = library.counts(agent.cur, agent.now)
    urgent = [(name, *status(name), counts[name]) for name in words.STATUSES if name in counts]
    return page(
        request, agent, "content", list=shown.showing(lines, total=len(lines)), counts=urgent,
        writes=agent.may("content.edit"),
    )  # fmt: skip


@require_safe
@studio_view("content.read")
def detail(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    content = acts.get(agent.cur, version)
    given = sign.signatures(agent.cur, [version]).get(version, [])
    channels = preview.channels(content.kind)
    channel = request.GET.get("kanal", "")
    return page(
        request,
        agent,
        "content_detail",
        **frame(agent, content),
        preview=preview.of(agent.cur, content, channel if channel in channels else channels[0], agent.now),
        channels=[(name, preview.CHANNELS[name]) for name in channels],
        steps=Steps(items=words.steps(content, given)),
        signed=bool(given),
        void=[(each, words.role(each.role)) for each in given if not each.valid(content)],
        facts=facts(agent, content),
        used=used(agent, content),
        versions=_versions(agent, content),
        history=_history(agent, content),
        comments=comments.unresolved(agent.cur, version),
        missing=_missing(agent, content),
        **trial.shown(agent, content),
    )


@require_safe
@studio_view("content.read")
def file(request: HttpRequest, agent: Agent, version: UUID, name: str) -> HttpResponseBase:
    """A file of any version, drafts too."""
    content = acts.get(agent.cur, version)
    root = (settings.get().home / "files").resolve()
    path = (root / name).resolve()
    kind = assets.KINDS.get(path.suffix[1:])
    if name not in content.assets or kind is None or not path.is_relative_to(root) or not path.is_file():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type=kind.media_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


def frame(agent: Agent, content: Version) -> dict[str, Any]:
    """What the head of every page of a content shows, and what may be done from there."""
    state = words.status_of(content, agent.now, agent.now + library.SOON)
    kind_de, kind_en, icon = words.KINDS[content.kind]
    writes = agent.may("content.edit")
    draft = content.state == "draft"
    return {
        "content": content,
        "title": content.title(locale.current()),
        "kind": (t(kind_de, kind_en), icon),
        "standing": status(state),
        "edits": writes and draft,
        "submits": writes and draft and content.review != "in_review",
        "takes_back": writes and draft and content.review == "in_review",
        "renews": writes and not draft,
        "reviews": bool(acts.roles_of(agent.cur, content, set(agent.user.roles))),
        "confirms": agent.may("content.smpc") and content.review in ("needs_review", "withheld"),
        "withdraws": agent.may("content.withdraw") and content.state in ("frozen", "withheld"),
    }


def used(agent: Agent, content: Version) -> dict[str, Any]:
    """What a withdrawal would touch; a journey's address only for who may open it."""
    found = withdrawal.impact(agent.cur, content)
    opens = agent.may("studio.journeys")
    return {
        "journeys": [(journey if opens else None, name.in_(locale.current())) for journey, name in found.journeys],
        "mails": found.mails,
        "messages": len(found.messages),
        "pages": [] if content.kind in ("mail", "system_mail", "slides") else [f"/inhalt/{content.slug}"],
    }


def facts(agent: Agent, content: Version) -> list[tuple[str, str]]:
    named = [content.authorisation] if content.authorisation else []
    product = products.product(agent.cur, named)
    text = products.mandatory_texts(agent.cur, [content.mandatory_text] if content.mandatory_text else [])
    told = [
        (t("Kennung", "Name"), content.slug),
        (t("Publikum", "Audience"), t(*words.AUDIENCES[content.audience])),
        (t("Werblich", "Promotional"), t("ja", "yes") if content.promotional else t("nein", "no")),
        (t("Arzneimittel", "Medicine"), ", ".join(each.name for each in product.values())),
        (t("Fachinformation", "Fachinformation"), _edition(content.smpc_version)),
        (t("Pflichtangaben", "Mandatory text"), ", ".join(_edition(each.version) for each in text.values())),
        (t("Themen", "Topics"), ", ".join(_topics(agent, content))),
        (t("Anwendungsgebiete", "Indications"), ", ".join(content.indications)),
        (t("Gültig", "Valid"), _span(content)),
        (t("Sprachen", "Languages"), ", ".join(t(*words.LANGUAGES[each]) for each in content.body)),
        (t(*DIGEST), content.sha256[:16]),
    ]
    return [(label, value) for label, value in told if value]


def _topics(agent: Agent, content: Version) -> list[str]:
    known = topics.load(agent.cur)
    return [topics.name(known, each).in_(locale.current()) for each in content.topics]


def status(name: str) -> tuple[str, str, str]:
    """Word, tone and icon."""
    de, en, tone, icon = words.STATUSES[name]
    return t(de, en), tone, icon


def _filters(known: Mapping[str, str]) -> list[Filter]:
    return [
        Filter(name="suche", label=t("Wörter im Titel", "Words in the title"), kind="text"),
        Filter(name="art", label=t("Art", "Kind"), options=lists.pairs(words.KINDS)),
        Filter(name="zustand", label=t("Zustand", "State"), options=lists.pairs(words.STATUSES)),
        Filter(name="produkt", label=t("Arzneimittel", "Medicine"), options=list(known.items())),
        Filter(
            name="sprache",
            label=t("Sprache", "Language"),
            options=[("en", t("Deutsch und Englisch", "German and English")), ("de", t("Nur Deutsch", "German only"))],
        ),
    ]


def _cells(line: Line) -> list[str]:
    until = numbers.day(line.row.valid_to) if line.row.valid_to else ""
    return [
        line.title,
        line.row.slug,
        str(line.row.version),
        line.kind[0],
        line.status[0],
        line.product,
        line.audience,
        until,
    ]


def _edition(number: int | None) -> str:
    return t(f"Fassung {number}", f"Version {number}") if number is not None else ""


def _span(content: Version) -> str:
    since = numbers.day(content.valid_from)
    if content.valid_to is None:
        return t(f"ab {since}, ohne Ende", f"from {since}, without an end")
    return t(f"{since} bis {numbers.day(content.valid_to)}", f"{since} to {numbers.day(content.valid_to)}")


def _versions(agent: Agent, content: Version) -> list[tuple[UUID, int, tuple[str, str, str], bool]]:
    found = library.versions(agent.cur, content.slug)
    whole = read.versions(agent.cur, [version for version, *_ in found])
    soon = agent.now + library.SOON
    return [
        (version, number, status(words.status_of(whole[version], agent.now, soon)), version == content.id)
        for version, number, *_ in found
    ]


def _history(agent: Agent, content: Version) -> list[tuple[trail.Entry, str, str]]:
    """Entry of the audit trail, what was done, by whom."""
    entries = trail.listing(agent.cur, limit=HISTORY, object=f"content:{content.id}")
    names = people.users(agent.cur, {each.who for each in entries if each.who})
    machine = t("Einklang", "Einklang")
    return [
        (
            each,
            t(*words.ACTS.get(each.act, (each.act, each.act))),
            names[each.who].name if each.who in names else machine,
        )
        for each in entries
    ]


def _missing(agent: Agent, content: Version) -> list[str]:
    """What stands between this draft and its reviewers."""
    if content.state != "draft" or content.review == "in_review":
        return []
    language = locale.current()
    return [
        f"{speak(one.rule, language)} {speak(one.way_out, language)}"
        for one in ready.problems(agent.cur, content, agent.now)
    ]
