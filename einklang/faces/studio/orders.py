"""The warehouse's page: what was requested is dispatched with batch and expiry; the delivery note is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from einklang.core.clock import ZONE
from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio import words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.facts.products import read as products
from einklang.facts.products.read import Pack
from einklang.services.orders import dispatch, read, stock
from einklang.services.orders.dispatch import Dispatched
from einklang.services.orders.read import Order
from einklang.services.orders.stock import Shelf
from einklang.ui import locale
from einklang.ui.text import t

LISTED = 100


class DispatchForm(forms.Form):
    batch = forms.CharField(max_length=40, strip=True)
    expiry = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batch, expiry = self.fields["batch"], self.fields["expiry"]
        batch.label = t("Charge", "Batch")
        batch.help_text = t("Sie steht auf der Packung neben „Ch.\u2011B.“.", "It stands on the pack beside “Lot”.")
        batch.error_messages["required"] = t(
            "Es fehlt die Charge. Sie steht auf der Packung.", "The batch is missing. It stands on the pack."
        )
        expiry.label = t("Verwendbar bis", "Expiry")
        expiry.error_messages["required"] = t(
            "Es fehlt das Verfalldatum. Es steht auf der Packung.", "The expiry is missing. It stands on the pack."
        )
        expiry.error_messages["invalid"] = t(
            "Das ist kein Datum. So sieht eines aus: 31.05.2028.", "This is no date. One looks like this: 2028-05-31."
        )


@dataclass(frozen=True)
class Row:
    order: Order
    person: PersonCard | None  # None: erased; the ledger stays
    pack: Pack


@require_safe
@studio_view("studio.dispatch")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    waiting = _rows(agent, read.listing(agent.cur, state="requested", limit=LISTED))
    sent = _rows(agent, read.sent(agent.cur, LISTED))
    return page(request, agent, "orders", waiting=waiting, sent=sent, shelves=_shelves(agent))


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("studio.dispatch")
def order(request: HttpRequest, agent: Agent, order: UUID) -> HttpResponse:
    found = read.get(agent.cur, order)
    if found is None:
        raise Http404
    form = DispatchForm(request.POST or None)
    refused = None
    if request.method == "POST" and form.is_valid():
        answer = _dispatched(request, agent, order, form)
        if isinstance(answer, HttpResponse):
            return answer
        refused = answer and words.verdict(answer.verdict, level=2)
    (row,) = _rows(agent, [found])
    shelves = [shelf for shelf, pack in _shelves(agent, [found.pack]) if shelf.left > 0]
    return page(request, agent, "order", row=row, form=form, refused=refused, shelves=shelves)


@require_safe
@studio_view("studio.dispatch")
def note(request: HttpRequest, agent: Agent, order: UUID) -> HttpResponse:
    found, paper = read.get(agent.cur, order), read.note(agent.cur, order)
    if found is None or paper is None:
        raise Http404
    answer = HttpResponse(paper, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="Lieferschein-{found.number}.pdf"'
    return answer


def _dispatched(
    request: HttpRequest, agent: Agent, order: UUID, form: DispatchForm
) -> HttpResponse | Dispatched | None:
    """Back to the list where it is on its way; the answer of the gate where not; None where the form is wrong."""
    told = form.cleaned_data
    try:
        with transaction.atomic():
            sent = dispatch.dispatch(
                agent.cur, order=order, batch=told["batch"], expiry=told["expiry"], user=agent.user.id, now=agent.now
            )
    except InputError as error:
        language = locale.current()
        form.add_error(error.field, f"{speak(error.rule, language)} {speak(error.way_out, language)}".strip())
        return None
    except Conflict:
        messages.warning(request, t("Diese Bestellung ist schon versandt.", "This order has been dispatched already."))
        return redirect("studio:orders")
    if sent.number is None:
        return sent
    messages.success(request, t(f"Versandt. Lieferschein {sent.number}.", f"Dispatched. Delivery note {sent.number}."))
    return redirect("studio:order", order=order)


def _shelves(agent: Agent, packs: list[UUID] | None = None) -> list[tuple[Shelf, Pack]]:
    """Batches that have not expired, by pack."""
    today = agent.now.astimezone(ZONE).date()
    found = [shelf for shelf in stock.shelves(agent.cur, packs) if shelf.expiry > today]
    known = products.packs(agent.cur, {shelf.pack for shelf in found})
    return sorted(((shelf, known[shelf.pack]) for shelf in found), key=lambda each: (each[1].name, each[0].expiry))


def _rows(agent: Agent, orders: list[Order]) -> list[Row]:
    persons = people.cards(agent.cur, {each.person for each in orders})
    packs = products.packs(agent.cur, {each.pack for each in orders})
    return [Row(each, persons.get(each.person), packs[each.pack]) for each in orders]
