"""Whoever played the whole story and was erased is nowhere any more, but where a rule keeps her."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from einklang.project import embedded
from tests.playing import einklang, empty_home, environment, play, told

# Where something of an erased person may stay, and the rule because of which it does.
KEPT = {
    "orders_order": "DE-SAM-12",
    "orders_shipment": "DE-SAM-12",
    "consent_evidence": "DE-CON-06",
    "inquiries_safetyreport": "PV-10",
    "gate_message": "PV-10",  # only what went to the safety mailbox
}
# Where her id may stand, which names nobody: in what is kept, and in what says that she was erased.
MARKED = KEPT | {
    "consent_entry": "DE-CON-06",
    "consent_head": "DE-CON-06",
    "consent_current": "DE-CON-06",
    "gate_verdict": "DE-SAM-12",
    "gate_facts": "DE-SAM-12",
    "people_suppressed": "EU-DP-08",
    "privacy_request": "AUR-RET-05",
    "audit_entry": "GXP-01",
    "backups/promises.jsonl": "AUR-RET-07",
}


@pytest.mark.slow
def test_nothing_of_an_erased_person_is_left_but_what_a_rule_keeps() -> None:
    with empty_home() as home:
        person = str(play(home)[0]["person"])
        with embedded.running(home) as url:
            lived = living(home, url, person)
            needles = [str(each) for each in lived["gone"]]
            assert all(places(url, home, needle) for needle in needles), "each of them is found while she is there"
            outcomes = told(home, "person", "erase", person, "--json", EINKLANG_DATABASE_URL=url)
            found = {needle: places(url, home, needle) - KEPT.keys() for needle in needles}
            assert {needle: left for needle, left in found.items() if left} == {}
            assert places(url, home, person) | places(url, home, str(lived["login"])) <= MARKED.keys()
            reported = places(url, home, str(lived["reported"])) - {"inquiries_safetyreport", "gate_message"}
            assert all(place.startswith("inbox/") for place in reported), "the safety mailbox has its mail (PV-10)"
            assert {each["basis"] for each in outcomes if each["result"] != "ERASED"} <= set(MARKED.values())
            assert "unbroken" in einklang(home, "consent", "verify", EINKLANG_DATABASE_URL=url).stdout
            assert messages_left(url, person) == 0


def living(home: Path, url: str, person: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.living", person],
        env=environment(home, EINKLANG_DATABASE_URL=url),
        capture_output=True,
        text=True,
        check=True,
    )
    lived: dict[str, Any] = json.loads(done.stdout)
    return lived


def places(url: str, home: Path, needle: str) -> set[str]:
    """Tables and files in which it occurs."""
    with psycopg.connect(url) as connection:
        tables = {name for name, content in rows(connection) if contains(content, needle)}
    return tables | {str(file.relative_to(home)) for file in files(home) if contains(file.read_text("latin-1"), needle)}


def rows(connection: psycopg.Connection[Any]) -> Iterator[tuple[str, str]]:
    """Every row of every table as text, with what is packed in it unpacked."""
    names = connection.execute(
        "SELECT c.oid::regclass::text, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND n.nspname = 'public'"
    ).fetchall()
    for _, table in names:
        for (row,) in connection.execute(sql.SQL("SELECT to_jsonb(t) FROM {} AS t").format(sql.Identifier(table))):
            yield table, json.dumps(row, ensure_ascii=False) + "".join(unpacked(row))


def unpacked(row: dict[str, Any]) -> Iterator[str]:
    """Bytes, and the data of sessions, which Django packs and signs."""
    for value in row.values():
        if isinstance(value, str) and value.startswith("\\x"):
            yield bytes.fromhex(value[2:]).decode("latin-1")
    packed = row.get("session_data")
    if isinstance(packed, str):
        yield session(packed.rsplit(":", 2)[0])


def session(packed: str) -> str:
    compressed, body = packed.startswith("."), packed.lstrip(".")
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    return (zlib.decompress(raw) if compressed else raw).decode()


def files(home: Path) -> Iterator[Path]:
    """All but the pages of the database, which were read as rows, and what ships with the product."""
    database, shipped = (home / "postgres").resolve(), home / "static"
    for file in home.rglob("*"):
        inside = file.resolve()
        if file.is_file() and not inside.is_relative_to(database) and not file.is_relative_to(shipped):
            yield file


def contains(content: str, needle: str) -> bool:
    return needle.lower() in content.lower()


def messages_left(url: str, person: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM gate_message WHERE recipient = %s", (person,)).fetchone()
    return int(row[0]) if row else 0
