"""The address of the live stream, with a token that says whose it is."""

from __future__ import annotations

from datetime import timedelta

from einklang.core import clock, tokens
from einklang.faces.desk.access import Rep

LIFETIME = timedelta(hours=10)


def address(rep: Rep) -> str:
    expires = int((clock.real_now() + LIFETIME).timestamp())
    return f"/live/desk?token={tokens.sign('live', {'user': str(rep.user.id)}, expires=expires)}"
