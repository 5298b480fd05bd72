"""What a mail service must know of a mail that comes by SMTP: our name for it, and that nothing in it is measured."""

from __future__ import annotations

from uuid import UUID

NAME = "message"
HEADERS = {
    "postmark": f"X-PM-Metadata-{NAME}: {{id}}\r\nX-PM-TrackOpens: false\r\nX-PM-TrackLinks: None\r\n",
    "mailgun": f'X-Mailgun-Variables: {{{{"{NAME}": "{{id}}"}}}}\r\nX-Mailgun-Track: no\r\n',
}


def headers(service: str | None, message: UUID) -> bytes:
    """Opening and clicking is measured by consent alone (DE-TRK-02), and then by ourselves."""
    return HEADERS[service].format(id=message).encode() if service else b""
