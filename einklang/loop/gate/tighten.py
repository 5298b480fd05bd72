"""An overlay may only tighten. Each parameter declares which way that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from einklang.loop.gate.errors import PackError

COMPARABLE: dict[str, Callable[[Any, Any], bool]] = {
    "lower": lambda old, new: new <= old,
    "higher": lambda old, new: new >= old,
    "earlier": lambda old, new: new <= old,
    "later": lambda old, new: new >= old,
    "subset": lambda old, new: set(new) <= set(old),
    "superset": lambda old, new: set(new) >= set(old),
    "true": lambda old, new: new is True or old is False,
    "fixed": lambda old, new: new == old,
}


def tightened(rule: str, name: str, param: dict[str, Any], value: Any) -> dict[str, Any]:
    """The parameter with the overlay's value, or PackError where that would loosen it."""
    old, way = param["value"], param["tighter"]
    if type(old) is not type(value):
        raise PackError(f"{rule}: {name} is {value!r}, but must be a {type(old).__name__} like {old!r}.")
    if not _tightens(way, old, value):
        raise PackError(f"{rule}: {name} {value!r} would loosen {old!r}; an overlay may only tighten ({way}).")
    return {**param, "value": value}


def _tightens(way: str | dict[str, list[Any]], old: Any, value: Any) -> bool:
    if isinstance(way, str):
        return COMPARABLE[way](old, value)
    order = way["order"]
    return value in order and order.index(value) >= order.index(old)
