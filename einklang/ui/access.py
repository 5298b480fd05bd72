"""What a view asks of who opens it, written on the view, so that one table of roles and views can be made and tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

OPEN = "open"  # everybody, without login

View = TypeVar("View", bound=Callable[..., Any])


def needs(act: str) -> Callable[[View], View]:
    """For guards: the act of `people.roles.ACTS` that they ask for. Later decorators keep it by `functools.wraps`."""

    def mark(view: View) -> View:
        view.act = act  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    return needs(OPEN)(view)


def act_of(view: Callable[..., Any]) -> str | None:
    """None: nobody has said, which `tests/shape` does not let pass."""
    return getattr(view, "act", None)
