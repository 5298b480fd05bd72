"""The minimal safety intake on the tablet: the same form and the same store as in the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import speak
from einklang.faces.desk.access import Rep, rep_view
from einklang.services.inquiries import safety
from einklang.ui import locale
from einklang.ui.text import t


class SafetyForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    person = forms.UUIDField(widget=forms.HiddenInput, required=False)
    statement = forms.CharField(widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000)
    product = forms.CharField(required=False, max_length=200)
    heard_at = forms.DateTimeField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].label = t("Was wurde gesagt?", "What was said?")
        self.fields["statement"].help_text = t("Wörtlich, soweit möglich; keine Namen von Patienten.",
                                               "Word by word if possible; no names of patients.")  # fmt: skip
        self.fields["statement"].error_messages["required"] = t(
            "Es fehlt, was gesagt wurde. Ein Satz genügt; alles andere darf fehlen.",
            "What was said is missing. One sentence is enough; the rest may be missing.",
        )
        self.fields["product"].label = t("Arzneimittel", "Medicine")
        self.fields["heard_at"].label = t("Wann gehört?", "When heard?")


@require_http_methods(["GET", "POST"])
@rep_view()
def report(request: HttpRequest, rep: Rep) -> HttpResponse:
    form = SafetyForm(request.POST or None, initial={"token": ids.new(), "person": request.GET.get("person")})
    if request.method == "POST" and form.is_valid() and _stored(rep, form):
        messages.success(request, t("Die Meldung ist bei der Arzneimittelsicherheit.", "Drug safety has the report."))
        return redirect("desk:today")
    return render(request, "desk/safety.html", {"rep": rep, "form": form})


def _stored(rep: Rep, form: SafetyForm) -> bool:
    person = form.cleaned_data["person"]
    try:
        with transaction.atomic():
            store(cursor(), rep, form.cleaned_data, person=person if person in rep.territory else None)
    except InputError as error:
        language = locale.current()
        form.add_error(error.field, f"{speak(error.rule, language)} {speak(error.way_out, language)}".strip())
        return False
    return True


def store(cur: Cursor, rep: Rep, said: dict[str, Any], *, person: UUID | None) -> None:
    heard = safety.Heard(
        token=said["token"],
        source="desk",
        statement=said["statement"],
        product=said["product"],
        heard_at=said["heard_at"],
        reported_by=rep.user.id,
        person=person,
    )
    safety.report(cur, heard, rep.now)
