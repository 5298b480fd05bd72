"""What the tablet shows: slides, study and video, each asked of the gate, with the Fachinformation one tap away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.core.pg import Cursor
from einklang.faces.desk import medicines, words
from einklang.faces.desk.access import Rep, rep_view
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.facts.people.read import PersonCard
from einklang.loop.channels.visit import shown
from einklang.loop.gate import door, judge
from einklang.loop.gate.question import Question, Recipient
from einklang.ui import charts, files, locale

KINDS = ("slides", "study", "video", "article")


@dataclass(frozen=True)
class Slide:
    title: str
    blocks: Sequence[dict[str, Any]]


@require_safe
@rep_view("desk.visit")
def choose(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    card = rep.person(person)
    offers, withheld = allowed(rep, card)
    language = locale.current()
    context = {
        "rep": rep,
        "card": card,
        "offers": [(each, each.text(language)) for each in offers],
        "withheld": withheld,
        "before": {each.slug for each in shown.since(rep.cur, rep=rep.user.id, person=person, moment=rep.midnight)},
    }
    return render(request, "desk/choose.html", context)


@require_safe
@rep_view("desk.visit")
def stage(request: HttpRequest, rep: Rep, person: UUID, slug: str) -> HttpResponse:
    card, version = rep.person(person), _live(rep, slug)
    with transaction.atomic():
        verdict_id = _refused(rep.cur, rep, card, version)
    if verdict_id is not None:
        context = {"rep": rep, "card": card, "refused": words.verdict(rep.cur, verdict_id)}
        return render(request, "desk/not_shown.html", context, status=403)
    text = version.text(locale.current())
    context = {
        "rep": rep,
        "card": card,
        "version": version,
        "text": text,
        "slides": _slides(version, text),
        "film": _film(version, text),
        "medicines": medicines.of(rep, card.market, version),
        "mandatory": medicines.mandatory(rep, [version]),
    }
    return render(request, "desk/stage.html", context)


@require_safe
@rep_view("desk.visit")
def asset(request: HttpRequest, rep: Rep, person: UUID, slug: str, name: str) -> HttpResponseBase:
    card, version = rep.person(person), _live(rep, slug)
    (verdict,) = judge.ask_only(rep.cur, [_question(rep, card.id, version)])
    if not verdict.yes or name not in version.assets:
        raise Http404
    response = files.send(request, files.path_of(name))
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def allowed(rep: Rep, card: PersonCard) -> tuple[list[Version], int]:
    """What this person may be shown, slides first, and how much is withheld."""
    listed = content.listing(rep.cur, now=rep.now, kinds=KINDS, market=card.market)
    verdicts = judge.ask_only(rep.cur, [_question(rep, card.id, each) for each in listed])
    found = [version for version, verdict in zip(listed, verdicts, strict=True) if verdict.yes]
    return sorted(found, key=lambda each: KINDS.index(each.kind)), len(listed) - len(found)


def _live(rep: Rep, slug: str) -> Version:
    version = content.live(rep.cur, [slug], rep.now).get(slug)
    if version is None or version.kind not in KINDS:
        raise Http404
    return version


def _refused(cur: Cursor, rep: Rep, card: PersonCard, version: Version) -> UUID | None:
    """The verdict is stored where something is advertised; a yes goes into the report of the visit."""
    (asked,) = door.ask(cur, [_question(rep, card.id, version)], now=rep.now)
    if not asked.verdict.yes:
        return asked.verdict_id
    shown.note(
        cur,
        rep=rep.user.id,
        person=card.id,
        content=version.id,
        slug=version.slug,
        day=rep.today,
        now=rep.now,
    )
    return None


def _question(rep: Rep, person: UUID, version: Version) -> Question:
    purpose = "promotional" if version.promotional else "medical"
    return Question(
        "show", Recipient("person", person), "visit", purpose, rep.user.id, "sales", version.id, at=rep.now
    )  # fmt: skip


def _slides(version: Version, text: dict[str, Any]) -> list[Slide]:
    """A study or an article becomes slides too: one for each headline."""
    if version.kind == "slides":
        return [Slide(each["title"], _parts(each["blocks"])) for each in text["slides"]]
    found = [Slide(text["title"], [{"type": "p", "text": text["lede"]}])]
    for block in text["blocks"]:
        if block["type"] == "h":
            found.append(Slide(block["text"], []))
        elif block["type"] != "video":
            found[-1] = Slide(found[-1].title, [*found[-1].blocks, *_parts([block])])
    return found


def _parts(blocks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**each, "part": charts.chart(each)} if each["type"] == "chart" else each for each in blocks]


def _film(version: Version, text: dict[str, Any]) -> dict[str, Any] | None:
    """The film, its poster and its captions: named by the block, or lying beside it."""
    block = next((each for each in text.get("blocks", ()) if each["type"] == "video"), None)
    if block is None:
        return None
    stem = block["asset"].rpartition(".")[0]
    beside = [{"locale": each, "asset": f"{stem}.{each}.vtt"} for each in ("de", "en")]
    captions = [each for each in block.get("captions", beside) if each["asset"] in version.assets]
    poster = block.get("poster", f"{stem}.jpg")
    return {
        "asset": block["asset"],
        "poster": poster if poster in version.assets else "",
        "captions": captions,
        "language": locale.current(),
    }
