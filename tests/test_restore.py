"""The drill: a house with traffic is backed up while it works, lost with its disk, and restored elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from einklang.project.backup import register
from tests.playing import einklang, empty_home, environment, told
from tests.test_kills import (
    BEFORE_THE_MAIL,
    DOCTOR,
    HAPPENED,
    House,
    all_steps,
    demo_world,
    happened,
    one,
    playing,
    until,
    up,
)

pytestmark = pytest.mark.slow

AHEAD = 1_000_000_000
SEALED = {"EINKLANG_BACKUP_KEY": "only for tests, but long enough"}
OTHERS = "SELECT id FROM people_person WHERE email <> '' AND id <> '{}' ORDER BY id LIMIT 2"
OFFSET = "SELECT offset_us FROM core_clock"
LEFT_BEHIND = "SELECT count(*) FROM interactions_checkpoint WHERE pos < (SELECT max(pos) FROM interactions_log)"


def test_a_house_that_was_lost_comes_back_and_does_nothing_twice() -> None:
    with demo_world() as lost, empty_home() as home:
        with up(lost) as house:
            told_to_us, doctor, erased, withdrew, backup, before = a_day(house)
            house.kill_everything()
        shutil.rmtree((lost / "postgres").resolve())
        (settled,) = told(home, "restore", str(backup), "--json", **SEALED)
        assert settled["promises"] == "register"
        assert (settled["settled"]["erased"], settled["settled"]["ended"]) == (1, 1)
        assert settled["settled"]["uncertain"] >= 1
        with up(home) as house, psycopg.connect(house.database_url, autocommit=True) as db:
            nothing_leaves_twice(house, db, doctor)
            every_event_stands_once(house, db, told_to_us, before)
            what_people_ended_stays_ended(db, erased, withdrew)
            people_decide(house, db, doctor)
            assert einklang(home, "consent", "verify").returncode == 0
            told(home, "backup", "--json", **SEALED)
            (drilled,) = told(home, "backup", "drill", "--json")
            assert drilled["faults"] == []


def test_a_house_that_is_there_is_replaced_only_when_told_and_what_people_ended_is_read_from_it() -> None:
    with empty_home() as home:
        refused = einklang(home, "backup")
        assert (refused.returncode, "no house" in refused.stderr) == (1, True)
        assert einklang(home, "migrate").returncode == 0
        told(home, "write-key", "create", "before", "--json")
        (taken,) = told(home, "backup", "--json")
        assert taken["keys_left_out"] == ["secret_key"]
        told(home, "write-key", "create", "since", "--json")
        refused = einklang(home, "restore", taken["backup"])
        assert (refused.returncode, "--yes" in refused.stderr) == (1, True)
        foreign = einklang(home, "restore", taken["backup"], "--yes", EINKLANG_SECRET_KEY="another key" * 6)
        assert (foreign.returncode, "another EINKLANG_SECRET_KEY" in foreign.stderr) == (1, True)
        assert names(home) == ["before", "since"]
        first, second = (restored(home, taken["backup"]) for _ in range(2))
        assert names(home) == ["before"]
        assert (first["promises"], second["settled"]["position"]) == ("house", first["settled"]["position"] + AHEAD)


def names(home: Path) -> list[str]:
    return sorted(each["name"] for each in told(home, "write-key", "list", "--json"))


def restored(home: Path, backup: str) -> dict[str, Any]:
    (done,) = told(home, "restore", backup, "--yes", "--json")
    return done


def a_day(house: House) -> tuple[list[str], str, str, str, Path, int]:
    """The story goes on during and after the backup; then one is erased and one withdraws."""
    with psycopg.connect(house.database_url, autocommit=True) as db:
        doctor = str(one(db, DOCTOR))
        with events(house) as told_to_us, playing(house) as player:
            until(lambda: happened(db, BEFORE_THE_MAIL[2].format(doctor), player))
            backup = backed_up_before_the_mail(house, db)
            all_steps(player)
        before = int(one(db, "SELECT max(pos) FROM interactions_log"))
        assert one(db, f"SELECT array_agg(state) FROM gate_message WHERE recipient = '{doctor}'") == ["sent"]
        erased, withdrew = (str(each) for (each,) in db.execute(OTHERS.format(doctor)).fetchall())
        told(house.home, "person", "erase", erased, "--json")
        withdraw(house, withdrew)
        place = house.home / "backups" / register.NAME
        until(lambda: place.exists() and erased in place.read_text() and withdrew in place.read_text())
    return told_to_us, doctor, erased, withdrew, backup, before


def backed_up_before_the_mail(house: House, db: psycopg.Connection[Any]) -> Path:
    """The mail waits for the morning, and for us when morning has come: that it left is not in the backup."""
    with psycopg.connect(house.database_url) as lock:
        lock.execute("LOCK TABLE gate_message IN SHARE MODE")
        moved = one(db, OFFSET)
        until(lambda: one(db, OFFSET) > moved)
        (taken,) = told(house.home, "backup", "--json", **SEALED)
    return Path(taken["backup"])


@contextmanager
def events(house: House) -> Iterator[list[str]]:
    """Somebody's server tells what happens, all the time. What was acknowledged is in the list."""
    (key,) = told(house.home, "write-key", "create", "shop", "--server", "--json")
    acknowledged, over = [key["write_key"]], threading.Event()

    def tell() -> None:
        number = 0
        while not over.wait(0.01):
            number += 1
            if track(house, key["write_key"], f"event-{number}"):
                acknowledged.append(f"event-{number}")

    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield acknowledged
    finally:
        over.set()
        thread.join()


def track(house: House, key: str, message: str) -> bool:
    event = {"event": "Content Viewed", "messageId": message, "anonymousId": "browser", "type": "track"}
    with suppress(httpx.TransportError):
        return httpx.post(f"{house.url}/v1/track", json=event, auth=(key, "")).is_success
    return False


def withdraw(house: House, person: str) -> None:
    """As the portal does it, in a process of its own."""
    text = (
        "import django, uuid; django.setup()\n"
        "from django.db import transaction\n"
        "from einklang.core import clock\n"
        "from einklang.core.connection import cursor\n"
        "from einklang.services.privacy import acts\n"
        "with transaction.atomic():\n"
        f"    who = uuid.UUID('{person}')\n"
        "    acts.object_to(cursor(), person=who, permission='visit', evidence={}, now=clock.now())\n"
    )
    known = {"EINKLANG_DATABASE_URL": house.database_url, "DJANGO_SETTINGS_MODULE": "einklang.project.settings"}
    subprocess.run([sys.executable, "-c", text], env=environment(house.home, **known), check=True)


def nothing_leaves_twice(house: House, db: psycopg.Connection[Any], doctor: str) -> None:
    until(lambda: one(db, LEFT_BEHIND) == 0)
    states = one(db, f"SELECT array_agg(state) FROM gate_message WHERE recipient = '{doctor}'")
    assert states == ["uncertain"]
    assert list((house.home / "inbox").glob("*.eml")) == []


def every_event_stands_once(house: House, db: psycopg.Connection[Any], told_to_us: list[str], before: int) -> None:
    """The client tells all of it again: what the backup knows is known, what came later is new."""
    key, *messages = told_to_us
    number = "SELECT count(*) FROM interactions_log WHERE source_id LIKE 'event-%' AND source <> 'demo'"
    kept = int(one(db, number))
    assert 0 < kept < len(messages)
    for message in messages:
        assert track(house, key, message)
    until(lambda: one(db, number) >= len(messages))
    assert one(db, number) == one(db, number.replace("count(*)", "count(DISTINCT source_id)")) == len(messages)
    assert one(db, f"{number} AND pos > {before + AHEAD / 2}") == len(messages) - kept
    until(lambda: one(db, LEFT_BEHIND) == 0)


def what_people_ended_stays_ended(db: psycopg.Connection[Any], erased: str, withdrew: str) -> None:
    assert one(db, f"SELECT count(*) FROM people_person WHERE id = '{erased}'") == 0
    state = "SELECT state FROM consent_current WHERE person = '{}' AND permission = 'visit'"
    assert one(db, state.format(withdrew)) == "objected"


def people_decide(house: House, db: psycopg.Connection[Any], doctor: str) -> None:
    """Released by hand it goes, once, and the story has gone on."""
    db.execute(f"UPDATE gate_message SET state = 'planned' WHERE recipient = '{doctor}' AND state = 'uncertain'")
    until(lambda: list((house.home / "inbox").glob("*.eml")))
    until(lambda: happened_already(db, HAPPENED.format("email.sent", doctor)))
    assert len(list((house.home / "inbox").glob("*.eml"))) == 1


def happened_already(db: psycopg.Connection[Any], what: str) -> bool:
    return bool(one(db, f"SELECT EXISTS ({what})"))
