"""allauth's second factor on our own pages: codes of an app, passkeys, recovery codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django import forms
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from einklang.ui.access import needs, open_to_all
from einklang.ui.text import t

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "maxlength": "12"}
View = Callable[..., HttpResponseBase]


class Worded:
    """A form in our words. The hints differ from page to page."""

    hint = ("", "")

    def get_form(self, *args: Any, **kwargs: Any) -> forms.Form:
        form: forms.Form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        word(form, self.hint)
        return form


def word(form: forms.Form, hint: tuple[str, str]) -> None:
    labels = {"code": t("Code", "Code"), "password": t("Passwort", "Password"), "name": t("Name", "Name")}
    for name, label in labels.items():
        if name in form.fields:
            field = form.fields[name]
            field.label, field.help_text = label, t(*hint)
            field.error_messages["required"] = t("Diese Angabe fehlt.", "This entry is missing.")
            field.widget.attrs.pop("placeholder", None)
    if "code" in form.fields:
        form.fields["code"].widget.attrs.update(CODE)


class Authenticate(AuthenticateView):  # type: ignore[misc]  # allauth has no types
    template_name = "login/authenticate.html"

    def _build_forms(self) -> Any:
        posted = super()._build_forms()
        word(self.auth_form, ("Aus Ihrer App, oder ein Wiederherstellungscode.", "From your app, or a recovery code."))
        return posted

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A passkey is offered to who has one."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        options = shown.get("js_data", {}).get("request_options", {})
        shown["has_passkey"] = bool(options.get("publicKey", {}).get("allowCredentials"))
        return shown


class Activate(Worded, ActivateTOTPView):  # type: ignore[misc]
    template_name = "login/activate.html"
    hint = ("Die sechs Ziffern, die Ihre App jetzt zeigt.", "The six digits that your app shows now.")


class Deactivate(DeactivateTOTPView):  # type: ignore[misc]
    template_name = "login/remove.html"


class AddPasskey(Worded, AddWebAuthnView):  # type: ignore[misc]
    template_name = "login/passkey.html"
    hint = ("Damit Sie ihn wiedererkennen, etwa „Laptop“.", "So that you recognise it, like “laptop”.")


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "login/remove.html"

    def get_success_url(self) -> str:
        return "/konto/"


class Codes(ViewRecoveryCodesView):  # type: ignore[misc]
    template_name = "login/codes.html"


class NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "login/new_codes.html"


class CodesAsFile(DownloadRecoveryCodesView):  # type: ignore[misc]
    template_name = "login/codes.txt"


class Again(Worded, ReauthenticateView):  # type: ignore[misc]
    template_name = "login/again.html"


class AgainByCode(Worded, ReauthenticateByCodeView):  # type: ignore[misc]
    template_name = "login/again.html"
    hint = ("Aus Ihrer App, oder ein Wiederherstellungscode.", "From your app, or a recovery code.")


class AgainByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    template_name = "login/again.html"


def _own(view: Any) -> View:
    guarded: View = needs("account.own")(never_cache(view.as_view()))
    return guarded


authenticate: View = open_to_all(Authenticate.as_view())
activate, deactivate = _own(Activate), _own(Deactivate)
add_passkey, remove_passkey = _own(AddPasskey), _own(RemovePasskey)
codes, new_codes, codes_as_file = _own(Codes), _own(NewCodes), _own(CodesAsFile)
again, again_by_code, again_by_passkey = _own(Again), _own(AgainByCode), _own(AgainByPasskey)
