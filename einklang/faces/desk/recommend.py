"""What the tablet shows the doctor: two approved contents, in the order of her portal home."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.core.connection import cursor
from einklang.faces.desk import medicines
from einklang.faces.desk.access import Rep, rep_view
from einklang.facts.consent.status import status
from einklang.loop.decide import insight
from einklang.loop.decide import recommend as recommender
from einklang.loop.decide.recommend import Pick
from einklang.loop.interactions import log, make
from einklang.ui import locale
from einklang.ui.components import Factor, Why
from einklang.ui.text import t

SHOWN = 2


@require_safe
@rep_view()
def recommend(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    card = rep.person(person)
    with transaction.atomic():
        grade = insight.grade(insight.disclose(cursor(), rep.user.id, person, rep.now).verdict)
    tracked = (found := status(rep.cur, [person])[person].get("tracking")) is not None and found.granted
    picks = _picks(rep, person, personal=bool(grade) and tracked)
    _record(rep, person, picks)
    context = {
        "rep": rep,
        "card": card,
        "picks": [
            (pick, pick.version.text(locale.current()), _why(pick, grade if tracked else None)) for pick in picks
        ],
        "personal": bool(grade) and tracked,
        "mandatory": medicines.mandatory(rep, [pick.version for pick in picks]),
    }
    return render(request, "desk/recommend.html", context)


def _picks(rep: Rep, person: UUID, *, personal: bool) -> list[Pick]:
    return recommender.for_person(rep.cur, [person], rep.now, personal=personal)[person][:SHOWN]


def _why(pick: Pick, grade: str | None) -> Why | None:
    told = pick.told(grade)
    if not told:
        return None
    language = locale.current()
    factors = [
        Factor(title=factor.name.in_(language), share=factor.share, detail=text.in_(language)) for factor, text in told
    ]
    return Why(sentence=told[0][1].in_(language), factors=factors, question=t("Warum?", "Why?"))


def _record(rep: Rep, person: UUID, picks: Sequence[Pick]) -> None:
    """Once a day for the same choice."""
    slugs = [pick.version.slug for pick in picks]
    shown = make.interaction(
        "recommendation.shown",
        now=rep.now,
        person=person,
        source="desk",
        source_id=f"{person}:{rep.now.date()}:{','.join(slugs)}",
        properties={"content_slugs": slugs},
    )
    with transaction.atomic():
        log.record(cursor(), [shown])
