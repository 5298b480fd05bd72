from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
FRAMES = "; frame-src 'self'"  # for a page that shows one of our own that is not ours in style, as a mail


class ContentSecurityPolicy:
    """A view that sets the header itself keeps its own (the demo's inbox shows foreign mail)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        frames = FRAMES if getattr(response, "frames", False) else ""
        response.headers.setdefault("Content-Security-Policy", POLICY + frames)
        return response
