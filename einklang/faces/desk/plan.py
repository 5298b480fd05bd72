"""A visit is arranged: the gate is asked at once, so that nobody drives to somebody who objected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from einklang.core.connection import cursor
from einklang.faces.desk import undo, words
from einklang.faces.desk.access import Rep, rep_view
from einklang.faces.desk.report_form import PRESUMED
from einklang.faces.desk.steps import say
from einklang.faces.desk.undo import Undo
from einklang.services.visits import acts
from einklang.services.visits.acts import Planned
from einklang.ui import numbers
from einklang.ui.text import t

FARTHEST = timedelta(days=365)


class PlanForm(forms.Form):
    channel = forms.ChoiceField(widget=forms.RadioSelect, initial="visit", required=False)
    at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    presumed_because = forms.ChoiceField(required=False)

    def __init__(self, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self._choose("channel", [("visit", t("Besuch", "Visit")), ("phone", t("Anruf", "Call"))])
        self._choose("presumed_because", [(name, say(text)) for name, text in PRESUMED.items()])
        self.fields["channel"].label = t("Was?", "What?")
        self.fields["presumed_because"].label = t("Warum ist ein Anruf willkommen?", "Why is a call welcome?")
        self.fields["presumed_because"].help_text = t(
            "Nur für Anrufe ohne Einwilligung; der Grund wird festgehalten.",
            "Only for calls without consent; the reason is written down.",
        )
        self.fields["at"].label = t("Wann?", "When?")
        missing = t("Es fehlen Tag und Uhrzeit.", "Day and time are missing.")
        self.fields["at"].error_messages.update(required=missing, invalid=missing)

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if not self.now <= at <= self.now + FARTHEST:
            raise forms.ValidationError(
                t(
                    "Der Besuch muss in der Zukunft liegen, höchstens ein Jahr voraus.",
                    "The visit must lie ahead, a year at most.",
                )
            )
        return at


@require_http_methods(["GET", "HEAD", "POST"])
@rep_view("desk.visit")
def plan(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    card = rep.person(person)
    form = PlanForm(rep.now, request.POST or None)
    refused = None
    if request.method == "POST" and form.is_valid():
        planned = _arranged(rep, person, form.cleaned_data)
        if planned.report is not None:
            undo.offer(request, Undo(_said(form.cleaned_data), "cancel", str(planned.report)))
            return redirect("desk:person", person=person)
        refused = words.verdict(rep.cur, planned.verdict_id)
    context = {"rep": rep, "card": card, "form": form, "refused": refused}
    return render(request, "desk/plan.html", context, status=409 if refused else 200)


def _arranged(rep: Rep, person: UUID, said: dict[str, Any]) -> Planned:
    with transaction.atomic():
        return acts.plan(
            cursor(),
            rep=rep.user.id,
            person=person,
            at=said["at"],
            now=rep.now,
            channel=said["channel"] or "visit",
            presumed_because=said["presumed_because"],
        )


def _said(said: dict[str, Any]) -> str:
    at = numbers.moment(said["at"])
    if said["channel"] == "phone":
        return t(f"Der Anruf ist vereinbart: {at}.", f"The call is arranged: {at}.")
    return t(f"Der Besuch ist vereinbart: {at}.", f"The visit is arranged: {at}.")
