"""allauth finds its pages by these names, so they have no namespace."""

from __future__ import annotations

from django.urls import path

from einklang.faces.login import account, views

urlpatterns = [
    path("konto/", account.account, name="mfa_index"),
    path("konto/sitzungen", account.end, name="account_sessions_end"),
    path("konto/bestaetigen", views.again, name="account_reauthenticate"),
    path("konto/bestaetigen/code", views.again_by_code, name="mfa_reauthenticate"),
    path("konto/bestaetigen/passkey", views.again_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("konto/app", views.activate, name="mfa_activate_totp"),
    path("konto/app/entfernen", views.deactivate, name="mfa_deactivate_totp"),
    path("konto/passkey", views.add_passkey, name="mfa_add_webauthn"),
    path("konto/passkey/<int:pk>/entfernen", views.remove_passkey, name="mfa_remove_webauthn"),
    path("konto/codes", views.codes, name="mfa_view_recovery_codes"),
    path("konto/codes/neu", views.new_codes, name="mfa_generate_recovery_codes"),
    path("konto/codes/datei", views.codes_as_file, name="mfa_download_recovery_codes"),
    path("anmelden/code", views.authenticate, name="mfa_authenticate"),
]
