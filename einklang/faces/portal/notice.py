"""The consent notice on the first visit: no is as near as yes (DE-TRK-03), boxes are unticked (DE-CON-08)."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from einklang.faces.portal import wishes
from einklang.faces.portal.access import reader_view
from einklang.faces.portal.models import Notice
from einklang.faces.portal.permissions import BY_NAME, GRADES
from einklang.faces.portal.reader import Reader
from einklang.ui.text import t

ACCEPT, REJECT = "accept", "reject"


class NoticeForm(forms.Form):
    tracking = forms.ChoiceField(choices=((REJECT, REJECT), (ACCEPT, ACCEPT)))
    email = forms.BooleanField(required=False)
    mail_tracking = forms.BooleanField(required=False)
    rep_visibility = forms.ChoiceField(required=False, choices=[(grade, grade) for grade in GRADES])


@require_http_methods(["GET", "POST"])
@never_cache
@reader_view(noticed=False)
def notice(request: HttpRequest, reader: Reader) -> HttpResponse:
    target = _target(request)
    form = NoticeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if form.is_valid():
            _answer(request, reader, form)
            return redirect(target)
        form.errors.clear()
        form.add_error(None, t("Bitte wählen Sie einen der beiden Knöpfe.", "Please choose one of the two buttons."))
    wordings = wishes.shown(reader)
    boxes = [(BY_NAME[name], wordings[name]) for name in ("email", "mail_tracking") if name in wordings]
    context = {"reader": reader, "form": form, "next": target, "boxes": boxes, "wordings": wordings}
    return render(request, "portal/notice.html", context)


def _answer(request: HttpRequest, reader: Reader, form: NoticeForm) -> None:
    wordings = wishes.shown(reader)
    chosen = form.cleaned_data
    accepted = chosen["tracking"] == ACCEPT
    with transaction.atomic():
        if accepted:
            wishes.allow(request, reader, "tracking", wordings["tracking"])
        elif reader.tracked:
            wishes.withdraw(request, reader, "tracking")
        for name in ("email", "mail_tracking"):
            if chosen[name]:
                wishes.allow(request, reader, name, wordings[name])
        if grade := chosen["rep_visibility"]:
            wishes.allow(request, reader, "rep_visibility", wordings["rep_visibility"], grade)
        Notice.objects.update_or_create(
            user=reader.user,
            defaults={"accepted": accepted, "wording": wordings["tracking"].id, "at": reader.now},
        )


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own else "/"
