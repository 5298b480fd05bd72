"""One article, study or video, as it was frozen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from einklang.core import ids
from einklang.faces.portal import counts, event, library, parts, shelf, show
from einklang.faces.portal.access import reader_view, refused
from einklang.faces.portal.reader import Reader
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.ui import locale
from einklang.ui.charts import chart

RELATED, NEAR = 3, 8
LANGUAGES = {"de": "Deutsch", "en": "English"}


@require_safe
@never_cache
@reader_view()
def article(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    listed = library.listed(reader)
    version = next((each for each in listed if each.slug == slug), None)
    if version is None:
        raise Http404
    near = _near(version, listed)
    verdict, *others = show.verdicts(reader, [version, *near])
    if not verdict.yes:
        return refused(request, reader, verdict)
    related = [each for each, other in zip(near, others, strict=True) if other.yes][:RELATED]
    handed = None
    if reader.tracked:
        anonymous = request.session.setdefault("anonymous", str(ids.new()))
        handed = event.viewed(reader, version, anonymous).plain()
    else:
        counts.count(reader.cur, version.id, reader.now)
    return render(request, "portal/article.html", {"event": handed, **context(reader, version, related)})


@require_POST
@reader_view()
def keep(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """Put aside for later, or taken from there again."""
    if slug not in content.live(reader.cur, [slug], reader.now):
        raise Http404
    with transaction.atomic():
        if "undo" in request.POST:
            shelf.unsave(reader.cur, reader.card.id, slug)
        else:
            shelf.save(reader.cur, reader.card.id, slug, reader.now)
    return redirect("portal:article", slug=slug)


@require_POST
@reader_view()
def progress(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """How far she came; without her permission nothing is kept."""
    percent = request.POST.get("percent", "")
    if reader.tracked and percent.isdecimal() and slug in content.live(reader.cur, [slug], reader.now):
        with transaction.atomic():
            shelf.reach(reader.cur, reader.card.id, slug, int(percent[:3]), reader.now)
    return HttpResponse(status=204)


def context(reader: Reader, version: Version, related: Sequence[Version]) -> dict[str, object]:
    return {
        "reader": reader,
        "kept": shelf.kept(reader.cur, reader.card.id).get(version.slug),
        "related": [parts.card(each, reader) for each in related],
        "mandatory": parts.mandatory(reader.cur, [version, *related]),
        **_page(reader, version),
    }


def _near(version: Version, listed: Sequence[Version]) -> list[Version]:
    """Most topics in common first, then the newest; more than are shown, since the gate may refuse some."""
    own = set(version.topics)
    shared = {each.slug: len(own.intersection(each.topics)) for each in listed if each.slug != version.slug}
    near = [each for each in listed if shared.get(each.slug)]
    return sorted(near, key=lambda each: shared[each.slug], reverse=True)[:NEAR]


def _page(reader: Reader, version: Version) -> dict[str, object]:
    words = version.text(locale.current())
    return {
        "card": parts.card(version, reader),
        "words": words,
        "blocks": [_drawn(block) for block in words["blocks"] if block["type"] != "video"],
        "video": _video(version, words),
        "translated": locale.current() in version.body,
    }


def _drawn(block: dict[str, Any]) -> dict[str, Any]:
    return {**block, "part": chart(block)} if block["type"] == "chart" else block


def _video(version: Version, words: dict[str, Any]) -> dict[str, object] | None:
    """Captions and poster lie beside the film: titration.webm, titration.de.vtt, titration.jpg."""
    block = next((block for block in words["blocks"] if block["type"] == "video"), None)
    if block is None:
        return None
    stem = block["asset"].rpartition(".")[0]
    captions = [(language, f"{stem}.{language}.vtt") for language in LANGUAGES]
    return {
        "asset": block["asset"],
        "title": block.get("title", ""),
        "poster": f"{stem}.jpg" if f"{stem}.jpg" in version.assets else "",
        "tracks": [(language, LANGUAGES[language], path) for language, path in captions if path in version.assets],
        "transcript": words.get("transcript", []),
        "chapters": [(f"{at // 60}:{at % 60:02}", at, title) for at, title in _chapters(words)],
    }


def _chapters(words: dict[str, Any]) -> list[tuple[int, str]]:
    return [(each["at"], each["title"]) for each in words.get("chapters", [])]
