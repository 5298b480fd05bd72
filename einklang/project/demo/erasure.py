"""The demo's inbox holds mails of people: those of an erased person go when the erasure is committed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from einklang.core import settings
from einklang.core.erasure import Outcome, Room, erased
from einklang.core.pg import Cursor
from einklang.facts.people import read as people


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"mailbox": [{"file": mail.name} for mail in _mails(_addresses(cur, person))]}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    mails = list(_mails(_addresses(cur, person)))
    transaction.on_commit(lambda: _unlink(mails))
    return [erased("mailbox", len(mails))]


def _addresses(cur: Cursor, person: UUID) -> set[str]:
    logins = {each.email.lower() for each in people.users(cur, people.logins(cur, [person])).values()}
    return logins | {each.email.lower() for each in people.cards(cur, [person]).values() if each.email}


def _mails(addresses: set[str]) -> Iterator[Path]:
    for mail in sorted((settings.get().home / "inbox").glob("*.eml")):
        headers = BytesParser(policy=default).parsebytes(mail.read_bytes(), headersonly=True)
        if addresses & {address.lower() for _, address in getaddresses([str(headers["To"])])}:
            yield mail


def _unlink(mails: Iterable[Path]) -> None:
    for mail in mails:
        mail.unlink(missing_ok=True)


ROOM = Room(name="mailbox", export=export, erase=erase)
