"""A visit is arranged: the gate is asked at once, so that nobody drives to somebody who objected."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from einklang.core.connection import cursor
from einklang.faces.desk import words
from einklang.faces.desk.access import Rep, rep_view
from einklang.services.visits import acts
from einklang.ui import numbers
from einklang.ui.text import t

FARTHEST = timedelta(days=365)


class PlanForm(forms.Form):
    at = forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["at"].label = t("Wann?", "When?")
        missing = t("Es fehlen Tag und Uhrzeit.", "Day and time are missing.")
        self.fields["at"].error_messages.update(required=missing, invalid=missing)

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
        with transaction.atomic():
            planned = acts.plan(cursor(), rep=rep.user.id, person=person, at=form.cleaned_data["at"], now=rep.now)
        if planned.report is not None:
            at = numbers.moment(form.cleaned_data["at"])
            messages.success(request, t(f"Der Besuch ist vereinbart: {at}.", f"The visit is arranged: {at}."))
            return redirect("desk:person", person=person)
        refused = words.verdict(rep.cur, planned.verdict_id)
    context = {"rep": rep, "card": card, "form": form, "refused": refused}
    return render(request, "desk/plan.html", context, status=409 if refused else 200)
