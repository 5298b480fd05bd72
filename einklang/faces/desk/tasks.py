"""The rep's own tasks: noted, done, and taken back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from einklang.core import ids
from einklang.core.errors import NotFound
from einklang.faces.desk import acting, undo
from einklang.faces.desk.access import Rep, rep_view
from einklang.faces.desk.undo import Undo
from einklang.loop.channels.visit import todo
from einklang.ui.text import t


class TaskForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    title = forms.CharField(max_length=todo.LONGEST)
    due = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["title"].label = t("Was ist zu tun?", "What is to be done?")
        self.fields["title"].error_messages["required"] = t(
            "Es fehlt, was zu tun ist. Ein Satz genügt.", "What is to be done is missing. One sentence is enough."
        )
        self.fields["due"].label = t("Bis wann?", "By when?")
        missing = t("Es fehlt der Tag. Er steht als TT.MM.JJJJ.", "The day is missing. Write it as YYYY-MM-DD.")
        self.fields["due"].error_messages.update(required=missing, invalid=missing)

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        if due < self.today:
            raise forms.ValidationError(
                t("Der Tag liegt zurück. Wählen Sie heute oder später.", "The day is past. Choose today or later.")
            )
        return due


@require_http_methods(["GET", "HEAD", "POST"])
@rep_view("desk.visit")
def new(request: HttpRequest, rep: Rep) -> HttpResponse:
    person = _person(request.GET.get("person") or request.POST.get("person"), rep)
    today = rep.today
    form = TaskForm(today, request.POST or None, initial={"token": ids.new(), "due": today})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with transaction.atomic():
            task = todo.add(
                rep.cur,
                rep=rep.user.id,
                person=person,
                title=said["title"],
                due=said["due"],
                source=f"own:{said['token']}",
                now=rep.now,
            )
        undo.offer(request, Undo(t("Die Aufgabe ist notiert.", "The task is noted."), "drop_task", str(task)))
        return redirect("desk:person", person=person) if person else redirect("desk:today")
    card = rep.person(person) if person else None
    return render(request, "desk/task.html", {"rep": rep, "form": form, "card": card})


@require_POST
@rep_view("desk.visit")
def done(request: HttpRequest, rep: Rep, task: UUID) -> HttpResponse:
    try:
        with transaction.atomic():
            todo.move(rep.cur, task, rep.user.id, "done", rep.now)
    except NotFound as error:
        raise Http404 from error
    undo.offer(request, Undo(t("Die Aufgabe ist erledigt.", "The task is done."), "open_again", str(task)))
    return acting.back(request)


def _person(value: str | None, rep: Rep) -> UUID | None:
    if not value:
        return None
    try:
        person = UUID(value)
    except ValueError as error:
        raise Http404 from error
    return rep.person(person).id
