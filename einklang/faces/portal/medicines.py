"""Our medicines, each with its current Fachinformation, for verified professionals."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.faces.portal import library, parts
from einklang.faces.portal.access import reader_view, refused
from einklang.faces.portal.reader import Reader
from einklang.facts.products import read as products
from einklang.facts.products.read import Product, SmpcRef
from einklang.loop.gate import audience
from einklang.loop.gate.question import Verdict
from einklang.services.orders import catalogue
from einklang.services.orders.catalogue import Supply


@require_safe
@reader_view()
def medicines(request: HttpRequest, reader: Reader) -> HttpResponse:
    if reader.verification is None:
        return _unverified(request, reader)
    rows = [
        {"product": product, "smpc": smpc, "open": not product.rx or _audience(reader).yes}
        for product, smpc in _valid(reader).values()
    ]
    return render(request, "portal/medicines.html", {"reader": reader, "rows": rows})


@require_safe
@reader_view()
def product(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """All about one medicine. For a prescription medicine only for those whom its advertising may reach."""
    if reader.verification is None:
        return _unverified(request, reader)
    found = next((each for each in _valid(reader).values() if each[0].slug == slug), None)
    if found is None:
        raise Http404
    medicine, valid = found
    if medicine.rx and not (verdict := _audience(reader)).yes:
        return refused(request, reader, verdict)
    text = products.mandatory(reader.cur, [medicine.id], reader.now).get(medicine.id)
    context = {
        "reader": reader,
        "product": medicine,
        "smpc": valid,
        "cards": [parts.card(each, reader) for each in library.visible(reader) if each.authorisation == medicine.id],
        "supply": _supply(reader, medicine),
        "mandatory": parts.mandatory_text(medicine, text) if text else None,
    }
    return render(request, "portal/product.html", context)


@require_safe
@reader_view()
def smpc(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    if reader.verification is None:
        return _unverified(request, reader)
    product = products.by_slug(reader.cur, [slug]).get(slug)
    valid = products.smpc_valid(reader.cur, [product.id], reader.now).get(product.id) if product else None
    if product is None or valid is None:
        raise Http404
    text = products.mandatory(reader.cur, [product.id], reader.now).get(product.id)
    context = {
        "reader": reader,
        "product": product,
        "smpc": valid,
        "paragraphs": (products.smpc_body(reader.cur, valid.id) or "").split("\n\n"),
        "mandatory": parts.mandatory_text(product, text, linked=False) if text else None,
    }
    return render(request, "portal/smpc.html", context)


def current(reader: Reader) -> dict[UUID, tuple[Product, SmpcRef]]:
    """What the search may find, by the id of the Fachinformation."""
    if reader.verification is None:
        return {}
    rx = _audience(reader).yes
    return {smpc: found for smpc, found in _valid(reader).items() if rx or not found[0].rx}


def _valid(reader: Reader) -> dict[UUID, tuple[Product, SmpcRef]]:
    known = [each for each in products.all_products(reader.cur) if each.authorised(reader.now)]
    valid = products.smpc_valid(reader.cur, [each.id for each in known], reader.now)
    return {valid[each.id].id: (each, valid[each.id]) for each in known if each.id in valid}


def _audience(reader: Reader) -> Verdict:
    return audience.prescription(reader.card.market, reader.verification, reader.now)


def _supply(reader: Reader, medicine: Product) -> Supply | None:
    found = catalogue.supplies(reader.cur, reader.card.id, reader.now)
    return next((each for each in found if each.pack.authorisation == medicine.id), None)


def _unverified(request: HttpRequest, reader: Reader) -> HttpResponse:
    return render(request, "portal/unverified.html", {"reader": reader}, status=403)
