"""The Fachinformation, one tap away from wherever a product is shown or discussed (DE-REP-02)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.faces.desk import acting
from einklang.faces.desk.access import Rep, rep_view
from einklang.facts.products import read as products


@require_safe
@rep_view()
def smpc(request: HttpRequest, rep: Rep, slug: str) -> HttpResponse:
    product = products.by_slug(rep.cur, [slug]).get(slug)
    valid = products.smpc_valid(rep.cur, [product.id], rep.now).get(product.id) if product else None
    if product is None or valid is None:
        raise Http404
    paragraphs = (products.smpc_body(rep.cur, valid.id) or "").split("\n\n")
    context = {"rep": rep, "product": product, "smpc": valid, "paragraphs": paragraphs}
    context["back"] = acting.place(request, request.GET.get("zurueck", ""))
    return render(request, "desk/smpc.html", context)
