"""A version to come migrates the database while this one serves: nobody is turned away, and this one goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from django.db import transaction
from django.db.migrations.loader import MigrationLoader

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.loop.interactions import keys
from tests.shape.ahead import Migration, faults
from tests.shape.house import PACKAGE

pytestmark = pytest.mark.slow

EXPAND = [
    "ALTER TABLE interactions_log ADD COLUMN later text",
    "ALTER TABLE gate_message ADD COLUMN later text DEFAULT '' NOT NULL",
    "ALTER TABLE gate_message ADD CONSTRAINT later CHECK (later <> 'x') NOT VALID",
]
BESIDE = ["CREATE INDEX CONCURRENTLY gate_message_later ON gate_message (later)"]
VALIDATE = ["ALTER TABLE gate_message VALIDATE CONSTRAINT later"]
FILE = """
from django.db import migrations

class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("gate", "{after}")]
    operations = [migrations.RunSQL(each) for each in {statements}]
"""
DONE = """
SELECT indisvalid AND convalidated FROM pg_index, pg_constraint
WHERE indexrelid = 'gate_message_later'::regclass AND conname = 'later'
"""


def test_no_request_fails_while_the_next_version_migrates(fresh_db: str, server: str, tmp_path: Path) -> None:
    with transaction.atomic():
        key = keys.create(cursor(), "shop", server=True, now=clock.now())
    to_come = next_version(tmp_path)
    with traffic(server, key) as answers:
        with a_long_look(fresh_db) as over:
            migration = migrating(to_come, fresh_db)
            threading.Timer(4, over.set).start()
        assert migration.wait(120) == 0
        before = answers.total()
        while answers.total() < before + 50:  # this version goes on with the new schema
            over.wait(0.01)
    assert set(answers) == {200}
    with psycopg.connect(fresh_db) as db:
        assert db.execute(DONE).fetchone() == (True,)
        stood = db.execute(
            "SELECT count(*), count(DISTINCT source_id) FROM interactions_log WHERE source_id LIKE 'up-%'"
        )
        number, different = stood.fetchone() or (0, 0)
    assert number == different > 0


def next_version(place: Path) -> Path:
    """This one with three migrations more, which keep the rule."""
    statements = {"0901_expand": EXPAND, "0902_beside": BESIDE, "0903_validate": VALIDATE}
    assert [fault for name, each in statements.items() for fault in faults(Migration(name, each))] == []
    shutil.copytree(PACKAGE, place / "einklang", ignore=shutil.ignore_patterns("tests", "__pycache__", "static"))
    (after,) = (name for app, name in MigrationLoader(None).graph.leaf_nodes("gate") if app == "gate")
    for name, each in statements.items():
        file = place / "einklang" / "loop" / "gate" / "migrations" / f"{name}.py"
        file.write_text(FILE.format(atomic=each is not BESIDE, after=after, statements=each))
        after = name
    return place


def migrating(version: Path, url: str) -> subprocess.Popen[bytes]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("EINKLANG_", "DJANGO_"))}
    known = {"EINKLANG_DATABASE_URL": url, "EINKLANG_HOME": str(version / "home"), "PYTHONPATH": str(version)}
    command = [sys.executable, "-m", "einklang.project.cli", "migrate"]
    return subprocess.Popen(command, cwd=version, env=own | known)


@contextmanager
def a_long_look(url: str) -> Iterator[threading.Event]:
    """Somebody reads the log for seconds: whoever wants to change it must wait, and nobody behind him."""
    over = threading.Event()
    with psycopg.connect(url) as reader:
        reader.execute("SELECT count(*) FROM interactions_log")
        yield over
        over.wait(60)


@contextmanager
def traffic(url: str, key: str) -> Iterator[Counter[int]]:
    """Somebody's server tells events, and a load balancer looks; how often which answer came."""
    answers: Counter[int] = Counter()
    over = threading.Event()

    def tell() -> None:
        number = 0
        with httpx.Client(base_url=url, timeout=60) as client:
            while not over.wait(0.02):
                number += 1
                event = {"type": "track", "event": "Seen", "messageId": f"up-{number}", "anonymousId": "b"}
                answers[client.post("/v1/track", json=event, auth=(key, "")).status_code] += 1
                answers[client.get("/health/ready").status_code] += 1

    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield answers
    finally:
        over.set()
        thread.join()
