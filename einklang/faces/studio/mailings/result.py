"""How far a mailing is, what came of it, and what it may still do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from einklang.faces.studio import groups
from einklang.faces.studio.access import Agent, page
from einklang.faces.studio.journeys.words import rule as rule_said
from einklang.faces.studio.mailings import proofs
from einklang.faces.studio.mailings.form import brands, choices, said
from einklang.facts.content import read as content
from einklang.loop.decide.mailings import store
from einklang.loop.decide.mailings.store import Mailing
from einklang.loop.gate import queue
from einklang.loop.interactions import pressure
from einklang.ui import locale
from einklang.ui.components import Bar, Chart, Figure, Series
from einklang.ui.text import t

if TYPE_CHECKING:
    from einklang.faces.studio.mailings.pages import Row

OPEN = ("scheduled", "running", "stopping")
GONE = ("sending", "sent", "delivered", "uncertain")
ANSWERS = {
    "email.opened": ("Geöffnet", "Opened"),
    "email.clicked": ("Geklickt", "Clicked"),
    "email.unsubscribed": ("Abgemeldet", "Unsubscribed"),
}


def show(request: HttpRequest, agent: Agent, mailing: Mailing, row: Row) -> HttpResponse:
    states = _states(agent, mailing)
    waiting = sum(states.get(each, 0) for each in queue.WAITING)
    if request.GET.get("als") == "stand":
        text = t(f"{row.asked} Personen geprüft.", f"{row.asked} people looked at.")
        return JsonResponse({"open": mailing.state in OPEN, "text": text})
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
        figures=_figures(agent, mailing, states, waiting),
        chart=_chart(agent, mailing, states) if mailing.asked else None,
        rules=_rules(agent, mailing),
        brand=brands(agent).get(mailing.brand, ""),
        **proofs.shown(agent, mailing),
        named=agent.may("studio.people"),
        can_stop=agent.may("studio.mailings.control")
        and (mailing.state in ("scheduled", "running") or waiting > 0)
        and mailing.state in store.STOPPABLE,
    )


def gone(agent: Agent, mailing: Mailing) -> dict[str, Any]:
    """What a stop still stops, and what it cannot."""
    states, named = _states(agent, mailing), agent.may("studio.people")
    went, waits = (sum(states.get(each, 0) for each in those) for those in (GONE, queue.WAITING))
    return {"went": groups.told(went, named=named), "waits": groups.told(waits, named=named)}


def _states(agent: Agent, mailing: Mailing) -> dict[str, int]:
    return queue.states(agent.cur, mailing.id, mailing.starts_at) if mailing.starts_at else {}


def _figures(agent: Agent, mailing: Mailing, states: dict[str, int], waiting: int) -> list[Figure]:
    named = agent.may("studio.people")

    def told(number: int) -> str:
        return groups.told(number, named=named)

    went = sum(states.get(each, 0) for each in GONE)
    of = t(f"von {told(mailing.asked)} Personen", f"of {told(mailing.asked)} people")
    planned = t(f"von {told(mailing.planned)} geplanten", f"of {told(mailing.planned)} planned")
    return [
        Figure(
            label=t("Geprüft", "Looked at"),
            value=told(mailing.asked),
            of=t("Personen im Segment", "people in the segment"),
        ),
        Figure(label=t("Gesendet", "Sent"), value=told(went), of=planned, key="sent"),
        Figure(label=t("Zugestellt", "Delivered"), value=told(states.get("delivered", 0)), of=planned),
        Figure(label=t("Warten noch", "Still waiting"), value=told(waiting), of=planned),
        Figure(label=t("Zurückgehalten", "Withheld"), value=told(mailing.withheld), of=of, key="held"),
    ]


def _chart(agent: Agent, mailing: Mailing, states: dict[str, int]) -> Chart:
    """Opened and clicked only of those who allow it to be measured."""
    answers = pressure.answers(agent.cur, mailing.id, mailing.starts_at) if mailing.starts_at else {}
    named = agent.may("studio.people")
    went = sum(states.get(each, 0) for each in GONE)
    counts = [mailing.asked, mailing.planned, went, *(answers.get(kind, 0) for kind in ANSWERS)]
    names = [("Geprüft", "Looked at"), ("Erlaubt", "Allowed"), ("Gesendet", "Sent"), *ANSWERS.values()]
    clicked = groups.told(answers.get("email.clicked", 0), named=named)
    return Chart(
        id="result",
        title=t("Was daraus wurde", "What came of it"),
        finding=t(
            f"Geklickt haben, soweit gemessen werden darf: {clicked}.",
            f"Clicked, as far as it may be measured: {clicked}.",
        ),
        columns=[t(*each) for each in names],
        series=[Series(name=t("Personen", "People"), values=[groups.shown(each, named=named) for each in counts])],
    )


def _rules(agent: Agent, mailing: Mailing) -> list[tuple[str, str, str, Bar]]:
    counted, named = store.withheld(agent.cur, mailing.id), agent.may("studio.people")
    most = max(counted.values(), default=1)
    return [
        (
            rule_said(rule),
            rule,
            groups.told(number, named=named),
            Bar(value=groups.shown(number, named=named), total=most),
        )
        for rule, number in counted.items()
    ]
