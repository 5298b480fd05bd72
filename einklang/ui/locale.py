"""The language of a request: chosen in this session, else the user's own, else the browser's."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

SESSION_KEY = "locale"
KNOWN = tuple(code for code, _ in settings.LANGUAGES)


def current() -> str:
    language = (translation.get_language() or settings.LANGUAGE_CODE)[:2]
    return language if language in KNOWN else settings.LANGUAGE_CODE


def of(request: HttpRequest) -> str:
    chosen = request.session.get(SESSION_KEY) or str(getattr(request.user, "locale", ""))[:2]
    return chosen if chosen in KNOWN else translation.get_language_from_request(request)[:2]


class Locale:
    """Stands behind the authentication middleware. It writes no cookie: the choice lives in the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(of(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", current())
        return response
