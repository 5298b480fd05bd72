"""What was done, told once, with the way back where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

KEY = "studio_toast"


def tell(
    request: HttpRequest,
    text: str,
    *,
    undo: str = "",
    fields: Mapping[str, str | Sequence[str]] | None = None,
) -> None:
    """`undo` is the address that takes it back, by POST with `fields`."""
    told = [(name, value) for name, given in (fields or {}).items() for value in _values(given)]
    request.session[KEY] = {"text": text, "undo": undo, "fields": told}


def take(request: HttpRequest) -> Any:
    return request.session.pop(KEY, None)


def _values(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else [str(each) for each in given]
