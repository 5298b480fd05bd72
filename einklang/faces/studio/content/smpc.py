"""The medicines with their Fachinformation; a new one sends what stands on the one before to review."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from einklang.core.errors import InputError
from einklang.core.words import speak
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.facts.products import read as products
from einklang.facts.products.smpc import Edition
from einklang.services.approval import upkeep
from einklang.ui import locale
from einklang.ui.text import t


class EditionForm(forms.Form):
    body = forms.CharField(max_length=400_000, widget=forms.Textarea(attrs={"rows": 12}))
    valid_from = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    safety_relevant = forms.BooleanField(required=False)
    therapy_relevant = forms.BooleanField(required=False)
    base = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "body": t("Fachinformation im Wortlaut", "Wording of the Fachinformation"),
            "valid_from": t("Gilt ab", "Valid from"),
            "safety_relevant": t("Die Änderung betrifft die Sicherheit: Inhalte werden zurückgehalten, bis sie geprüft sind.", "The change matters for safety: contents are withheld until they are reviewed."),  # noqa: E501
            "therapy_relevant": t("Die Änderung betrifft die Therapie: Fachkreise werden unterrichtet (§ 11a AMG).", "The change matters for therapy: professionals are told (§ 11a AMG)."),  # noqa: E501
        }  # fmt: skip
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = t("Dieses Feld fehlt noch.", "This field is missing.")


@require_safe
@studio_view("content.read")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    known = products.all_products(agent.cur)
    current = products.smpc_valid(agent.cur, [each.id for each in known], agent.now)
    texts = products.mandatory(agent.cur, [each.id for each in known], agent.now)
    rows = [(each, current.get(each.id), texts.get(each.id)) for each in known]
    return page(request, agent, "smpc", rows=rows, writes=agent.may("content.smpc"))


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("content.smpc")
def publish(request: HttpRequest, agent: Agent, product: UUID) -> HttpResponse:
    found = products.product(agent.cur, [product]).get(product)
    if found is None:
        raise Http404
    current = products.smpc_valid(agent.cur, [product], agent.now).get(product)
    base = str(current.version if current else 0)
    form = EditionForm(request.POST or None, initial={"valid_from": timezone.localtime(agent.now).date(), "base": base})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["base"] != base:
            form.add_error(
                None,
                t(
                    "Jemand hat inzwischen eine neue Fassung eingetragen. Ihr Text steht noch hier.",
                    "Somebody has entered a new version meanwhile. Your text is still here.",
                ),
            )
        elif (number := _published(agent, product, form)) is not None:
            messages.success(request, _told(number))
            return redirect("studio:smpc")
    return page(
        request, agent, "smpc_new", product=found, current=current, form=form, status=422 if form.errors else 200
    )


def _published(agent: Agent, product: UUID, form: EditionForm) -> int | None:
    """How many contents went to review; None where the form is wrong."""
    told = form.cleaned_data
    day = told["valid_from"]
    begins = (
        agent.now if day == timezone.localtime(agent.now).date() else timezone.make_aware(datetime.combine(day, time()))
    )
    edition = Edition(
        authorisation=product,
        body=told["body"],
        valid_from=begins,
        safety_relevant=told["safety_relevant"],
        therapy_relevant=told["therapy_relevant"],
    )
    try:
        with transaction.atomic():
            return len(upkeep.publish_smpc(agent.cur, edition, user=agent.user.id, now=agent.now))
    except InputError as error:
        language = locale.current()
        form.add_error(error.field, f"{speak(error.rule, language)} {speak(error.way_out, language)}")
        return None


def _told(number: int) -> str:
    if number == 1:
        return t("Eingetragen. 1 Inhalt ist neu zu prüfen.", "Entered. 1 content needs review.")
    return t(f"Eingetragen. {number} Inhalte sind neu zu prüfen.", f"Entered. {number} contents need review.")
