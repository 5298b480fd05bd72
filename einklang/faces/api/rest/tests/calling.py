"""A client with a token."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.test import Client

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.services.tokens import tokens
from einklang.services.tokens.scopes import SCOPES

ROOT = "/api/v1"


def token(*scopes: str, days: int = 1) -> tuple[UUID, str]:
    now = clock.real_now()
    with transaction.atomic():
        return tokens.create(cursor(), name="Probe", scopes=scopes or list(SCOPES), by=None, now=now, days=days)


class Caller:
    def __init__(self, *scopes: str) -> None:
        self.id, self.secret = token(*scopes)
        self.client = Client(headers={"authorization": f"Bearer {self.secret}"}, raise_request_exception=True)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query)

    def send(self, method: str, path: str, body: Any, **headers: str) -> Any:
        return self.client.generic(
            method, ROOT + path, _json(body), content_type="application/json", headers=headers or None
        )


def _json(body: Any) -> bytes:
    return body if isinstance(body, bytes) else orjson.dumps(body, default=str)
