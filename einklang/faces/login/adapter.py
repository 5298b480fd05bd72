from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.utils.functional import lazy

from einklang.core import company, settings
from einklang.ui.text import t


def _wrong_code() -> str:
    return t(
        "Dieser Code passt nicht. Er gilt nur eine halbe Minute: Bitte nehmen Sie den neuesten.",
        "This code does not fit. It is valid for half a minute: please take the newest one.",
    )


WRONG_CODE = lazy(_wrong_code, str)()  # in the language of the request


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets lie encrypted by the key of this installation: a copy of the database alone opens no account."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def get_totp_issuer(self) -> str:
        return f"Einklang {company.current().name}"

    def encrypt(self, text: str) -> str:
        return _key().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Another key than the one that locked it opens nothing, and no code fits."""
        try:
            return _key().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def _key() -> Fernet:
    secret = hashlib.sha256(b"second factor " + settings.get().secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
