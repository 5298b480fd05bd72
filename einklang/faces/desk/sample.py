"""The doctor asks for a sample on the tablet: one pack, her signature, shipped from the warehouse."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.desk import supply, words
from einklang.faces.desk.access import Rep, rep_view
from einklang.faces.desk.signing import SignatureField
from einklang.faces.desk.supply import Offer
from einklang.facts.people.read import PersonCard
from einklang.services.orders import request as orders
from einklang.services.orders.request import Ordered, Signed, Wish
from einklang.ui.text import t


class SampleForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    pack = forms.ChoiceField(widget=forms.RadioSelect)
    signature = SignatureField()
    name = forms.CharField(max_length=200)
    own_request = forms.BooleanField(required=False)

    def __init__(self, offers: list[Offer], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pack"].choices = [(str(each.pack.id), f"{each.pack.name}, {each.pack.size}") for each in offers]  # type: ignore[attr-defined]
        self.fields["pack"].label = t("Welches Muster?", "Which sample?")
        self.fields["pack"].error_messages["required"] = t("Bitte wählen Sie ein Muster.", "Please choose a sample.")
        self.fields["name"].label = t("Name der anfordernden Person", "Name of the person who requests")
        self.fields["own_request"].error_messages["required"] = t(
            "Ohne diese Erklärung darf kein Muster versandt werden. Bitte kreuzen Sie sie an.",
            "Without this declaration no sample may be sent. Please tick it.",
        )


@require_http_methods(["GET", "POST"])
@rep_view("desk.sample")
def sample(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    card = rep.person(person)
    offers = supply.quotas(rep, person)
    form = SampleForm(offers, request.POST or None, initial={"token": ids.new(), "name": card.display_name})
    ordered: Ordered | None = None
    if request.method == "POST" and form.is_valid():
        ordered = _order(rep, card, form.cleaned_data)
    refused = ordered is not None and ordered.order is None
    context = {
        "rep": rep,
        "card": card,
        "form": form,
        "offers": supply.quotas(rep, person) if ordered else offers,
        "text": declaration(card),
        "ordered": ordered if ordered and ordered.order else None,
        "refused": words.verdict(rep.cur, ordered.verdict_id) if refused and ordered else None,
    }
    return render(request, "desk/sample.html", context, status=409 if refused else 200)


def declaration(card: PersonCard) -> str:
    return t(
        f"Ich, {card.display_name}, fordere hiermit eine Packung des gewählten Arzneimittels als "
        "unverkäufliches Muster für mich an.",
        f"I, {card.display_name}, hereby request one pack of the chosen medicine as a free sample for myself.",
    )


def _order(rep: Rep, card: PersonCard, said: dict[str, Any]) -> Ordered:
    """Without her own declaration it is a hand-over that nobody requested; the gate is asked about that."""
    wish = Wish(person=card.id, pack=UUID(said["pack"]), quantity=1, channel="visit", user=rep.user.id)
    with transaction.atomic():
        if not said["own_request"]:
            return orders.hand_over(cursor(), wish, rep.now)
        signed = Signed(
            token=said["token"], name=said["name"], signature=said["signature"], text_shown=declaration(card)
        )  # fmt: skip
        return orders.request(cursor(), wish, signed, rep.now)
