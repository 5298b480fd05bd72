"""Every answer of the gate, with what it rests on; judged again on demand; and what was withheld, as numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from einklang.faces.studio import export, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import COUNTABLE, Filter, Listing, pairs
from einklang.faces.studio.record import verdict_numbers
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.loop.decide.journeys import store
from einklang.loop.gate import survey, verdicts
from einklang.loop.gate.verdicts import Replay, Stored
from einklang.ui import channels, locale, numbers
from einklang.ui.text import t

LISTED = 15
OFFERED = timedelta(days=90)
COUNTED = timedelta(days=30)
HEADER = ("stored_at", "act", "channel", "purpose", "person", "answer", "rule", "reason", "way_out", "verdict")


@require_safe
@studio_view("studio.verdicts.count")
def listing(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    asked = _listing(request, agent)
    if not agent.may("studio.verdicts"):
        return page(
            request, agent, "verdicts", named=False, list=asked, **verdict_numbers.counts(agent, _wanted(asked))
        )
    if asked.wants_csv:
        return export.answer(asked, "verdicts", HEADER, _lines(agent, asked))
    return _shown(request, agent, asked, None, None)


@require_safe
@studio_view("studio.verdicts")
def detail(request: HttpRequest, agent: Agent, verdict: UUID) -> HttpResponse:
    """Beside the list that it was opened from; `nachrechnen` judges again."""
    stored = verdicts.get(agent.cur, verdict)
    replay = verdicts.replay(agent.cur, verdict) if "nachrechnen" in request.GET else None
    return _shown(request, agent, _listing(request, agent), stored, replay)


def _shown(
    request: HttpRequest, agent: Agent, asked: Listing, stored: Stored | None, replay: Replay | None
) -> HttpResponse:
    wanted = _wanted(asked)
    found = verdicts.listing(agent.cur, limit=LISTED, beyond=_id(asked.after), **wanted)
    following = found[-1].id if len(found) == LISTED else None
    asked.showing(words.rows(agent.cur, found), following, survey.total(agent.cur, most=COUNTABLE + 1, **wanted))
    opened = stored or (found[0] if found else None)
    return page(
        request,
        agent,
        "verdicts",
        named=True,
        list=asked,
        opened=opened,
        alone=stored is not None,
        detail=_detail(agent, opened, replay) if opened else None,
        **verdict_numbers.counts(agent, wanted),
    )


def _listing(request: HttpRequest, agent: Agent) -> Listing:
    return Listing(request, agent, _filters(agent), path="studio:verdicts")


def _filters(agent: Agent) -> list[Filter]:
    """Rules, channels, contents and journeys as verdicts of the last months name them."""
    cur, since = agent.cur, agent.now - OFFERED
    titles = {each.slug: each.title(locale.current()) for each in _versions(agent)}
    journeys = [(str(row.id), row.title.in_(locale.current())) for row in store.listing(cur)]
    rules = [(str(rule), str(rule)) for rule in survey.known(cur, "rule", since)]
    ways = [(str(name), channels.look(str(name)).name) for name in survey.known(cur, "channel", since)]
    return [
        Filter(name="antwort", label=t("Antwort", "Answer"), options=pairs(words.ANSWERS)),
        Filter(name="regel", label=t("Regel", "Rule"), options=rules),
        Filter(name="handlung", label=t("Handlung", "Act"), options=pairs(words.ACTS)),
        Filter(name="kanal", label=t("Kanal", "Channel"), options=ways),
        Filter(name="zweck", label=t("Zweck", "Purpose"), options=pairs(words.PURPOSES)),
        Filter(name="inhalt", label=t("Inhalt", "Content"), options=sorted(titles.items(), key=lambda each: each[1])),
        Filter(name="journey", label="Journey", options=journeys),
        Filter(name="von", label=t("Seit", "Since"), kind="day"),
        Filter(name="bis", label=t("Bis", "Until"), kind="day"),
    ]


def _versions(agent: Agent) -> list[Version]:
    """Those that verdicts of the last months were about."""
    known = survey.known(agent.cur, "content", agent.now - OFFERED)
    return list(content.versions(agent.cur, [each for each in known if isinstance(each, UUID)]).values())


def _wanted(asked: Listing) -> dict[str, Any]:
    """The filters as the gate knows them."""
    cur = asked.agent.cur
    journey, slug = asked.get("journey"), asked.get("inhalt")
    return {
        "answer": asked.get("antwort"),
        "rule": asked.get("regel"),
        "act": asked.get("handlung"),
        "channel": asked.get("kanal"),
        "purpose": asked.get("zweck"),
        "contents": [each.id for each in _versions(asked.agent) if each.slug == slug] if slug else None,
        "journeys": [each.id for each in store.versions(cur, UUID(journey))] if journey else None,
        "since": asked.since("von"),
        "before": asked.until("bis"),
    }


def _lines(agent: Agent, asked: Listing) -> Iterator[tuple[Any, ...]]:
    wanted = _wanted(asked)

    def fetch(after: str) -> tuple[list[Stored], UUID | None]:
        found = verdicts.listing(agent.cur, limit=500, beyond=_id(after), **wanted)
        return found, found[-1].id if len(found) == 500 else None

    for stored in export.every(fetch):
        asked_for, reason = stored.question, next(iter(stored.verdict.decisive), None)
        told = (
            (reason.rule, reason.text(locale.current()), reason.way_out(locale.current())) if reason else ("", "", "")
        )
        who = (asked_for.act, asked_for.channel, asked_for.purpose, asked_for.recipient.person, stored.verdict.answer)
        yield (stored.stored_at.isoformat(), *who, *told, stored.id)


def _detail(agent: Agent, stored: Stored, replay: Replay | None) -> dict[str, Any]:
    known = words.named(agent.cur, [stored.question])
    part = words.verdict(
        stored.verdict, question=words.question_text(stored.question, known), proof=_proof(stored, replay), level=2
    )
    return {
        "part": part,
        "replay": replay,
        "flags": [(words.flag(name), words.flag_value(value)) for name, value in sorted(stored.verdict.flags.items())],
        "alike": _alike(agent, stored),
        "person": stored.question.recipient.person if agent.may("studio.timeline") else None,
        "differences": [words.difference(name) for name in replay.differences] if replay else [],
    }


def _alike(agent: Agent, stored: Stored) -> survey.Withheld | None:
    """How many others the same rule stopped of late."""
    if stored.verdict.yes:
        return None
    rule = stored.verdict.reasons[0].rule
    found = survey.withheld(agent.cur, rule=rule, since=agent.now - COUNTED)
    return found[0] if found else None


def _proof(stored: Stored, replay: Replay | None) -> list[tuple[str, str]]:
    packs = [name.split("#")[0] for name in stored.verdict.packs]
    proof = [
        (t("Regelwerk", "Rule packs"), ", ".join(packs)),
        (t("Fakten", "Facts"), f"{stored.facts[:4]} {stored.facts[4:8]} … {stored.facts[-4:]}"),
        (t("Gefragt", "Asked"), numbers.full_moment(stored.stored_at)),
    ]
    if replay is not None:
        proof.append((t("Nachgerechnet", "Replayed"), _outcome(replay)))
    return proof


def _outcome(replay: Replay) -> str:
    if replay.missing:
        return t("nicht vergleichbar", "not comparable")
    same = t("gleiche Fakten, gleiches Urteil", "same facts, same verdict")
    return same if replay.same else t("weicht ab", "differs")


def _id(text: str) -> UUID | None:
    """A link of ours; what somebody made of it starts at the newest again."""
    try:
        return UUID(text)
    except ValueError:
        return None
