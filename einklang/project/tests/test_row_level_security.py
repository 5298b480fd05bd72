from __future__ import annotations

import subprocess
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import transaction
from psycopg.conninfo import conninfo_to_dict

from einklang.core.connection import cursor
from einklang.facts.people.models import Identifier, Person, TerritoryRep, User
from einklang.facts.people.viewer import seen_by
from einklang.loop.interactions import partitions
from einklang.project import embedded
from einklang.services.privacy import rights
from tests import cast


def psql(url: str, viewer: str, query: str) -> subprocess.CompletedProcess[str]:
    """A person at a terminal, as the role of the faces."""
    parts = conninfo_to_dict(url)
    settings = ["-c", "SET ROLE einklang_face", "-c", f"SET einklang.viewer = '{viewer}'"]
    now = ["-c", f"SET einklang.now = '{cast.NOW.isoformat()}'"]
    program = [str(embedded.binaries() / "psql"), "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
    where = ["-h", str(parts["host"]), "-U", str(parts["user"]), "-d", str(parts["dbname"])]
    return subprocess.run(
        [*program, *where, *settings, *now, "-c", query], capture_output=True, text=True, check=False, cwd="/"
    )


def names(url: str, viewer: str) -> set[str]:
    done = psql(url, viewer, "SELECT family_name FROM people_person")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_rep_sees_in_psql_the_persons_of_her_territory_only(fresh_db: str) -> None:
    cast.albrecht(), cast.lorenz(), cast.kern()
    assert names(fresh_db, f"rep:{cast.petersen().id}") == {"Albrecht", "Lorenz"}
    assert names(fresh_db, f"rep:{cast.adler().id}") == {"Kern"}


def test_who_is_nobody_sees_nobody(fresh_db: str) -> None:
    cast.albrecht()
    assert names(fresh_db, "") == set()
    assert names(fresh_db, f"rep:{cast.administrator().id}") == set()


def test_a_rep_whose_territory_has_ended_sees_nobody(fresh_db: str) -> None:
    cast.albrecht()
    rep = cast.petersen()
    TerritoryRep.objects.filter(user=rep).update(until=cast.NOW - timedelta(days=1))
    assert names(fresh_db, f"rep:{rep.id}") == set()


def test_a_person_sees_herself(fresh_db: str) -> None:
    cast.kern()
    assert names(fresh_db, f"person:{cast.albrecht().id}") == {"Albrecht"}


@pytest.mark.parametrize("table", ["people_identifier", "people_verification", "people_territoryperson"])
def test_what_belongs_to_a_person_is_hidden_with_her(fresh_db: str, table: str) -> None:
    cast.albrecht()
    count = f"SELECT count(*) FROM {table}"
    assert psql(fresh_db, f"rep:{cast.petersen().id}", count).stdout.strip() != "0"
    assert psql(fresh_db, f"rep:{cast.adler().id}", count).stdout.strip() == "0"


def test_logins_of_other_territories_are_hidden_and_those_of_staff_are_not(fresh_db: str) -> None:
    doctor = cast.login_of(cast.albrecht())
    seen = psql(fresh_db, f"rep:{cast.adler().id}", "SELECT email FROM people_user").stdout
    assert doctor.email not in seen
    assert cast.adler().email in seen


def test_a_rep_writes_no_person_of_another_territory(fresh_db: str) -> None:
    kern = cast.kern()
    viewer = f"rep:{cast.petersen().id}"
    assert psql(fresh_db, viewer, "UPDATE people_person SET phone = '0' RETURNING 1").stdout == ""
    moved = f"INSERT INTO people_identifier (person_id, system, value) VALUES ('{kern.id}', 'lanr', '1')"
    assert "row-level security" in psql(fresh_db, viewer, moved).stderr


def test_the_role_changes_no_table_and_no_policy(fresh_db: str) -> None:
    for command in ("ALTER TABLE people_person DISABLE ROW LEVEL SECURITY", "DROP POLICY seen ON people_person"):
        assert "must be owner" in psql(fresh_db, f"rep:{cast.petersen().id}", command).stderr


@pytest.mark.django_db
def test_a_view_of_a_rep_reads_with_her_eyes_and_the_connection_is_free_again_afterwards() -> None:
    cast.albrecht(), cast.kern()
    with seen_by(cursor(), "rep", cast.petersen().id, cast.NOW):
        assert [each.family_name for each in Person.objects.all()] == ["Albrecht"]
        assert {each.person_id for each in Identifier.objects.all()} == {cast.albrecht().id}
    assert Person.objects.count() == 2


@pytest.mark.django_db
def test_a_view_that_fails_leaves_no_eyes_behind() -> None:
    cast.albrecht()
    with pytest.raises(LookupError), seen_by(cursor(), "person", UUID(int=0), cast.NOW):
        assert not Person.objects.exists()
        raise LookupError
    assert Person.objects.exists()
    assert User.objects.model is User


def test_a_connection_that_cannot_leave_is_closed(fresh_db: str) -> None:
    with psycopg.connect(fresh_db) as connection:
        cur = connection.cursor()
        with pytest.raises(psycopg.errors.UndefinedColumn), seen_by(cur, "person", UUID(int=0), cast.NOW):
            cur.execute("SELECT nothing")
        assert connection.closed


LOG, MONTH = "interactions_log", "interactions_log_202611"


@pytest.mark.parametrize("table", [LOG, MONTH, "gate_verdict", "gate_facts", "gate_pack"])
@pytest.mark.parametrize(
    "change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}"]
)
def test_a_page_never_changes_what_is_written_once(fresh_db: str, table: str, change: str) -> None:
    partitions.ensure_ahead(cursor(), cast.NOW)
    column = {LOG: "person", MONTH: "person", "gate_verdict": "person", "gate_facts": "body"}.get(table, "name")
    done = psql(
        fresh_db, "", "SELECT set_config('einklang.erasing', 'on', false); " + change.format(table=table, column=column)
    )
    assert "permission denied" in done.stderr


def test_a_page_may_ask_what_an_erasure_would_do_and_keeps_its_eyes(fresh_db: str) -> None:
    doctor, _ = cast.albrecht(), cast.lorenz()
    with transaction.atomic():
        cast.allow(doctor, "tracking")
    cur = cursor()
    with seen_by(cur, "person", doctor.id, cast.NOW):
        outcomes = rights.rehearse(cur, person=doctor.id, now=cast.NOW)
        assert {each.record_class: each.result for each in outcomes}["golden_record"] == "ERASED"
        seen = cur.execute("SELECT id FROM people_person").fetchall()
        assert seen == [(doctor.id,)]
