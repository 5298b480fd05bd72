"""Login with e-mail and password by allauth, on our own page. A link in a mail never logs anybody in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthForm
from allauth.account.views import LoginView as AllauthView
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from einklang.ui.access import open_to_all
from einklang.ui.text import t


class LoginForm(AllauthForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = t("Diese Angabe fehlt.", "This entry is missing.")
        for name, label in (
            ("login", t("E\u2011Mail-Adresse", "E\u2011mail address")),
            ("password", t("Passwort", "Password")),
        ):
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].error_messages["required"] = missing
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["login"].error_messages["invalid"] = t(
            "Das ist keine E\u2011Mail-Adresse: Sie sieht aus wie name@praxis.example.",
            "This is not an e\u2011mail address: it looks like name@practice.example.",
        )

    def add_error(self, field: str | None, error: Any) -> None:
        """allauth's sentences say neither what is safe nor what to do."""
        super().add_error(field, _said(getattr(error, "code", "")) or error)


class LoginView(AllauthView):  # type: ignore[misc]
    form_class = LoginForm
    template_name = "portal/login.html"


login = open_to_all(LoginView.as_view())


@require_POST
@open_to_all
def logout(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return redirect("account_login")


@open_to_all
def inactive(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/inactive.html", status=403)


def _said(code: str) -> str:
    match code:
        case "email_password_mismatch" | "username_password_mismatch":
            return t(
                "E\u2011Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides.",
                "E\u2011mail address and password do not match. Please check both.",
            )
        case "too_many_login_attempts":
            return t(
                "Zu viele Versuche. Zum Schutz Ihres Kontos warten Sie bitte fünf Minuten.",
                "Too many attempts. To protect your account, please wait five minutes.",
            )
        case _:
            return ""
