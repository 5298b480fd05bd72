from __future__ import annotations

import threading

import psycopg
import pytest

from einklang.core.errors import SettingsError
from einklang.project import schema

URL = "postgresql://einklang@/house?host=%2Ftmp%2Fx&options=-c%20role%3Downer"


def test_a_migration_waits_a_moment_for_a_lock_whatever_the_address_already_says() -> None:
    told = psycopg.conninfo.conninfo_to_dict(schema._with_option(URL, "-c lock_timeout=1s"))
    assert told["options"] == "-c role=owner -c lock_timeout=1s"
    assert (told["host"], told["dbname"], told["user"]) == ("/tmp/x", "house", "einklang")


def test_it_comes_again_until_the_lock_is_free_and_drops_what_was_not_finished(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    def migrate(*_: str, **env: str) -> None:
        """Django's, as far as this house is concerned: it fails, or its statements run."""
        tries.append(env["EINKLANG_DATABASE_URL"])
        with psycopg.connect(env["EINKLANG_DATABASE_URL"], autocommit=True) as own:
            try:
                own.execute("CREATE INDEX CONCURRENTLY people_person_new ON people_person (created_at)")
            except psycopg.errors.LockNotAvailable as error:
                lock.rollback()
                raise SettingsError(f"`django migrate` failed: {error}") from error

    monkeypatch.setattr(schema, "_manage", migrate)
    monkeypatch.setattr(schema, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(schema, "PAUSES", (0.01,) * 3)
    with psycopg.connect(fresh_db) as lock:
        lock.execute("UPDATE people_person SET title = title")
        lock.execute("LOCK TABLE people_person IN ROW EXCLUSIVE MODE")
        schema.migrate(fresh_db)
    assert len(tries) == 2
    with psycopg.connect(fresh_db) as db:
        valid = db.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'people_person_new'::regclass")
        assert valid.fetchall() == [(True,)]
    schema.migrate(fresh_db)
    assert len(tries) == 2  # this version is marked


def test_any_other_fault_is_told_at_once(fresh_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def migrate(*_: str, **_env: str) -> None:
        raise SettingsError("`django migrate` failed: no such column")

    monkeypatch.setattr(schema, "_manage", migrate)
    with pytest.raises(SettingsError, match="no such column"):
        schema.migrate(fresh_db)


def test_two_that_start_at_once_migrate_one_after_the_other(fresh_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []
    monkeypatch.setattr(schema, "_manage", lambda *_, **env: tries.append(env["EINKLANG_DATABASE_URL"]))
    with psycopg.connect(fresh_db, autocommit=True) as backup:
        backup.execute("SELECT pg_advisory_lock_shared(%s)", (schema.ADVISORY_LOCK,))
        hosts = [threading.Thread(target=schema.migrate, args=(fresh_db,)) for _ in range(2)]
        for host in hosts:
            host.start()
        hosts[0].join(0.1)
        assert tries == []
    for host in hosts:
        host.join()
    assert len(tries) == 1
