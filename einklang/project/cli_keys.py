"""`einklang write-key`: who may write to the log, and who no longer."""

from __future__ import annotations

from typing import Annotated

import orjson
import typer

from einklang.project.cli_house import in_one_go

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
write_key = typer.Typer(no_args_is_help=True, help="Keys with which others write to the log.")


@write_key.command("create")
def create(
    name: str,
    server: Annotated[bool, typer.Option("--server", help="A server's key: vouches for what it tells.")] = False,
    purpose: Annotated[str | None, typer.Option(help="Default: service for a server, else promotional.")] = None,
    origin: Annotated[list[str] | None, typer.Option(help="Page origin that a browser key is for.")] = None,
    as_json: Json = False,
) -> None:
    """Make a key for POST /v1/batch and the like."""
    from einklang.core import clock
    from einklang.loop.interactions import keys

    with in_one_go() as cur:
        now = clock.now(cur)
        key = keys.create(cur, name, server=server, purpose=purpose, origins=origin or (), now=now)
    told = orjson.dumps({"write_key": key, "jitsu_key": keys.for_jitsu(key)}).decode() if as_json else key
    typer.echo(told)


@write_key.command("list")
def listed(as_json: Json = False) -> None:
    """Every key that was ever made: its number, name and last letters, never the key."""
    from einklang.loop.interactions import keys

    with in_one_go() as cur:
        for each in keys.listing(cur):
            state = f"revoked {each.revoked_at:%Y-%m-%d}" if each.revoked_at else "valid"
            kind = "server" if each.is_server else "browser"
            line = f"{each.id:>4}  {state:<18}  {kind:<7}  {each.purpose:<13}  …{each.ending}  {each.name}"
            typer.echo(orjson.dumps(each._asdict()).decode() if as_json else line)


@write_key.command("revoke")
def revoke(number: Annotated[int, typer.Argument(help="As `list` shows it.")]) -> None:
    """It tells nothing more from now on. This cannot be undone."""
    from einklang.core import clock
    from einklang.facts.audit import trail
    from einklang.loop.interactions import keys

    with in_one_go() as cur:
        now = clock.now(cur)
        name = keys.revoke(cur, number, now)
        told = trail.Act(act="key.revoke", object=f"key:{number}", who=None, field="name", old=name, source="terminal")
        trail.write(cur, [told], now)
    typer.echo(f"{name} is not valid any more.")
