"""How far a mailing is, what came of it, and what it may still do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from einklang.faces.studio import groups
from einklang.faces.studio.access import Agent, page
from einklang.faces.studio.mailings import people, proofs, rows
from einklang.faces.studio.mailings.form import brands, choices, said
from einklang.faces.studio.mailings.rows import Row
from einklang.facts.content import read as content
from einklang.loop.decide.mailings import store
from einklang.loop.decide.mailings.store import Mailing
from einklang.loop.gate import queue, tally
from einklang.loop.interactions import pressure
from einklang.ui import locale
from einklang.ui.components import Chart, Figure, Series
from einklang.ui.text import t

SHOWN = 6
STAGES = (
    ("Geprüft", "Looked at"),
    ("Erlaubt", "Allowed"),
    ("Gesendet", "Sent"),
    ("Zugestellt", "Delivered"),
    ("Geöffnet", "Opened"),
    ("Geklickt", "Clicked"),
    ("Abgemeldet", "Unsubscribed"),
)
OPEN = ("scheduled", "running", "stopping")
GONE = ("sending", "sent", "delivered", "uncertain")


@dataclass(frozen=True)
class Result:
    """Counts of people; each page rounds them for those who see no names."""

    states: Mapping[str, int]
    answers: Mapping[str, int]
    named: bool

    @property
    def gone(self) -> int:
        return sum(self.states.get(each, 0) for each in GONE)

    @property
    def waiting(self) -> int:
        return sum(self.states.get(each, 0) for each in queue.WAITING)

    def told(self, number: int) -> str:
        return groups.told(number, named=self.named)

    def drawn(self, number: int) -> int | None:
        return groups.drawn(number, named=self.named)


def show(request: HttpRequest, agent: Agent, mailing: Mailing, row: Row) -> HttpResponse:
    if request.GET.get("als") == "stand":
        text = t(f"{row.asked} Personen geprüft.", f"{row.asked} people looked at.")
        return JsonResponse({"open": mailing.state in OPEN, "text": text})
    found = _result(agent, mailing)
    mail = content.versions(agent.cur, [mailing.content]) if mailing.content else {}
    return page(
        request,
        agent,
        "mailing",
        row=row,
        mailing=mailing,
        open=mailing.state in OPEN,
        mail=next((each.title(locale.current()) for each in mail.values()), ""),
        criteria=said(mailing.segment, choices(agent)),
        figures=_figures(mailing, found),
        chart=_chart(mailing, found) if mailing.asked else None,
        rules=people.reasons(agent, mailing.id)[:SHOWN],
        brand=brands(agent).get(mailing.brand, ""),
        **proofs.of_mailing(agent, mailing),
        **(rows.obstacles(agent) if mailing.state in OPEN else {}),
        named=found.named,
        waits=found.told(found.waiting) if mailing.state in ("running", "done") and found.waiting else "",
        can_stop=agent.may("studio.mailings.control")
        and (mailing.state in ("scheduled", "running") or found.waiting > 0)
        and mailing.state in store.STOPPABLE,
    )


def gone(agent: Agent, mailing: Mailing) -> dict[str, Any]:
    """What a stop still stops, and what it cannot."""
    found = _result(agent, mailing)
    return {"went": found.told(found.gone), "waits": found.told(found.waiting)}


def _result(agent: Agent, mailing: Mailing) -> Result:
    """From indexes alone, however many it went to. Of opening and clicking we know only where it may be measured."""
    if mailing.starts_at is None:
        return Result({}, {}, agent.may("studio.people"))
    answers = pressure.answers(agent.cur, mailing.id, mailing.starts_at)
    return Result(tally.states(agent.cur, mailing.id), answers, agent.may("studio.people"))


def _figures(mailing: Mailing, found: Result) -> list[Figure]:
    asked, sent = found.told(mailing.asked), found.told(found.gone)
    of_asked = t(f"von {asked} geprüften", f"of {asked} looked at")
    of_sent = t(f"von {sent} gesendeten", f"of {sent} sent")
    measured = t("soweit wir messen dürfen", "as far as we may measure")
    opened, clicked, left = (found.answers.get(f"email.{each}", 0) for each in ("opened", "clicked", "unsubscribed"))
    withheld = found.states.get("withheld", 0)
    return [
        Figure(label=t("Gesendet", "Sent"), value=sent, of=of_asked, key="sent"),
        Figure(label=t("Zurückgehalten", "Withheld"), value=found.told(withheld), of=of_asked, key="held"),
        Figure(label=t("Zugestellt", "Delivered"), value=found.told(found.states.get("delivered", 0)), of=of_sent),
        Figure(label=t("Geöffnet", "Opened"), value=found.told(opened), of=measured),
        Figure(label=t("Geklickt", "Clicked"), value=found.told(clicked), of=measured),
        Figure(label=t("Abgemeldet", "Unsubscribed"), value=found.told(left), of=of_sent),
    ]


def _chart(mailing: Mailing, found: Result) -> Chart:
    """From looked at to unsubscribed. What machines opened is no part of it."""
    answers = [found.answers.get(f"email.{each}", 0) for each in ("opened", "clicked", "unsubscribed")]
    counts = [mailing.asked, mailing.planned, found.gone, found.states.get("delivered", 0), *answers]
    clicked = found.told(answers[1])
    return Chart(
        id="result",
        title=t("Was daraus wurde", "What came of it"),
        finding=t(
            f"Geklickt haben, soweit gemessen werden darf: {clicked}.",
            f"Clicked, as far as it may be measured: {clicked}.",
        ),
        columns=[t(*each) for each in STAGES],
        series=[Series(name=t("Personen", "People"), values=[found.drawn(each) for each in counts])],
    )
