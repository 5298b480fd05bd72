"""Pages by cursor: a list goes on after the row where the last page ended, whatever was added meanwhile."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from ninja import Query

from einklang.core.errors import BadToken

MOST = 200
Cursor = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{22}$")]


def cursor_after(row: UUID) -> str:
    return base64.urlsafe_b64encode(row.bytes).decode().rstrip("=")


def beyond(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(bytes=base64.b64decode(f"{cursor}==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise BadToken("cursor") from error


def cut(rows: Sequence[Any], limit: int) -> dict[str, Any]:
    """The caller has read one row more than the page shows."""
    shown = rows[:limit]
    return {"items": shown, "next": cursor_after(shown[-1].id) if len(rows) > limit else None}
