"""A backup is taken from this test's database and looked at; whole houses are in test_drill.py."""

from __future__ import annotations

import tarfile
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from einklang.core import settings
from einklang.core.errors import Conflict, NotFound, SettingsError
from einklang.project import cli_backup, embedded
from einklang.project.backup import drill, home, manifest, programs, seal, take
from einklang.project.backup.errors import BadBackup, Failed
from einklang.project.backup.manifest import Manifest
from tests import cast

WORD = "a passphrase that is long enough"


def nobody_looks(_what: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture
def house(tmp_path: Path) -> Path:
    place = tmp_path / "home"
    (place / "files" / "content").mkdir(parents=True)
    (place / "files" / "content" / "a.pdf").write_bytes(b"%PDF")
    (place / "static").mkdir()
    (place / "secret_key").write_text("s" * 60)
    return place


def written(place: Path, day: int = 1) -> Path:
    """As `take` leaves it, without a database."""
    backup = place / f"einklang-202611{day:02}T000000Z"
    backup.mkdir(parents=True)
    for part in (manifest.DATABASE, manifest.FILES):
        (backup / part).write_text(part)
    Manifest(
        format=manifest.FORMAT, version="0.2.0", made_at=datetime(2026, 11, day, tzinfo=UTC), seconds=1.0, position=7,
        trail=3, migrations=["gate.0001_initial"], rows={"people_person": 1}, secret="", demo=False,
        parts={part: manifest.digest(backup / part) for part in (manifest.DATABASE, manifest.FILES)},
    ).write(backup)  # fmt: skip
    return backup


def test_a_backup_says_what_it_holds_and_has_no_key_in_it(fresh_db: str, house: Path, tmp_path: Path) -> None:
    cast.albrecht()
    place = tmp_path / "to"
    (place / f"{take.DRAFT}einklang-20200101T000000Z").mkdir(parents=True)  # died halfway
    done = take.take(fresh_db, house, place, nobody_looks)
    told = manifest.read(done.backup)
    assert told.rows["people_person"] == 1
    assert "django_session" not in told.rows
    assert done.keys_left_out == ("secret_key",)
    assert sorted(each.name for each in done.backup.iterdir()) == sorted([manifest.MANIFEST, *told.parts])
    assert all(each.stat().st_mode & 0o077 == 0 for each in (done.backup, *done.backup.iterdir()))
    assert [each for each in place.iterdir() if each.is_dir()] == [done.backup]
    manifest.check(done.backup, told)
    with home.unpacked(done.backup / manifest.FILES, tmp_path / "other") as draft:
        files = [str(each.relative_to(draft)) for each in draft.rglob("*") if each.is_file()]
    assert files == ["files/content/a.pdf"]
    home.put(draft, tmp_path / "other")
    assert (tmp_path / "other" / "files" / "content" / "a.pdf").read_bytes() == b"%PDF"
    assert not draft.exists()


def test_a_place_that_takes_no_backup_is_named_with_the_way_out(house: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(Failed, match=r"a file: .*\. Name another folder"):
        take.take("postgresql://nobody/none", house, tmp_path / "a file", nobody_looks)


def test_a_backup_that_was_damaged_or_cut_is_refused(tmp_path: Path) -> None:
    backup = written(tmp_path)
    told = manifest.read(backup)
    manifest.check(backup, told)
    (backup / manifest.DATABASE).write_bytes(b"PGDMP")
    with pytest.raises(BadBackup, match="not what was written then"):
        manifest.check(backup, told)
    (backup / manifest.DATABASE).unlink()
    with pytest.raises(BadBackup, match="is missing"):
        manifest.check(backup, told)
    (backup / manifest.MANIFEST).write_text("{")
    with pytest.raises(BadBackup, match="damaged"):
        manifest.read(backup)


def test_a_backup_of_a_version_to_come_is_refused_with_the_way_out(tmp_path: Path) -> None:
    backup = written(tmp_path)
    told = manifest.read(backup)
    manifest.check_version(backup, told, {"gate.0001_initial", "gate.0002_outbox"})
    with pytest.raises(BadBackup, match=r"gate.0001_initial is not known here.*Install that version"):
        manifest.check_version(backup, told, {"gate.0002_outbox"})
    (backup / manifest.MANIFEST).write_bytes(orjson.dumps({"format": 2, "version": "9.0"}))
    with pytest.raises(BadBackup, match="another version of Einklang"):
        manifest.read(backup)


def test_old_backups_go_and_the_newest_stays(tmp_path: Path) -> None:
    first, newest = written(tmp_path, 1), written(tmp_path, 2)
    assert take.forget(tmp_path, 30, datetime(2026, 11, 20, tzinfo=UTC)) == []
    assert take.forget(tmp_path, 30, datetime(2027, 1, 1, tzinfo=UTC)) == [first]
    assert manifest.every(tmp_path) == [newest]
    assert manifest.find(tmp_path) == manifest.find(newest / manifest.MANIFEST) == newest
    with pytest.raises(NotFound, match="There is no backup"):
        manifest.find(first)


def test_a_backup_that_nobody_can_read_is_listed_as_such_and_goes_in_its_time(tmp_path: Path) -> None:
    damaged, newest = written(tmp_path, 1), written(tmp_path, 2)
    (damaged / manifest.MANIFEST).write_text("{")
    told = CliRunner().invoke(cli_backup.backup, ["list", str(tmp_path)])
    assert [line.split()[5] for line in told.stdout.splitlines()] == ["unreadable", "not"]
    assert take.forget(tmp_path, 30, datetime(2027, 1, 1, tzinfo=UTC)) == [damaged]
    assert manifest.every(tmp_path) == [newest]


def test_two_at_once_do_not_mix(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOCK_SECONDS", 0.05)
    with embedded.locked(tmp_path / "backup.lock", "taken"), pytest.raises(Conflict, match="Another backup"):
        take.take("postgresql://nobody/none", house, tmp_path, nobody_looks)


def test_two_drills_do_not_share_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOCK_SECONDS", 0.05)
    backup = written(tmp_path)
    busy = embedded.locked(settings.get().home / "drill.lock", "taken")
    with busy, pytest.raises(Conflict, match="Another drill"):
        drill.drill(backup, nobody_looks)
    assert drill.result(backup) is None


@pytest.mark.slow
def test_a_backup_that_is_whole_and_yet_no_database_has_failed_its_drill(tmp_path: Path) -> None:
    backup = written(tmp_path)
    (fault,) = drill.drill(backup, nobody_looks).faults
    assert "pg_restore cannot read" in fault
    assert drill.result(backup)["faults"] == [fault]  # type: ignore[index]


@pytest.mark.parametrize("name", ["../company.json", "/packs/x", "secret_key", "packs/../../x"])
def test_files_go_nowhere_else(name: str, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / manifest.FILES, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(BadBackup, match="none of ours"), home.unpacked(tmp_path / manifest.FILES, tmp_path / "home"):
        pytest.fail("It was unpacked.")
    assert list((tmp_path / "home").iterdir()) == []


def test_keys_leave_the_home_only_sealed(house: Path) -> None:
    sealed = seal.close(house, WORD)
    assert b"ssss" not in sealed
    assert seal.open_(sealed, WORD) == {"secret_key": "s" * 60}
    with pytest.raises(BadBackup, match="does not open the keys"):
        seal.open_(sealed, WORD + "!")


def test_a_short_passphrase_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(seal.VARIABLE, "short")
    with pytest.raises(SettingsError, match="too short"):
        seal.passphrase()


def test_what_the_program_says_is_told_and_a_password_stands_in_no_command_line(tmp_path: Path) -> None:
    url = "postgresql://nobody:hidden@127.0.0.1:1/none"
    with pytest.raises(Failed, match="pg_dump gave up") as refused:
        programs.dump(url, tmp_path / "x", snapshot="1", without=[], tell=lambda _: None)
    assert "hidden" not in str(refused.value)
    assert manifest.of_secret("a" * 60) != manifest.of_secret(settings.get().secret_key)
