"""The demo's inbox: shows the mails as they were received, and tells the sender after a crash what had arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from einklang.core import settings
from einklang.loop.channels.contract import Fate, Outgoing
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.project.demo import sink
from einklang.ui.access import open_to_all

FOREIGN_STYLE = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self'; base-uri 'none'"


@dataclass(frozen=True)
class Mail:
    name: str
    message: EmailMessage
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    def part(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()) if isinstance(body, EmailMessage) else ""


class InboxAdapter(EmailAdapter):
    """Plain SMTP that can be asked afterwards, since the demo's mailbox is a folder."""

    def __init__(self) -> None:
        super().__init__(target=target)

    def reconcile(self, messages: Sequence[Outgoing]) -> dict[UUID, Fate]:
        folder = settings.get().home / "inbox"
        return {
            message.id: "sent" if sink.path(folder, message.message_id).exists() else "not_sent" for message in messages
        }


def target() -> str | None:
    """Where the sink listens now; None while it has not started yet."""
    port = settings.get().home / "inbox" / "port"
    return f"smtp://127.0.0.1:{port.read_text()}" if port.exists() else None


def mails(folder: Path) -> list[Mail]:
    """Newest first."""
    found = [read(place) for place in folder.glob("*.eml")]
    return sorted(found, key=lambda mail: mail.at, reverse=True)


def read(place: Path) -> Mail:
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(place.read_bytes())
    return Mail(place.stem, message, parsedate_to_datetime(str(message["Date"])))


@open_to_all
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/inbox.html", {"mails": mails(_folder())})


@open_to_all
def show(request: HttpRequest, name: str) -> HttpResponse:
    mail = _mail(name)
    return render(request, "demo/mail.html", {"mail": mail, "text": mail.part("plain")})


@open_to_all
def html(request: HttpRequest, name: str) -> HttpResponse:
    response = HttpResponse(_mail(name).part("html"))
    response["Content-Security-Policy"] = FOREIGN_STYLE
    return response


def _mail(name: str) -> Mail:
    place = _folder() / f"{name}.eml"
    if not name.rstrip("+").isalnum() or not place.exists():
        raise Http404
    return read(place)


def _folder() -> Path:
    if not settings.get().demo:
        raise Http404
    return settings.get().home / "inbox"
