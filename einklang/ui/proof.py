"""Who signs or gives access proves once more who she is: password, code or passkey, even when logged in (GXP-04)."""

from __future__ import annotations

import json
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from einklang.core.errors import InputError
from einklang.core.words import Words

FIELD = "proof"
CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
MISSING = (
    Words("Es fehlt Ihr Passwort oder ein Code Ihrer App.", "Your password or a code of your app is missing."),
    Words("Geben Sie eines von beiden ein.", "Enter one of the two."),
)
WRONG = (
    Words("Passwort oder Code stimmen nicht.", "Password or code are not right."),
    Words("Es ist nichts geschehen; bitte noch einmal.", "Nothing has happened; please try again."),
)
NO_PASSKEY = (
    Words("Dieser Passkey gehört nicht zu Ihrem Konto.", "This passkey does not belong to your account."),
    WRONG[1],
)
TOO_OFTEN = (
    Words("Zu viele Versuche.", "Too many attempts."),
    Words("Bitte warten Sie fünf Minuten.", "Please wait five minutes."),
)


def passkey_options(user: Any) -> dict[str, Any] | None:
    """What the browser needs to ask for her passkey (`#passkey-options`); None where she has none. The challenge is
    kept in the session and is good for one answer."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists():
        return None
    return {"request_options": webauthn.begin_authentication(user)}


def check(request: HttpRequest, value: str, credential: str = "") -> str:
    """How it was proved: password, totp, recovery_codes or webauthn. Raises InputError; too many wrong ones wait."""
    if not value and not credential:
        raise InputError(FIELD, *MISSING)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise InputError(FIELD, *TOO_OFTEN)
    method = _passkey(request.user, credential) if credential else _secret(request.user, value)
    if not method:
        raise InputError(FIELD, *(NO_PASSKEY if credential else WRONG))
    return method


def _secret(user: Any, value: str) -> str:
    return _code(user, value) or ("password" if user.check_password(value) else "")


def _passkey(user: Any, credential: str) -> str:
    try:
        answer = json.loads(credential)
        webauthn.parse_authentication_response(answer)
        used = webauthn.complete_authentication(user, answer)
    except (ValidationError, ValueError, KeyError):
        return ""
    used.record_usage()
    return str(used.type)


def _code(user: Any, value: str) -> str:
    """A code is spent by being right."""
    digits = value.replace(" ", "")
    if not digits.isdecimal():
        return ""
    found = Authenticator.objects.filter(user=user, type__in=CODES)
    return next((str(each.type) for each in found if each.wrap().validate_code(digits)), "")
