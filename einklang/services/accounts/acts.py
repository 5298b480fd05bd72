"""How people get into their account: an invitation, and a new password. The link comes by mail and logs nobody in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password

from einklang.core.pg import Cursor
from einklang.facts.people import entry, users
from einklang.facts.people.models import User
from einklang.facts.people.users import By
from einklang.loop.gate import system_mail
from einklang.loop.gate.question import Recipient

INVITATION = "invitation"
RESET = "password-reset"


def invite(cur: Cursor, *, email: str, name: str, roles: Iterable[str], locale: str, by: By, now: datetime) -> UUID:
    """The new account, without a password: its owner chooses one."""
    made = users.create(
        cur, email=email, name=name, roles=roles, locale=locale, password=make_password(None), by=by, now=now
    )
    _send_invitation(cur, made, now)
    return made


def invite_again(cur: Cursor, user: UUID, by: By, now: datetime) -> None:
    _send_invitation(cur, user, now)
    users.note(cur, "user.invite", user, by, now)


def forgotten(cur: Cursor, email: str, now: datetime) -> None:
    """Nothing happens where nobody has this address."""
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user:
        link = {"reset_url": entry.link(user)}
        system_mail.plan(cur, RESET, Recipient("user", user.id), variables=link, now=now)


def _send_invitation(cur: Cursor, user: UUID, now: datetime) -> None:
    link = {"access_url": entry.link(User.objects.get(id=user), entry.INVITED)}
    system_mail.plan(cur, INVITATION, Recipient("user", user), variables=link, now=now)
