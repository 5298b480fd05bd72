"""A new password by mail. The link opens a form and logs nobody in; the mail passes the gate like every other."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.people import entry
from einklang.loop.gate.system_mail import NotReleased
from einklang.services.accounts import acts as accounts
from einklang.ui.access import open_to_all
from einklang.ui.text import t

log = logging.getLogger("einklang.portal")


class AddressForm(forms.Form):
    email = forms.EmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email = self.fields["email"]
        email.label = t("E\u2011Mail-Adresse", "E\u2011mail address")
        email.error_messages["required"] = t("Diese Angabe fehlt.", "This entry is missing.")
        email.error_messages["invalid"] = t(
            "Das ist keine E\u2011Mail-Adresse: Sie sieht aus wie name@praxis.example.",
            "This is not an e\u2011mail address: it looks like name@practice.example.",
        )


class PasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic at run time
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label = t("Neues Passwort", "New password")
        first.help_text = t("Mindestens zehn Zeichen.", "At least ten characters.")
        second.label = t("Noch einmal", "Once more")
        second.help_text = ""
        for field in (first, second):
            field.error_messages["required"] = t("Diese Angabe fehlt.", "This entry is missing.")


@require_http_methods(["GET", "POST"])
@never_cache
@open_to_all
def forgotten(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether the address is known or not."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/forgotten.html", {"form": form})
    email = form.cleaned_data["email"].lower()
    if not ratelimit.consume(request, action="reset_password", key=email):
        return render(request, "portal/forgotten.html", {"form": form, "too_often": True}, status=429)
    try:
        with transaction.atomic():
            accounts.forgotten(cursor(), email, clock.now())
    except NotReleased as error:
        log.error("Nobody can choose a new password: content %r is not released.", error.slug)
    return redirect("password_sent")


@require_safe
@open_to_all
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/password_sent.html")


@require_http_methods(["GET", "POST"])
@never_cache
@open_to_all
def choose(request: HttpRequest, token: str) -> HttpResponse:
    with transaction.atomic():
        user = entry.user_of(token)
        if user is None:
            return render(request, "portal/password_refused.html", status=400)
        form = PasswordForm(user, request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return render(request, "portal/password.html", {"form": form})
        form.save()
    return redirect("account_login")
