"""The link with which somebody chooses a password: for one account, for some time, and only once."""

from __future__ import annotations

from datetime import timedelta

from einklang.core import clock, ids, tokens
from einklang.core.errors import BadToken
from einklang.facts.people.models import User
from einklang.ui import places

PURPOSE = "password"
FORGOTTEN, INVITED = timedelta(hours=1), timedelta(days=7)


def link(user: User, valid: timedelta = FORGOTTEN) -> str:
    expires = int((clock.real_now() + valid).timestamp())
    token = tokens.sign(PURPOSE, {"user": str(user.id), "state": _state(user)}, expires=expires)
    return places.PASSWORD.url(token)


def user_of(token: str) -> User | None:
    """None where the link is forged, too old, or was used already. Locks the account."""
    try:
        payload = tokens.read(PURPOSE, token, now=int(clock.real_now().timestamp()))
    except BadToken:
        return None
    user = User.objects.select_for_update().filter(id=payload["user"], is_active=True).first()
    return user if user and payload["state"] == _state(user) else None


def _state(user: User) -> str:
    """A login or a new password ends the links that were sent before."""
    return ids.digest(f"{user.password} {user.last_login}".encode())[:16]
