"""`einklang import`: the same way as in the studio, driven from the terminal."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from einklang.core import pg
from einklang.core.errors import InputError

WAIT_SECONDS = 0.05  # while the worker holds the file


def bring_in(
    kind: Annotated[str, typer.Argument(help="people, organisations, reps, products, consents …")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    *,
    source: Annotated[str, typer.Option(help="Name of the source; by it rows are known again.")] = "",
    from_list: Annotated[bool, typer.Option("--from-list", help="Data of a list of others (Art. 14 GDPR).")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would happen.")] = False,
    mapping: Annotated[Path | None, typer.Option(help="JSON: column → field.", exists=True, dir_okay=False)] = None,
    errors: Annotated[Path | None, typer.Option(help="Where the refused rows go.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The result as JSON.")] = False,
) -> None:
    """Bring in people, products, consents … from CSV or Excel; the same file again changes nothing."""
    from einklang.bridges.imports import batches, registry
    from einklang.core import clock
    from einklang.project import running

    if kind not in registry.KINDS:
        raise InputError("kind", f"{kind!r} is not known.", f"There is: {', '.join(registry.KINDS)}.")
    with running.database() as url, pg.connect(url, application="einklang import", autocommit=True) as connection:
        cur = connection.cursor()
        with connection.transaction():
            batch = batches.upload(
                cur,
                kind=registry.kind(kind),
                name=file.name,
                content=file.read_bytes(),
                source=source or file.stem,
                third_party=from_list,
                by=None,
                now=clock.now(cur),
            )
            chosen = orjson.loads(mapping.read_bytes()) if mapping else batch.mapping
            batch = batches.check(cur, batch, chosen, version=batch.version, now=clock.now(cur))
        batch = _worked(connection, cur, batch)
        if not dry_run and batch.state == "checked":
            with connection.transaction():
                batch = batches.start(cur, batch, by=None, version=batch.version, now=clock.now(cur))
            batch = _worked(connection, cur, batch)
        _report(batch, as_json=as_json)
        _refused(cur, batch, errors)


def _worked(connection: pg.Connection, cur: pg.Cursor, batch: Any) -> Any:
    """Until the file is through, by us or by the worker."""
    from einklang.bridges.imports import batches, run
    from einklang.core import clock

    while batch.state in ("checking", "running"):
        with connection.transaction():
            done = run.advance(cur, clock.now(cur), batch=batch.id)
        batch = batches.get(cur, batch.id)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{batch.phase}: {batch.position} / {batch.rows} ")
        if not done:
            time.sleep(WAIT_SECONDS)
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    return batch


def _report(batch: Any, *, as_json: bool) -> None:
    told = {"import": str(batch.id), "state": batch.state, "rows": batch.rows, **batch.counts}
    text = orjson.dumps(told).decode() if as_json else ", ".join(f"{name} {value}" for name, value in told.items())
    sys.stdout.write(f"{text}\n")


def _refused(cur: pg.Cursor, batch: Any, errors: Path | None) -> None:
    from einklang.bridges.imports import batches, files

    if errors:
        with errors.open("wb") as target:
            files.write(batches.format_of(batch), batches.errors(cur, batch, "en"), target)
        return
    for each in batches.refusals(cur, batch.id, limit=20):
        sys.stderr.write(f"Row {each.row}, {each.field or 'row'}: {each.rule.en} {each.way_out.en}\n")
