"""One article, study or video, as it was frozen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from einklang.core import ids
from einklang.faces.portal import counts, event, parts, show
from einklang.faces.portal.access import Reader, reader_view, refused
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.ui import locale

LANGUAGES = {"de": "Deutsch", "en": "English"}


@require_safe
@never_cache
@reader_view()
def article(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    version = content.live(reader.cur, [slug], reader.now).get(slug)
    if version is None or version.kind not in show.KINDS:
        raise Http404
    verdict = show.verdicts(reader, [version])[0]
    if not verdict.yes:
        return refused(request, reader, verdict)
    handed = None
    if reader.tracked:
        anonymous = request.session.setdefault("anonymous", str(ids.new()))
        handed = event.viewed(reader, version, anonymous).plain()
    else:
        counts.count(reader.cur, version.id, reader.now)
    return render(request, "portal/article.html", {"reader": reader, "event": handed, **_page(reader, version)})


def _page(reader: Reader, version: Version) -> dict[str, object]:
    words = version.text(locale.current())
    return {
        "card": parts.card(version, reader),
        "words": words,
        "blocks": [block for block in words["blocks"] if block["type"] != "video"],
        "video": _video(version, words),
        "mandatory": parts.mandatory(reader.cur, [version]),
        "translated": locale.current() in version.body,
    }


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
    }
