"""The visit and its report: what was discussed, the Fachinformation presented, and the question after safety."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.faces.desk import safety, words
from einklang.faces.desk.access import Rep, rep_view
from einklang.facts.people import lock
from einklang.facts.people.read import PersonCard
from einklang.facts.products import read as products
from einklang.facts.products.read import Product, SmpcRef
from einklang.loop.channels.visit import reports
from einklang.loop.channels.visit.reports import Report, Told
from einklang.services.visits import acts
from einklang.ui.text import t

YES, NO = "yes", "no"
SAME_MOMENT = timedelta(seconds=1)
SAME_VISIT = timedelta(hours=12)


class VisitForm(forms.Form):
    """Nothing about safety is preset: the question has to be answered (DE-REP-03)."""

    at = forms.DateTimeField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    products = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    presented = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    minutes = forms.IntegerField(required=False, min_value=1, max_value=600)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    safety = forms.ChoiceField(widget=forms.RadioSelect)
    statement = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000)
    product = forms.CharField(required=False, max_length=200)
    heard_at = forms.DateTimeField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, known: list[Product], smpcs: dict[UUID, SmpcRef], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices(known, smpcs)
        self._labels()
        self.fields["statement"].required = not self.is_bound or self.data.get("safety") == YES

    def _choices(self, known: list[Product], smpcs: dict[UUID, SmpcRef]) -> None:
        self.fields["products"].choices = [(str(each.id), each.name) for each in known]  # type: ignore[attr-defined]
        self.fields["presented"].choices = [  # type: ignore[attr-defined]
            (str(each.id), f"{each.name}, {t('Fassung', 'version')} {smpcs[each.id].version}")
            for each in known
            if each.id in smpcs
        ]
        self.fields["safety"].choices = [(YES, t("Ja", "Yes")), (NO, t("Nein", "No"))]  # type: ignore[attr-defined]

    def _labels(self) -> None:
        for name, label, hint in (
            ("products", t("Worüber haben Sie gesprochen?", "What did you talk about?"), ""),
            ("presented", t("Fachinformation vorgelegt", "Fachinformation presented"),
             t("Zu jedem besprochenen Arzneimittel nötig.", "Needed for each medicine discussed.")),
            ("minutes", t("Dauer in Minuten", "Duration in minutes"), ""),
            ("note", t("Notiz", "Note"), t("Was zur Sicherheit gesagt wurde, gehört nicht hierher, sondern nach unten.",
               "What was said on safety belongs below, not here.")),
            ("safety", t("Sicherheitsinformation erhalten?", "Safety information received?"),
             t("Auch Nebenbemerkungen zählen.", "Remarks in passing count, too.")),
            ("statement", t("Was wurde gesagt?", "What was said?"),
             t("Wörtlich, soweit möglich.", "Word by word if possible.")),
            ("product", t("Arzneimittel", "Medicine"), ""),
            ("heard_at", t("Wann gehört?", "When heard?"), ""),
        ):  # fmt: skip
            self.fields[name].label, self.fields[name].help_text = label, hint
        self.fields["statement"].error_messages["required"] = t(
            "Es fehlt, was gesagt wurde. Ein Satz genügt; alles andere darf fehlen.",
            "What was said is missing. One sentence is enough; the rest may be missing.",
        )
        self.fields["safety"].error_messages["required"] = t(
            "Diese Frage ist noch offen. Bitte antworten Sie mit Ja oder Nein.",
            "This question is still open. Please answer yes or no.",
        )


@require_http_methods(["GET", "POST"])
@rep_view("desk.visit")
def visit(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    card = rep.person(person)
    known = products.all_products(rep.cur, card.market)
    smpcs = products.smpc_valid(rep.cur, [each.id for each in known], rep.now)
    planned = _planned(rep, person)
    begun = planned.at if planned else rep.now.replace(microsecond=0)
    initial = {"at": begun, "token": ids.new()}
    form = VisitForm(known, smpcs, request.POST or None, initial=initial)
    refused: UUID | None = None
    if request.method == "POST" and form.is_valid():
        refused = _submit(rep, card, form, smpcs)
        if refused is None:
            return redirect("desk:recommend", person=person)
    context: dict[str, Any] = {"rep": rep, "card": card, "form": form, "planned": planned}
    context["medicines"] = [each for each in known if each.id in smpcs]
    context["refused"] = words.verdict(rep.cur, refused) if refused else None
    return render(request, "desk/visit.html", context, status=409 if refused else 200)


def _planned(rep: Rep, person: UUID) -> Report | None:
    """The open visit of these hours. One that is arranged for another day stays as it is."""
    found = reports.listing(
        rep.cur, rep=rep.user.id, person=person, since=rep.now - SAME_VISIT, until=rep.now + SAME_VISIT
    )
    return next((each for each in found if each.held_at is None), None)


def _submit(rep: Rep, card: PersonCard, form: VisitForm, smpcs: dict[UUID, SmpcRef]) -> UUID | None:
    """The verdict that refuses, if there is one. A second click finds the visit reported and changes nothing."""
    said = form.cleaned_data
    with transaction.atomic():
        cur = cursor()
        lock.hold(cur, [card.id])
        known = _of_moment(cur, rep, card.id, said["at"])
        if known is not None and known.held_at is not None:
            return None
        report = known.id if known else None
        if report is None:
            planned = acts.plan(cur, rep=rep.user.id, person=card.id, at=said["at"], now=rep.now)
            if planned.report is None:
                return planned.verdict_id
            report = planned.report
        held = acts.hold(cur, report=report, rep=rep.user.id, told=_told(said, smpcs), now=rep.now)
        if held.interaction is None:
            return held.verdict_id
        if said["safety"] == YES:
            safety.store(cur, rep, said, person=card.id)
    return None


def _of_moment(cur: Cursor, rep: Rep, person: UUID, at: datetime) -> Report | None:
    found = reports.listing(cur, rep=rep.user.id, person=person, since=at, until=at + SAME_MOMENT)
    return found[0] if found else None


def _told(said: dict[str, Any], smpcs: dict[UUID, SmpcRef]) -> Told:
    discussed = [UUID(each) for each in said["products"]]
    presented = {UUID(each) for each in said["presented"]}
    return Told(
        products=discussed,
        smpc_presented={each: smpcs[each].id for each in discussed if each in presented},
        safety=said["safety"] == YES,
        minutes=said["minutes"],
        note=said["note"],
    )
