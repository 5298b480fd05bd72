"""How a page looks and speaks. Both choices live in the session: no cookie of their own, nothing on the device."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from einklang.ui import context, locale
from einklang.ui.access import open_to_all


@require_POST
@open_to_all
def theme(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("theme", "")
    request.session[context.SESSION_KEY] = wanted if wanted in context.THEMES else context.THEMES[0]
    return back(request)


@require_POST
@open_to_all
def language(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("locale", "")
    if wanted in locale.KNOWN:
        request.session[locale.SESSION_KEY] = wanted
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if own else "/")
