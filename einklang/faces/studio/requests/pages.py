"""What people ask for by Art. 15 to 17 GDPR: the data steward decides, in time, and sees beforehand what happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from einklang.core.erasure import ERASED
from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio import export, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import Filter, Listing, pairs
from einklang.faces.studio.requests.words import IDENTITIES, KINDS, SOURCES
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.services.privacy import cases, classes, proof, rights
from einklang.services.privacy.cases import Case
from einklang.services.privacy.classes import RecordClass
from einklang.services.privacy.field_words import FIELDS
from einklang.ui import locale, numbers
from einklang.ui.text import t

LISTED = 200
STATES = {
    "open": ("in Arbeit", "in progress", "voice", "hourglass-medium"),
    "done": ("erledigt", "done", "ok", "check"),
    "refused": ("abgelehnt", "refused", "hold", "hand-palm"),
    "taken_back": ("zurückgenommen", "taken back", "", "arrow-left"),
}
SHOWN = {"open": ("offen", "open"), "closed": ("beantwortet", "answered")}


class AnswerForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(required=False, strip=True, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = t("Antwort an die Person", "Answer to the person")
        self.fields["answer"].help_text = t(
            "Beim Ablehnen und beim Verlängern der Grund; sonst freiwillig.",
            "The reason when you refuse or extend; optional otherwise.",
        )


@dataclass(frozen=True)
class Row:
    case: Case
    who: str
    kind: str
    state: tuple[str, str, str]
    due: tuple[str, str]


@require_safe
@studio_view("studio.requests")
def listing(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    filters = [
        Filter(name="zustand", label=t("Zustand", "State"), options=pairs(SHOWN)),
        Filter(name="art", label=t("Art", "Kind"), options=pairs(KINDS)),
    ]
    asked = Listing(request, agent, filters)
    found = cases.listing(agent.cur, state=asked.get("zustand"), kind=asked.get("art"), limit=LISTED)
    rows = _rows(agent, found)
    if asked.wants_csv:
        return export.answer(asked, "requests", HEADER, [_line(row) for row in rows])
    alarms = [row for row in rows if row.case.alarm(agent.now)]
    asked.showing(rows, total=len(rows))
    return page(request, agent, "requests", list=asked, alarms=alarms, takes=agent.may("studio.requests.control"))


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("studio.requests")
def detail(request: HttpRequest, agent: Agent, case: UUID) -> HttpResponse:
    found = cases.get(agent.cur, case)
    form = AnswerForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST":
        act = request.POST.get("act", "")
        if not agent.may("studio.requests.control"):
            raise PermissionDenied
        if act not in ACTS:
            return HttpResponseBadRequest()
        if form.is_valid() and _decided(agent, found, act, form):
            toast.tell(request, t(*DONE[act]))
            return redirect("studio:request", case=case)
    return _shown(request, agent, cases.get(agent.cur, case), form)


@require_safe
@studio_view("studio.proof")
def proof_of(request: HttpRequest, agent: Agent, entry: UUID) -> HttpResponse:
    """The proof of any consent on paper, also of a withdrawn one (DE-CON-04)."""
    paper = proof.pdf(agent.cur, entry, agent.now, locale.current())
    answer = HttpResponse(paper.pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{paper.name}.pdf"'
    return answer


def _shown(request: HttpRequest, agent: Agent, found: Case, form: AnswerForm) -> HttpResponse:
    (row,) = _rows(agent, [found])
    card = people.cards(agent.cur, [found.person]).get(found.person)
    return page(
        request,
        agent,
        "request",
        row=row,
        card=card,
        form=form,
        controls=agent.may("studio.requests.control") and found.open,
        extendable=found.extendable(agent.now),
        wishes=_wishes(found, card),
        outcomes=_outcomes(agent, found, card),
        source=t(*SOURCES[found.source]),
        identity=t(*IDENTITIES[found.identity]) if found.identity else "",
        elsewhere=found.source != cases.PORTAL,
    )


def _decided(agent: Agent, found: Case, act: str, form: AnswerForm) -> bool:
    try:
        with transaction.atomic():
            ACTS[act](agent, found.id, form.cleaned_data["version"], form.cleaned_data["answer"])
    except InputError as error:
        form.add_error("answer", f"{speak(error.rule, locale.current())} {speak(error.way_out, locale.current())}")
    except Conflict as error:
        form.add_error(None, speak(error.args[0], locale.current()))
        form.data = {**dict(form.data.items()), "version": str(cases.get(agent.cur, found.id).version)}
    else:
        return True
    return False


def _accept(agent: Agent, case: UUID, version: int, answer: str) -> None:
    cases.accept(agent.cur, case=case, version=version, answer=answer, by=agent.user.id, now=agent.now)


def _refuse(agent: Agent, case: UUID, version: int, answer: str) -> None:
    cases.refuse(agent.cur, case=case, version=version, answer=answer, by=agent.user.id, now=agent.now)


def _extend(agent: Agent, case: UUID, version: int, answer: str) -> None:
    cases.extend(agent.cur, case=case, version=version, reason=answer, by=agent.user.id, now=agent.now)


ACTS = {"accept": _accept, "refuse": _refuse, "extend": _extend}
DONE = {
    "accept": ("Erledigt. Die Person sieht Ihre Antwort.", "Done. The person sees your answer."),
    "refuse": ("Abgelehnt. Die Person sieht den Grund.", "Refused. The person sees the reason."),
    "extend": ("Die Frist ist um zwei Monate verlängert.", "The time limit is extended by two months."),
}
HEADER = ("person", "kind", "state", "received", "due", "decided")


def _rows(agent: Agent, found: Sequence[Case]) -> list[Row]:
    cards = people.cards(agent.cur, {each.person for each in found})
    return [_row(agent, each, cards.get(each.person)) for each in found]


def _row(agent: Agent, case: Case, card: PersonCard | None) -> Row:
    de, en, mark, icon = STATES[case.state]
    who = card.display_name if card else t("Gelöschte Person", "Erased person")
    return Row(case, who, t(*KINDS[case.kind]), (t(de, en), mark, icon), _due(agent, case))


def _due(agent: Agent, case: Case) -> tuple[str, str]:
    """Words and mark: a week before the day it rings."""
    day = numbers.day(case.due)
    if case.overdue(agent.now):
        return t(f"überfällig seit {day}", f"overdue since {day}"), "danger"
    return (t(f"bis {day}", f"by {day}"), "warn" if case.alarm(agent.now) else "")


def _line(row: Row) -> tuple[str, ...]:
    decided = row.case.decided_at.isoformat() if row.case.decided_at else ""
    received = row.case.received_at.isoformat()
    return (str(row.case.person), row.case.kind, row.case.state, received, row.case.due.isoformat(), decided)


def _wishes(case: Case, card: PersonCard | None) -> list[tuple[str, str, str]]:
    """Field, what stands there now, what it shall be."""
    return [
        (FIELDS[name].in_(locale.current()), str(getattr(card, name, "")) if card else "", value)
        for name, value in case.wishes.items()
        if name in FIELDS
    ]


def _outcomes(agent: Agent, case: Case, card: PersonCard | None) -> list[tuple[RecordClass, dict[str, Any]]]:
    """Of an erasure: what would happen while it is open, and what did afterwards."""
    if case.kind != "erasure":
        return []
    open_ = case.open and card is not None
    told: Sequence[Any] = case.outcomes
    if open_:
        told = rights.plain(rights.rehearse(agent.cur, person=case.person, now=agent.now))
    return [(classes.named(each["class"]), _told(each)) for each in told if each["count"]]


def _told(each: Any) -> dict[str, Any]:
    until = numbers.day(date.fromisoformat(each["until"])) if each["until"] else ""
    gone = each["result"] == ERASED
    words = t("gelöscht", "erased") if gone else t("gesperrt", "locked")
    return {
        "word": t(f"{words} bis {until}", f"{words} until {until}") if until else words,
        "mark": "ok" if gone else "warn",
        "icon": "trash" if gone else "lock-simple",
        "number": each["count"],
        "rule": each["basis"],
    }
