"""Which rooms of the house are built."""

from __future__ import annotations

from importlib.util import find_spec


def exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
