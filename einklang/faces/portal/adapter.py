"""allauth's local login in our house: nobody signs up, and no mail leaves past the gate."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from einklang.core.errors import NotAllowed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotAllowed("Mails leave through the gate only.")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that follows a login says enough."""
