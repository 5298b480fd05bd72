"""`einklang lanes …`: how many workers can read the log at once."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import orjson
import typer

from einklang.core import pg
from einklang.core.errors import InputError

lanes = typer.Typer(no_args_is_help=True, help="How many workers can read the log at once.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


@lanes.command("show")
def show(as_json: Json = False) -> None:
    """The ranges of each consumer and how far each has read."""
    from einklang.core import settings
    from einklang.loop.interactions import consumers
    from einklang.loop.interactions import lanes as room
    from einklang.project import running

    with running.database(), pg.connect(settings.get().database_url or "", application="einklang lanes") as connection:
        cur = connection.cursor()
        for name in consumers.names(cur):
            for each in room.ranges(cur, name):
                row = {"consumer": name, "first": each.first, "last": each.last, "pos": each.pos}
                text = f"{name:<12} lanes {each.first:>2} to {each.last:>2}  read up to {each.pos}"
                sys.stdout.write(f"{orjson.dumps(row).decode() if as_json else text}\n")


@lanes.command("split")
def split(
    name: Annotated[str, typer.Argument(help="A consumer, as `lanes show` names it, or `all`.")],
    number: Annotated[int, typer.Argument(min=1, max=64, help="1 joins them again.")],
) -> None:
    """Share a consumer's lanes among so many ranges, while workers read. Each keeps everybody's order."""
    from einklang.project import running

    with running.database():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
        import django

        django.setup()
        from einklang import flow

        known = [each.name for each in flow.CONSUMERS]
        if name != "all" and name not in known:
            raise InputError("name", f"there is no consumer {name!r}.", f"Choose one of: {', '.join(known)}, all.")
        flow.share_lanes(number, [name] if name != "all" else known)
