"""Who signs proves once more that she is the one: by her password or by a code, even in an open session (GXP-04)."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from einklang.core.errors import InputError
from einklang.core.words import Words

FIELD = "proof"
CODES = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
MISSING = (
    Words("Zur Unterschrift gehört Ihr Passwort oder ein Code Ihrer App.", "A signature needs password or code."),
    Words("Geben Sie eines von beiden ein.", "Enter one of the two."),
)
WRONG = (
    Words("Passwort oder Code stimmen nicht.", "Password or code are not right."),
    Words("Es wurde nichts unterschrieben; bitte noch einmal.", "Nothing was signed; please try again."),
)
TOO_OFTEN = (
    Words("Zu viele Versuche.", "Too many attempts."),
    Words("Bitte warten Sie fünf Minuten.", "Please wait five minutes."),
)


def check(request: HttpRequest, value: str) -> str:
    """How it was proved: password, totp or recovery_codes. Raises InputError; too many wrong ones have to wait."""
    if not value:
        raise InputError(FIELD, *MISSING)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        raise InputError(FIELD, *TOO_OFTEN)
    method = _code(request.user, value) or ("password" if request.user.check_password(value) else "")
    if not method:
        raise InputError(FIELD, *WRONG)
    return method


def _code(user: Any, value: str) -> str:
    """A code is spent by being right."""
    digits = value.replace(" ", "")
    if not digits.isdecimal():
        return ""
    found = Authenticator.objects.filter(user=user, type__in=CODES)
    return next((str(each.type) for each in found if each.wrap().validate_code(digits)), "")
