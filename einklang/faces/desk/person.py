"""The page before a visit: who, may I, the next step with reasons and why-nots, what happened, what to bring."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from einklang.core.connection import cursor
from einklang.core.words import Words
from einklang.faces.desk import permissions, steps, streaming, supply, timeline, today, words
from einklang.faces.desk.access import Rep, rep_view
from einklang.faces.desk.steps import Suggested
from einklang.facts.consent import preferences
from einklang.facts.consent.status import status
from einklang.facts.content import read as content
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.loop.channels.visit import reports
from einklang.loop.decide import insight, next_best, told
from einklang.loop.decide.insight import Insight
from einklang.loop.decide.next_best import NextBest, Step
from einklang.ui import locale, numbers
from einklang.ui.components import Factor, Reason, Reasons, Why
from einklang.ui.text import t

WHOLE = 200


@require_safe
@rep_view()
def prepare(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    card = rep.person(person)
    verification = people.verified(rep.cur, [person], rep.now).get(person)
    planned = [each for each in reports.listing(rep.cur, rep=rep.user.id, person=person) if each.held_at is None]
    context = _situation(rep, card) | {
        "rep": rep,
        "card": card,
        "chips": permissions.chips(person, status(rep.cur, [person])[person], verification, _no_visits(rep, person)),
        "planned": planned[0] if planned else None,
        "stream": streaming.address(rep),
    }
    return render(request, "desk/person.html", context)


@require_safe
@rep_view()
def live(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    """The part of the page that changes by itself."""
    card = rep.person(person)
    return render(request, "desk/situation.html", _situation(rep, card) | {"rep": rep, "card": card})


def _situation(rep: Rep, card: PersonCard) -> dict[str, Any]:
    person = card.id
    seen = disclosed(rep, person)
    best = next_best.for_person(rep.cur, rep.user.id, [person], rep.now, grades={person: seen.grade})[person]
    step = best.steps[0] if best.steps else None
    return {
        "seen": seen,
        "tasks": today.to_dos(rep, person),
        "back": reverse("desk:person", args=[person]),
        "step": step,
        "suggestion": Suggested(card, step) if step else None,
        **steps.choices(),
        "title": _say(step.title) if step else "",
        "reasons": _reasons(step) if step else None,
        "why_nots": _why_nots(best),
        "story": timeline.story(told.lines(seen)),
        "interests": _interests(seen),
        "undisclosed": words.verdict(rep.cur, seen.verdict_id) if seen.verdict_id and not seen.grade else None,
        "quotas": supply.quotas(rep, person),
        "bring": list(content.live(rep.cur, step.content, rep.now).values()) if step else [],
    }


@require_safe
@rep_view()
def history(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    """All of it, as far as the rep may see it."""
    card = rep.person(person)
    seen = disclosed(rep, person, WHOLE)
    context = {"rep": rep, "card": card, "story": timeline.story(told.lines(seen), with_year=True), "most": WHOLE}
    context["undisclosed"] = words.verdict(rep.cur, seen.verdict_id) if seen.verdict_id and not seen.grade else None
    return render(request, "desk/history.html", context)


def _no_visits(rep: Rep, person: UUID) -> datetime | None:
    """Until when she wishes a pause that holds for visits, too."""
    wish = preferences.read(rep.cur, [person]).get(person)
    until = wish.paused_until if wish and wish.pause_visits else None
    return until if until and until > rep.now else None


def _reasons(step: Step) -> Reasons:
    items = [Reason(channel=each.channel, text=_say(each.text), points=f"+{each.points}") for each in step.reasons]
    return Reasons(items=items)


def _why_nots(best: NextBest) -> Why | None:
    if not best.why_nots:
        return None
    count = len(best.why_nots)
    sentence = (
        t("Ein anderer Schritt wurde zurückgehalten.", "One other step was withheld.")
        if count == 1
        else t(f"{count} andere Schritte wurden zurückgehalten.", f"{count} other steps were withheld.")
    )
    factors = [Factor(title=_say(each.title), rule=each.rule, detail=_say(each.text)) for each in best.why_nots]
    return Why(sentence=sentence, factors=factors, icon="hand-palm", question=t("Warum nicht?", "Why not?"))


def disclosed(rep: Rep, person: UUID, limit: int = insight.HISTORY) -> Insight:
    with transaction.atomic():
        return insight.disclosed(cursor(), rep.user.id, person, rep.now, limit)


def _interests(seen: Insight) -> list[tuple[str, str, str, float]]:
    """Topic, month, strength in words, share of the bar."""
    return [
        (_say(each.topic), numbers.month(each.month), _say(each.strength), each.share) for each in told.interests(seen)
    ]


def _say(text: Words) -> str:
    return text.in_(locale.current())
