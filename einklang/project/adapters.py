"""Which adapter speaks for which channel here."""

from __future__ import annotations

from einklang.core import settings
from einklang.loop.channels.contract import Adapter
from einklang.loop.channels.email.adapter import EmailAdapter


def adapters() -> dict[str, Adapter]:
    if settings.get().demo:
        from einklang.project.demo.inbox import InboxAdapter  # a company's own installation never loads the demo

        return {"email": InboxAdapter()}
    return {"email": EmailAdapter()}
