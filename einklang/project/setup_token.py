"""The token of the first page: made once, kept in the home until somebody used it."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

NAME = "setup.token"


def of(home: Path) -> str:
    place = home / NAME
    if not place.exists():
        place.touch(mode=0o600)
        place.write_text(secrets.token_urlsafe(24))
    return place.read_text()


def fits(home: Path, token: str) -> bool:
    place = home / NAME
    return place.exists() and hmac.compare_digest(place.read_text().encode(), token.encode())


def spend(home: Path) -> None:
    (home / NAME).unlink(missing_ok=True)
