"""Where an act of the desk leads back to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def back(request: HttpRequest) -> HttpResponse:
    """To the page that the act was done on, which the form names."""
    return redirect(place(request, request.POST.get("next", "")) or "desk:today")


def place(request: HttpRequest, wanted: str) -> str:
    """An address of the desk, or nothing."""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted.startswith(reverse("desk:today")) else ""
