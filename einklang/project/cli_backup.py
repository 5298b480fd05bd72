"""`einklang backup …` and `einklang restore`: a copy of the house, the proof that it is worth something, and back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import psycopg
import typer

from einklang.core.errors import EinklangError
from einklang.project.cli_house import tell

if TYPE_CHECKING:
    from einklang.project.backup.drill import Drilled
    from einklang.project.backup.restore import Restored
    from einklang.project.backup.take import Progress, Taken

backup = typer.Typer(help="A copy of the house while it goes on; a drill shows whether it is worth something.")

Json = Annotated[bool, typer.Option("--json", help="One JSON object.")]
MEGABYTE = 1e6


@backup.callback(invoke_without_command=True)
def make(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="Folder; default EINKLANG_BACKUPS or backups in the home.")] = None,
    keep: Annotated[int, typer.Option(min=1, help="Days; older backups go.")] = 30,
    as_json: Json = False,
) -> None:
    """Database, files and manifest, as of one moment."""
    if context.invoked_subcommand:
        return
    from einklang.core import clock, settings
    from einklang.project.backup import manifest, register, take

    place = (to or manifest.folder()).absolute()
    with _database() as url:
        with _progress() as progress:
            taken = take.take(url, settings.get().home, place, progress)
        _note(url, "backup")
    gone = take.forget(place, keep, clock.real_now())
    register.forget(place, manifest.made_at(manifest.every(place)[0]))
    tell(_taken(taken, gone) if as_json else _taken_words(taken))


@backup.command("list")
def listing(place: Annotated[Path | None, typer.Argument()] = None, as_json: Json = False) -> None:
    """The backups that are there, and what their drills said."""
    from einklang.project.backup import drill, manifest

    for each in manifest.every((place or manifest.folder()).absolute()):
        made_at, size, version, found = manifest.made_at(each), manifest.size(each), _version(each), drill.result(each)
        verdict = "not drilled" if found is None else "drill failed" if found["faults"] else "drilled"
        row = {"backup": each, "made_at": made_at, "version": version, "bytes": size, "drill": found}
        shown = verdict if version else "unreadable"
        text = f"{made_at:%Y-%m-%d %H:%M} UTC  {size / MEGABYTE:>10,.1f} MB  {shown:<12}  {each}"
        tell(row if as_json else text)


@backup.command("drill")
def rehearse(
    place: Annotated[Path | None, typer.Argument(help="A backup, or a folder of them: its newest.")] = None,
    as_json: Json = False,
) -> None:
    """Restores the newest backup into a server of its own, counts its rows and walks its chains. For cron."""
    from einklang.project.backup import drill, manifest

    with _progress() as progress:
        done = drill.drill(manifest.find((place or manifest.folder()).absolute()), progress)
    _keep_result(done)
    words = f"{done.backup}: {done.rows:,} rows restored in {done.seconds:.0f} s, chains unbroken."
    tell(done if as_json else words if not done.faults else f"{done.backup} is not sound.")
    if done.faults:
        sys.exit("\n".join([*done.faults, "Make another backup and drill it; look at the disk this one came from."]))


def restore(
    source: Annotated[Path, typer.Argument(help="A backup, or a folder of them: its newest.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Put it in the place of the house that is there.")] = False,
    other_key: Annotated[bool, typer.Option("--other-key", help="Its EINKLANG_SECRET_KEY is lost.")] = False,
    as_json: Json = False,
) -> None:
    """A backup becomes the house; what may have left since it was made waits for people."""
    from einklang.project.backup import manifest, restore

    found = manifest.find(source.absolute())
    with restore.server() as url, _progress() as progress:
        done = restore.restore(found, url, replace=yes, other_key=other_key, known=_known(), tell=progress)
    tell(_restored(found, done) if as_json else _restored_words(found, done))


def _version(backup: Path) -> str | None:
    """None where its manifest is damaged or of another version."""
    from einklang.project.backup import manifest
    from einklang.project.backup.errors import BadBackup

    try:
        return manifest.read(backup).version
    except BadBackup:
        return None


def _known() -> set[str]:
    """The migrations of this version, ours and those of the packages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
    import django
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    return {".".join(each) for each in MigrationLoader(None).disk_migrations}


def _taken(taken: Taken, gone: list[Path]) -> dict[str, Any]:
    told = taken.manifest
    return {
        "backup": taken.backup, "bytes": taken.bytes, "seconds": told.seconds, "rows": sum(told.rows.values()),
        "keys_left_out": taken.keys_left_out, "gone": gone,
    }  # fmt: skip


def _taken_words(taken: Taken) -> str:
    told = taken.manifest
    lines = [
        f"{taken.backup}",
        f"{sum(told.rows.values()):,} rows, {taken.bytes / MEGABYTE:,.1f} MB, {told.seconds} s.",
    ]
    if taken.keys_left_out:
        lines.append(
            f"Not in it: {', '.join(taken.keys_left_out)}. Keep them elsewhere, or seal them by EINKLANG_BACKUP_KEY."
        )
    if "EINKLANG_SECRET_KEY" in os.environ:
        lines.append("Not in it: EINKLANG_SECRET_KEY. Without it no link in a past mail opens.")
    return "\n".join(lines)


def _restored(found: Path, done: Restored) -> dict[str, Any]:
    return {"backup": found, "made_at": done.manifest.made_at, "settled": done.settled, "promises": done.promises_from}


def _restored_words(found: Path, done: Restored) -> str:
    from einklang.core import clock
    from einklang.project.backup.restore import age

    told, settled = done.manifest, done.settled
    where = "from the house that was there" if done.promises_from == "house" else "from the register beside the backups"
    lines = [
        f"Restored {found.name}: the house as it was {age(told, clock.real_now())} ago.",
        f"The log goes on at {settled.position:,}.",
        f"Kept since then, {where}: {settled.erased} erasures, {settled.ended} withdrawals and objections.",
    ]
    if settled.uncertain:
        lines.append(
            f"{settled.uncertain} messages may have left since the backup. They are uncertain and wait for people: "
            "Messages, Uncertain (/studio/messages/?zustand=uncertain)."
        )
    if settled.held:
        lines.append(f"{settled.held} messages are held as in the backup; some may have been released since.")
    lines.append("Revoke again what was revoked since: accounts, tokens, write keys. Then `einklang up`.")
    return "\n".join(lines)


@contextmanager
def _database() -> Iterator[str]:
    """As it is: a backup before an upgrade must not be the upgrade."""
    from einklang.core import settings
    from einklang.project import embedded, running

    own = settings.get()
    server = running.find(own.home)
    if own.database_url or server:
        yield own.database_url or (server.database_url if server else "")
        return
    with embedded.running(own.home) as url:
        yield url


def _note(url: str, chore: str) -> None:
    from einklang.core import clock, pg
    from einklang.project import chores

    with pg.connect(url, application="einklang backup") as connection:
        chores.done(connection.cursor(), chore, clock.real_now())


def _keep_result(done: Drilled) -> None:
    """In the audit trail of the house, if there still is one: a drill also serves where all else is gone."""
    from einklang.core import pg
    from einklang.facts.audit import trail
    from einklang.project import chores

    try:
        with _database() as url, pg.connect(url, application="einklang drill") as connection:
            cur = connection.cursor()
            told = {"rows": done.rows, "seconds": done.seconds, "faults": done.faults}
            act = trail.Act(act="backup.drill", object=f"backup:{done.backup}", who=None, new=told, source="cli")
            if not done.faults:
                chores.done(cur, "backup drill", done.at)
            trail.write(cur, [act], done.at)
    except (psycopg.Error, EinklangError) as lost:
        sys.stderr.write(f"The house did not take note of this drill: {lost}".strip() + "\n")


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar for people who look on."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
