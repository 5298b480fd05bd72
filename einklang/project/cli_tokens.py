"""`einklang token`: which other systems may use the API, and what they may do there."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from einklang.project.cli_house import in_one_go

token = typer.Typer(no_args_is_help=True, help="Tokens with which other systems use the API under /api/v1.")


@token.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Who will use it.")],
    scope: Annotated[list[str], typer.Option(help="Like people:read; docs/roles.md lists them. May be given often.")],
    days: Annotated[int, typer.Option(help="How long it is valid, 366 at most.")] = 90,
) -> None:
    """Make a token. It is shown this once."""
    from einklang.core import clock
    from einklang.services.tokens import tokens

    with in_one_go() as cur:
        _, secret = tokens.create(cur, name=name, scopes=scope, by=None, now=clock.real_now(), days=days)
    typer.echo(secret)


@token.command("list")
def listed() -> None:
    """Every token that was ever made, never the token itself."""
    from einklang.core import clock
    from einklang.services.tokens import tokens

    with in_one_go() as cur:
        for each in tokens.listing(cur):
            state = each.state(clock.real_now())
            until = f"until {each.expires_at:%Y-%m-%d}"
            typer.echo(f"{each.id}  {state:<8}  {until}  …{each.ending}  {each.name}  {' '.join(each.scopes)}")


@token.command("revoke")
def revoke(token: Annotated[UUID, typer.Argument(help="Its id, as `list` shows it.")]) -> None:
    """It opens nothing from now on. This cannot be undone."""
    from einklang.core import clock
    from einklang.services.tokens import tokens

    with in_one_go() as cur:
        name = tokens.revoke(cur, token, by=None, now=clock.real_now())
    typer.echo(f"{name} is not valid any more.")
