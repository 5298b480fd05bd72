"""`einklang check …`: is the stored history whole? For auditors and for whoever runs the house; changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from einklang.core.words import Words
from einklang.project.cli_house import connected, tell

if TYPE_CHECKING:
    from einklang.project.history import Found

check = typer.Typer(no_args_is_help=True, help="Is the stored history whole?")

HOLDS = Words("Alles stimmt.", "All is well.")
MORE = Words("und {} weitere", "and {} more")
BROKEN = Words("{} von {} Aussagen gelten nicht.", "{} of {} statements do not hold.")


@check.command("history")
def history(
    language: Annotated[str, typer.Option(help="de or en")] = "de",
    one_of: Annotated[int, typer.Option(min=1, help="Judge one verdict of so many again; 1 is all.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Looks at every entry, message, enrolment, verdict and chain. Ends with 1 where something does not hold."""
    from einklang.core import clock
    from einklang.project import history as whole

    broken = 0
    with connected() as connection:
        asked = whole.Asked(clock.now(connection.cursor()), one_of)
        for found in whole.check(connection, asked):
            broken += bool(found.number)
            for line in [_columns(found, language)] if as_json else _lines(found, language):
                tell(line)
    if broken:
        sys.exit(BROKEN.in_(language).format(broken, len(whole.INVARIANTS)))
    if not as_json:
        tell(HOLDS.in_(language))


@check.command("refold")
def refold(person: Annotated[list[UUID], typer.Argument(help="As `check history` names them.")]) -> None:
    """Folds the profiles of these people anew from the log."""
    from einklang.loop.profiles.rebuild import rebuild

    with connected() as connection, connection.transaction():
        rebuild(connection.cursor(), person)


def _lines(found: Found, language: str) -> Iterator[str]:
    sign = "✗" if found.number else "✓"
    yield f"{sign} {found.invariant.words.in_(language)}"
    if found.number:
        yield from (f"    {each}" for each in found.ids)
        if more := found.number - len(found.ids):
            yield f"    {MORE.in_(language).format(more)}"
        yield f"    → {found.invariant.way_out.in_(language)}"


def _columns(found: Found, language: str) -> dict[str, Any]:
    told = found.invariant
    return {
        "invariant": told.name,
        "says": told.words.in_(language),
        "broken": found.number,
        "ids": found.ids,
        "do": told.way_out.in_(language) if found.number else None,
    }
