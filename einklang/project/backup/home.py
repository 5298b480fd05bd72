"""The files of a home that belong to its database: the company and its rules, contents, kept imports."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from einklang.project.backup.errors import BadBackup

KEPT = ("company.json", "packs", "files", "demo", "world.json", "played")
DRAFT = ".restoring"


def pack(home: Path, target: Path) -> None:
    """After the snapshot of the database: what it names is there, and what came since does no harm."""
    with tarfile.open(target, "w:gz", compresslevel=3) as archive:
        for name in KEPT:
            if (home / name).exists():
                _add(archive, home / name, name)


@contextmanager
def unpacked(source: Path, home: Path) -> Iterator[Path]:
    """Beside what is there, until all is ready; gone again where something fails."""
    draft = home / DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    try:
        with tarfile.open(source) as archive:
            archive.extraction_filter = getattr(tarfile, "data_filter", _as_it_is)  # Python 3.11.3 has none
            archive.extractall(draft, members=map(_ours, archive))  # noqa: S202 - each is looked at
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def put(draft: Path, home: Path) -> None:
    for name in KEPT:
        _remove(home / name)
        if (draft / name).exists():
            (draft / name).rename(home / name)
    shutil.rmtree(draft)


def holds(home: Path) -> list[str]:
    """What of a house is already there."""
    return [name for name in KEPT if (home / name).exists()]


def _ours(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing else, and nowhere else."""
    way = PurePosixPath(member.name).parts
    if way[0] not in KEPT or ".." in way or not (member.isfile() or member.isdir()):
        raise BadBackup(f"The files of this backup hold {member.name!r}, which is none of ours. Take another backup.")
    return member


def _as_it_is(member: tarfile.TarInfo, _: str) -> tarfile.TarInfo:
    return member


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """A file that goes away at this moment was no longer needed."""
    try:
        archive.add(path, name, recursive=False)
    except FileNotFoundError:
        return
    if path.is_dir():
        for each in sorted(path.iterdir()):
            _add(archive, each, f"{name}/{each.name}")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
