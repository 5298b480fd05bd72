"""The mandatory text of a medicine (HWG § 4): every version as it is printed, and a form for the next."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.facts.audit import trail
from einklang.facts.content import read as content
from einklang.facts.products import mandatory, mandatory_texts
from einklang.facts.products import read as products
from einklang.facts.products.mandatory_texts import Text
from einklang.ui import locale
from einklang.ui.components import Mandatory
from einklang.ui.text import t


class TextForm(forms.Form):
    valid_from = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    base = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = t("Dieses Feld fehlt noch.", "This field is missing.")
        for name, label in mandatory.PRINTED.items():
            optional = name == mandatory.SUBSTANCE
            self.fields[name] = forms.CharField(
                label=label[locale.current()],
                required=not optional,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
                error_messages={"required": missing},
            )
        self.fields["valid_from"].label = t("Gilt ab", "Valid from")
        self.fields["valid_from"].error_messages["required"] = missing
        self.order_fields([*mandatory.PRINTED, "valid_from", "base"])

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in mandatory.PRINTED}


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("content.read")
def texts(request: HttpRequest, agent: Agent, product: UUID) -> HttpResponse:
    """`content.smpc` enters a new version; everybody who reads contents sees all of them."""
    found = products.product(agent.cur, [product]).get(product)
    if found is None:
        raise Http404
    writes = agent.may("content.smpc")
    if request.method == "POST" and not writes:
        raise PermissionDenied
    known = mandatory_texts.versions(agent.cur, product)
    newest = known[0] if known else None
    today = timezone.localtime(agent.now).date()
    initial = {**(newest.fields if newest else {}), "base": newest.version if newest else 0, "valid_from": today}
    form = TextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _published(agent, product, form, today):
        messages.success(request, t("Die neue Fassung ist eingetragen.", "The new version is entered."))
        return redirect("studio:mandatory", product=product)
    return page(
        request,
        agent,
        "mandatory",
        status=422 if form.errors else 200,
        product=found,
        versions=[(each, _printed(each), _state(each, known, agent.now)) for each in known],
        form=form if writes else None,
        bound=_bound(agent, newest) if writes and newest else 0,
    )


def _published(agent: Agent, product: UUID, form: TextForm, today: date) -> bool:
    day = form.cleaned_data["valid_from"]
    begins = agent.now if day == today else timezone.make_aware(datetime.combine(day, time()))
    try:
        with transaction.atomic():
            number = mandatory_texts.publish(agent.cur, product, form.texts, begins, base=form.cleaned_data["base"])
            told = trail.Act(
                act="mandatory.publish", object=f"product:{product}", who=agent.user.id, field="version", new=number
            )
            trail.write(agent.cur, [told], agent.now)
    except InputError as error:
        language = locale.current()
        form.add_error(error.field, f"{speak(error.rule, language)} {speak(error.way_out, language)}")
        return False
    except Conflict:
        form.add_error(
            None,
            t(
                "Jemand hat inzwischen eine neue Fassung eingetragen. Ihr Text steht noch hier.",
                "Somebody has entered a new version meanwhile. Your text is still here.",
            ),
        )
        return False
    return True


def _printed(text: Text) -> Mandatory:
    title = t(f"Pflichtangaben, Fassung {text.version}", f"Mandatory text, version {text.version}")
    return Mandatory(title=title, fields=mandatory.lines(text.fields, locale.current()), id=f"must-{text.version}")


def _state(text: Text, known: list[Text], now: datetime) -> str:
    if text.valid_from > now:
        return "later"
    return "valid" if text is next(each for each in known if each.valid_from <= now) else "past"


def _bound(agent: Agent, text: Text) -> int:
    """Live contents that carry this version, and will be withheld from the day on which another one counts."""
    return sum(each.mandatory_text == text.id for each in content.listing(agent.cur, now=agent.now))
