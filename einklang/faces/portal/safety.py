"""Report a side effect: three fields, one of them needed. The words go to drug safety as they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.words import speak
from einklang.faces.portal.access import reader_view
from einklang.faces.portal.reader import Reader
from einklang.facts.products import read as products
from einklang.services.inquiries import safety
from einklang.ui import locale
from einklang.ui.text import t


class SafetyForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput)
    statement = forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), strip=True)
    product = forms.CharField(required=False, max_length=200)
    heard_at = forms.DateTimeField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        statement, product, heard_at = self.fields["statement"], self.fields["product"], self.fields["heard_at"]
        statement.label = t("Was ist geschehen?", "What happened?")
        statement.help_text = t(
            "Ein Satz genügt. Bitte nennen Sie keine Namen von Patienten.",
            "One sentence is enough. Please do not give names of patients.",
        )
        statement.error_messages["required"] = t(
            "Es fehlt, was geschehen ist. Ein Satz genügt; alles andere darf fehlen.",
            "What happened is missing. One sentence is enough; the rest may be missing.",
        )
        product.label = t("Arzneimittel", "Medicine")
        product.help_text = t("Name, wenn möglich mit Stärke.", "Name, with strength if possible.")
        heard_at.label = t("Wann haben Sie davon erfahren?", "When did you learn of it?")
        heard_at.error_messages["invalid"] = t(
            "Das ist kein Zeitpunkt: So sieht er aus: 24.11.2026 10:30.",
            "This is not a moment: it looks like 2026-11-24 10:30.",
        )


@require_http_methods(["GET", "POST"])
@reader_view(noticed=False)
def report(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = SafetyForm(request.POST or None, initial={"token": ids.new(), "product": _named(request, reader)})
    if request.method == "POST" and form.is_valid() and _stored(form, reader):
        return redirect("portal:reported")
    return render(request, "portal/safety.html", {"reader": reader, "form": form})


@require_safe
@reader_view(noticed=False)
def reported(request: HttpRequest, reader: Reader) -> HttpResponse:
    return render(request, "portal/reported.html", {"reader": reader})


def _stored(form: SafetyForm, reader: Reader) -> bool:
    heard = safety.Heard(
        token=str(form.cleaned_data["token"]),
        source="portal",
        statement=form.cleaned_data["statement"],
        product=form.cleaned_data["product"],
        heard_at=form.cleaned_data["heard_at"],
        reported_by=reader.user.id,
        person=reader.card.id,
    )
    try:
        with transaction.atomic():
            safety.report(reader.cur, heard, reader.now)
    except InputError as error:
        language = locale.current()
        form.add_error(error.field, f"{speak(error.rule, language)} {speak(error.way_out, language)}".strip())
        return False
    return True


def _named(request: HttpRequest, reader: Reader) -> str:
    slug = request.GET.get("product", "")
    found = products.by_slug(reader.cur, [slug]).get(slug) if slug else None
    return found.name if found else ""
