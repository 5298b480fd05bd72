"""Plays the story as people do whose network is bad: unanswered, they send again. `python -m tests.stubborn URL`"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import httpx

PATIENCE = 120.0
TRIES = 400
UNAVAILABLE = 503

Client = httpx.Client


class Stubborn(httpx.HTTPTransport):
    """Event streams are left alone: they come back by themselves."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/live"):
            return super().handle_request(request)
        for _ in range(TRIES):
            try:
                answer = super().handle_request(request)
                answer.read()
            except httpx.TransportError:
                threading.Event().wait(0.2)
            else:
                if answer.status_code != UNAVAILABLE:
                    return answer
                threading.Event().wait(float(answer.headers["Retry-After"]))
        raise httpx.ConnectError("nobody answers", request=request)


def stubborn_client(**options: Any) -> httpx.Client:
    return Client(transport=Stubborn(), **options)


def main(url: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
    import django

    django.setup()
    from einklang.project.demo import at_the_desk, show, stage, story

    httpx.Client = stubborn_client  # type: ignore[assignment, misc]
    stage.PATIENCE = at_the_desk.PATIENCE = PATIENCE
    with show.steps(as_json=True) as told:
        for step in story.play(url, None):
            told(step)


if __name__ == "__main__":
    main(sys.argv[1])
