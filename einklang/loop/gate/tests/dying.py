"""A worker that is killed at the point named on its command line: `python -m … POINT SMTP_URL`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from types import ModuleType
from typing import Any

import django
from django.db import transaction

from einklang.loop.channels.contract import Outgoing, Receipt, Told, go_on
from einklang.loop.channels.email import adapter as adapter_of_mail
from einklang.loop.channels.email.adapter import EmailAdapter


class DyingAdapter(EmailAdapter):
    """Is killed as soon as `count` mails were taken."""

    count = 0

    def send(self, messages: Sequence[Outgoing], now: datetime, told: Told = go_on) -> list[Receipt]:
        taken: list[Receipt] = []

        def dying(receipt: Receipt) -> bool:
            taken.append(receipt)
            if len(taken) == self.count:
                die()
            return True

        if not self.count:
            die()
        return super().send(messages, now, dying)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_after(module: ModuleType, name: str) -> None:
    original: Callable[..., Any] = getattr(module, name)

    def dying(*args: Any, **kwargs: Any) -> None:
        original(*args, **kwargs)
        die()

    setattr(module, name, dying)


def main(point: str, url: str) -> None:
    django.setup()
    from einklang.loop.gate import dispatch, outbox, receipts, tasks, verdicts
    from einklang.loop.gate.tests import mails

    adapter = EmailAdapter(target=lambda: url)
    match point:
        case "claim":
            dies_after(outbox, "claim")
        case "verdict":
            dies_after(verdicts, "store")
        case "outbox row":
            dies_after(outbox, "plan")
            with transaction.atomic():
                mails.ask(mails.reader(), at=mails.LATER)
        case "before sending is committed":
            dies_after(dispatch, "clear")
        case "sending":
            adapter = DyingAdapter(target=lambda: url)
        case "leaving":
            dies_after(adapter_of_mail, "_deliver")
        case "accepted":
            adapter = DyingAdapter(target=lambda: url)
            adapter.count = 2
        case "receipt":
            dies_after(receipts, "apply")
    tasks.dispatch(mails.NOON, {"email": adapter})
    die()


if __name__ == "__main__":
    main(*sys.argv[1:])
