"""Every answer of the gate, with what it rests on; judged again on demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from einklang.faces.studio import words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.loop.gate import verdicts
from einklang.loop.gate.verdicts import Replay, Stored
from einklang.ui import numbers
from einklang.ui.components import Bar
from einklang.ui.text import t

LISTED = 50
COUNTED = timedelta(days=30)


@dataclass(frozen=True)
class Count:
    answer: str
    mark: str
    icon: str
    rule: str
    number: int
    bar: Bar


@require_safe
@studio_view("studio.verdicts.count")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    counts = _counts(agent)
    if not agent.may("studio.verdicts"):
        return page(request, agent, "verdicts", counts=counts, days=COUNTED.days, named=False)
    answer, rule, before = (request.GET.get(name, "") for name in ("antwort", "regel", "vor"))
    found = verdicts.listing(
        agent.cur, answer=answer or None, rule=rule or None, limit=LISTED, before=_moment(before)
    )  # fmt: skip
    return page(
        request,
        agent,
        "verdicts",
        named=True,
        counts=counts,
        days=COUNTED.days,
        rows=words.rows(agent.cur, found),
        answers=[(name, words.answer(name)) for name in words.ANSWERS],
        answer=answer,
        rule=rule,
        older=found[-1].stored_at.isoformat() if len(found) == LISTED else "",
    )


@require_safe
@studio_view("studio.verdicts")
def detail(request: HttpRequest, agent: Agent, verdict: UUID) -> HttpResponse:
    stored = verdicts.get(agent.cur, verdict)
    replay = verdicts.replay(agent.cur, verdict) if "nachrechnen" in request.GET else None
    known = words.named(agent.cur, [stored.question])
    part = words.verdict(
        stored.verdict, question=words.question_text(stored.question, known), proof=_proof(stored, replay)
    )
    return page(request, agent, "verdict", stored=stored, part=part, replay=replay, flags=_flags(stored))


def _counts(agent: Agent) -> list[Count]:
    found = verdicts.counts(agent.cur, agent.now - COUNTED)
    most = max((number for _, _, number in found), default=1)
    return [
        Count(
            words.answer(answer),
            *words.MARKS[answer],
            rule or "",
            number,
            Bar(value=number, total=most, tone="" if answer == "yes" else "hold"),
        )
        for answer, rule, number in found
    ]


def _moment(text: str) -> datetime | None:
    """A link of ours; what somebody made of it starts at the newest again."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _proof(stored: Stored, replay: Replay | None) -> list[tuple[str, str]]:
    packs = [name.split("#")[0] for name in stored.verdict.packs]
    proof = [
        (t("Regelwerk", "Rule packs"), ", ".join(packs)),
        (t("Fakten", "Facts"), f"{stored.facts[:4]} {stored.facts[4:8]} … {stored.facts[-4:]}"),
        (t("Gefragt", "Asked"), numbers.full_moment(stored.stored_at)),
    ]
    if replay is not None:
        same = t("gleiche Fakten, gleiches Urteil", "same facts, same verdict")
        other = t("weicht ab: ", "differs: ") + ", ".join(replay.differences)
        proof.append((t("Nachgerechnet", "Replayed"), same if replay.same else other))
    return proof


def _flags(stored: Stored) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in sorted(stored.verdict.flags.items())]
