"""An act with an `Idempotency-Key` is done once: who asks again within a day gets the first answer again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.faces.api.rest import problems

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST = 255
KEPT = timedelta(hours=24)
FORGET = "DELETE FROM rest_answer WHERE at < %s"
TAKE_TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
FIND = "SELECT digest, status, body FROM rest_answer WHERE token = %s AND key = %s"
KEEP = "INSERT INTO rest_answer (token, key, digest, status, body, at) VALUES (%s, %s, %s, %s, %s, %s)"


def answer(
    cur: Cursor, request: HttpRequest, token: UUID, now: datetime, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """Runs in the caller's transaction, so that act and answer are kept together. What was refused did nothing and
    may be asked again."""
    key = request.headers[HEADER]
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        return problems.response(400, f"{HEADER} has 1 to {LONGEST} printable ASCII characters.")
    if not _first(cur, token, key):
        return problems.response(409, "The same act is being done at this moment.", Retry_After="1")
    cur.execute(FORGET, (now - KEPT,))
    asked = ids.digest(b"\0".join((str(request.method).encode(), request.get_full_path().encode(), request.body)))
    row = cur.execute(FIND, (token, key)).fetchone()
    if row:
        return _again(*row, asked=asked)
    done = act()
    if done.status_code < 300:
        cur.execute(KEEP, (token, key, asked, done.status_code, done.content, now))
    return done


def _first(cur: Cursor, token: UUID, key: str) -> bool:
    row = cur.execute(TAKE_TURN, (f"rest {token} {key}",)).fetchone()
    return bool(row and row[0])


def _again(digest: str, status: int, body: bytes, *, asked: str) -> HttpResponse:
    if digest != asked:
        return problems.response(422, f"This {HEADER} was used for something else.")
    told = HttpResponse(bytes(body), status=status, content_type="application/json")
    told.headers[REPLAYED] = "true"
    return told
