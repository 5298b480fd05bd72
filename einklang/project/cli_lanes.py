"""`einklang lanes …` and `einklang log partitions …`: how workers share the log, and which months it holds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from einklang.core.errors import InputError
from einklang.project.cli_house import connected, tell, with_django

lanes = typer.Typer(no_args_is_help=True, help="How many workers can read the log at once.")
partitions = typer.Typer(help="The months of the log: list them, set old ones aside, take them back.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


@lanes.command("show")
def show(as_json: Json = False) -> None:
    """The ranges of each consumer and how far each has read."""
    from einklang.loop.interactions import consumers
    from einklang.loop.interactions import lanes as room

    with connected() as connection:
        cur = connection.cursor()
        for name in consumers.names(cur):
            for each in room.ranges(cur, name):
                row = {"consumer": name, "first": each.first, "last": each.last, "pos": each.pos}
                text = f"{name:<12} lanes {each.first:>2} to {each.last:>2}  read up to {each.pos}"
                tell(row if as_json else text)


@lanes.command("split")
def split(
    name: Annotated[str, typer.Argument(help="A consumer, as `lanes show` names it, or `all`.")],
    number: Annotated[int, typer.Argument(min=1, max=64, help="1 joins them again.")],
) -> None:
    """Share a consumer's lanes among so many ranges, while workers read. Each keeps everybody's order."""
    with with_django():
        from einklang import flow

        known = [each.name for each in flow.CONSUMERS]
        if name != "all" and name not in known:
            raise InputError("name", f"there is no consumer {name!r}.", f"Choose one of: {', '.join(known)}, all.")
        flow.share_lanes(number, [name] if name != "all" else known)


Month = Annotated[datetime, typer.Argument(formats=["%Y-%m"], help="Like 2025-03.")]


@partitions.callback(invoke_without_command=True)
def months(context: typer.Context, as_json: Json = False) -> None:
    """Each month with its state, size and rows (as last counted)."""
    if context.invoked_subcommand:
        return
    from einklang.loop.interactions import partitions as room

    with connected() as connection:
        for each in room.parts(connection.cursor()):
            row = {"month": f"{each.month:%Y-%m}", "state": each.state, "rows": max(each.rows, 0), "bytes": each.bytes}
            text = f"{row['month']}  {each.state:<8} {row['rows']:>12,} rows {each.bytes / 1e6:>10,.1f} MB"
            tell(row if as_json else text)


@partitions.command("detach")
def detach(month: Month) -> None:
    """Set an old month aside, while others read and write. Export, erasure and retention still reach it."""
    from einklang.core import clock
    from einklang.loop.interactions import partitions as room

    with connected() as connection:
        room.detach(connection, month.date(), clock.now(connection.cursor()))
    tell(f"{month:%Y-%m} is set aside; its rows stand in interactions_log_{month:%Y%m}.")


@partitions.command("attach")
def attach(month: Month) -> None:
    """Take a month back."""
    from einklang.loop.interactions import partitions as room

    with connected() as connection:
        room.attach(connection, month.date())
    tell(f"{month:%Y-%m} belongs to the log again.")
