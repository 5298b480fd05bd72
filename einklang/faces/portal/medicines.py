"""Our medicines and their Fachinformation, for verified professionals."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.faces.portal import parts
from einklang.faces.portal.access import Reader, reader_view
from einklang.facts.products import read as products


@require_safe
@reader_view()
def medicines(request: HttpRequest, reader: Reader) -> HttpResponse:
    if reader.verification is None:
        return _unverified(request, reader)
    known = [each for each in products.all_products(reader.cur) if each.authorised(reader.now)]
    valid = products.smpc_valid(reader.cur, [each.id for each in known], reader.now)
    rows = [{"product": each, "smpc": valid[each.id]} for each in known if each.id in valid]
    return render(request, "portal/medicines.html", {"reader": reader, "rows": rows})


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


def _unverified(request: HttpRequest, reader: Reader) -> HttpResponse:
    return render(request, "portal/unverified.html", {"reader": reader}, status=403)
