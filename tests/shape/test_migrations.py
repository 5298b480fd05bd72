"""Old code works on the new schema, and no migration stops the traffic: expand, migrate, contract (0019)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import Migration as DjangoMigration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython

from tests.shape.ahead import Migration, faults
from tests.shape.house import ROOT

LANDED = ROOT / "tests" / "shape" / "migrations_before_0019.txt"
RELEASED = re.compile(r"^## (\d+\.\d+\.\d+)(?! \(unreleased\))\b", re.MULTILINE)

HARMLESS = [
    'CREATE TABLE "gate_x" ("id" uuid NOT NULL PRIMARY KEY)',
    'CREATE TABLE gate_x (id int); CREATE INDEX i ON gate_x (id); ALTER TABLE gate_x ALTER COLUMN id SET NOT NULL',
    'ALTER TABLE "gate_message" ADD COLUMN "note" text NULL',
    'ALTER TABLE "gate_message" ADD COLUMN "note" text DEFAULT \'\' NOT NULL',
    'ALTER TABLE "gate_message" ADD CONSTRAINT "c" CHECK (note <> \'\') NOT VALID',
    'ALTER TABLE "gate_message" ADD CONSTRAINT "u" UNIQUE USING INDEX gate_message_note',
    'ALTER TABLE "gate_message" DROP CONSTRAINT "c"',
    'ALTER TABLE "gate_message" ALTER COLUMN "note" DROP NOT NULL',
    'ALTER TABLE "gate_message" VALIDATE CONSTRAINT "c"',
    'CREATE INDEX CONCURRENTLY "i" ON "gate_message" ("note")',
    "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS $$ UPDATE gate_message SET note = '' $$",
    "COMMENT ON TABLE gate_message IS 'ALTER TABLE is a word here'",
    "DROP INDEX CONCURRENTLY i",
]  # fmt: skip
HARMFUL = {
    'ALTER TABLE "gate_message" RENAME COLUMN "detail" TO "note"': "old name",
    'ALTER TABLE "gate_message" RENAME TO "gate_mail"': "old name",
    'ALTER TABLE "gate_message" DROP COLUMN "detail" CASCADE': "reads it",
    "ALTER TABLE gate_message ALTER COLUMN detail SET NOT NULL": "NOT VALID, then VALIDATE",
    'ALTER TABLE "gate_message" ALTER COLUMN "detail" TYPE varchar(9) USING "detail"::varchar(9)': "new type",
    'ALTER TABLE "gate_message" ALTER COLUMN "note" DROP DEFAULT': "db_default",
    'ALTER TABLE "gate_message" ADD COLUMN "note" text NOT NULL': "allow NULL",
    'ALTER TABLE "gate_message" ADD COLUMN "u" uuid DEFAULT gen_random_uuid() NOT NULL': "in batches",
    'ALTER TABLE "gate_message" ADD COLUMN "u" int GENERATED ALWAYS AS (attempts + 1) STORED': "in batches",
    'ALTER TABLE "gate_message" ADD COLUMN "p" uuid NULL CONSTRAINT "f" REFERENCES "people_person"("id")': "NOT VALID",
    'ALTER TABLE "gate_message" ADD COLUMN "p" uuid NULL UNIQUE': "CONCURRENTLY",
    'ALTER TABLE "gate_message" ADD CONSTRAINT "u" UNIQUE ("note")': "USING INDEX",
    'ALTER TABLE "gate_message" ADD CONSTRAINT "c" CHECK (note <> \'\')': "NOT VALID",
    'ALTER TABLE "gate_message" ADD CONSTRAINT "f" FOREIGN KEY ("p") REFERENCES "people_person" ("id")': "NOT VALID",
    'CREATE INDEX "i" ON "gate_message" ("note")': "AddIndexConcurrently",
    'CREATE UNIQUE INDEX "i" ON "gate_message" ("note")': "AddIndexConcurrently",
    "UPDATE gate_message SET note = ''": "in batches",
    "DELETE FROM gate_message": "in batches",
    "DROP TABLE gate_message": "a release later",
    "LOCK TABLE gate_message": "uses it",
    "DROP INDEX gate_message_note": "CONCURRENTLY",
    "ALTER TABLE gate_message SET UNLOGGED": "anew",
}


@pytest.mark.parametrize("statement", HARMLESS)
def test_what_only_adds_passes(statement: str) -> None:
    assert faults(Migration("gate.0099", [statement])) == []


@pytest.mark.parametrize(("statement", "way_out"), HARMFUL.items())
def test_what_stops_the_traffic_or_the_release_before_is_refused_with_the_way_out(statement: str, way_out: str) -> None:
    (fault, *_) = faults(Migration("gate.0099", [statement]))
    assert fault.startswith("gate.0099")
    assert way_out in fault


def test_a_later_release_may_take_away_what_nobody_reads_any_more() -> None:
    drop = ['ALTER TABLE "gate_message" DROP COLUMN "detail" CASCADE', "DROP TABLE gate_old"]
    assert len(faults(Migration("gate.0099", drop))) == 2
    assert faults(Migration("gate.0099", drop, contracts="0.2.0")) == []
    strict = ['ALTER TABLE "gate_message" ALTER COLUMN "a" SET NOT NULL']
    assert faults(Migration("gate.0099", strict, contracts="0.2.0"))


def test_a_constraint_is_validated_in_a_transaction_of_its_own() -> None:
    both = ["ALTER TABLE g ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "ALTER TABLE g VALIDATE CONSTRAINT c"]
    assert "two migrations" in faults(Migration("gate.0099", both))[0]
    assert faults(Migration("gate.0099", both, atomic=False)) == []


def test_rows_and_structure_do_not_share_a_transaction() -> None:
    column = ["ALTER TABLE g ADD COLUMN a int NULL"]
    assert "Two migrations" in faults(Migration("gate.0099", column, code=True))[0]
    assert faults(Migration("gate.0099", [], code=True)) == []


@pytest.mark.django_db
def test_every_migration_since_the_rule_keeps_it() -> None:
    assert [fault for each in _told() for fault in faults(each)] == []


def test_what_a_migration_takes_away_was_last_read_by_a_release_that_is_out() -> None:
    out = set(RELEASED.findall((ROOT / "CHANGELOG.md").read_text()))
    named = [(name, told) for name, each in _since().items() if (told := getattr(each, "contracts", ""))]
    assert [name for name, release in named if release not in out] == []


def test_the_list_of_what_landed_before_the_rule_names_what_is_there() -> None:
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    assert set(LANDED.read_text().split()) - known == set()


def _since() -> dict[str, DjangoMigration]:
    """Ours, by name, that landed after the rule."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("einklang.")}
    landed = set(LANDED.read_text().split())
    disk = sorted(MigrationLoader(None).disk_migrations.items())
    named = {".".join(key): migration for key, migration in disk if key[0] in ours}
    return {name: migration for name, migration in named.items() if name not in landed}


def _told() -> Iterator[Migration]:
    """As the database would be told."""
    loader = MigrationLoader(None)
    for name, migration in _since().items():
        state = loader.project_state((migration.app_label, migration.name), at_end=False)
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            migration.apply(state, editor, collect_sql=True)
        code = any(isinstance(each, RunPython) for each in migration.operations)
        contracts = str(getattr(migration, "contracts", ""))
        yield Migration(name, editor.collected_sql, atomic=migration.atomic, code=code, contracts=contracts)
