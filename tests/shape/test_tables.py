"""Who owns which table, and who may point at whom."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.apps import AppConfig, apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation

from tests.shape.house import PACKAGE, place, sources, tree

LAYERS = (
    ("core",),
    ("ui",),
    ("audit",),
    ("people",),
    ("products",),
    ("consent", "content"),
    ("interactions",),
    ("visit", "profiles"),
    ("gate",),
    ("decide",),
    ("orders", "privacy", "inquiries", "approval", "tokens"),
    ("planning", "imports"),
    ("portal", "desk", "studio", "api", "rest", "login"),
    ("project",),
)
AFTER_A_COMMA = re.compile(r",\s*([a-z]+)_[a-z_]+\b(?!\s*[(.])")
LIST_OF_TABLES = re.compile(r"\bFROM\s+([a-zA-Z_, \n]+?)(?:\bWHERE\b|\bORDER\b|\bGROUP\b|$)")
LEVEL = {label: level for level, labels in enumerate(LAYERS) for label in labels}
RELATION = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ONLY|COPY|REFERENCES|ON)\s+\"?([a-z]+)_[a-z_]+", re.IGNORECASE)


def test_every_room_with_tables_is_placed_and_named_after_its_folder() -> None:
    assert {config.label for config in _ours()} <= LEVEL.keys()
    assert [config.name for config in _ours() if config.label != config.name.rpartition(".")[2]] == []


def test_every_table_carries_the_name_of_its_room() -> None:
    ours = [model for config in _ours() for model in config.get_models()]
    assert [m._meta.db_table for m in ours if not m._meta.db_table.startswith(f"{m._meta.app_label}_")] == []


def test_no_sql_names_a_table_of_another_room() -> None:
    foreign = [
        f"{place(file, line)} {label}"
        for file, line, text in _strings()
        for label in _tables(text)
        if label in LEVEL and label != _label(file)
    ]
    assert foreign == []


def test_a_table_after_a_comma_is_seen_as_well() -> None:
    assert _tables("SELECT 1 FROM gate_message AS m, people_person AS p WHERE m.id = p.id") == ["gate", "people"]


def test_foreign_keys_across_rooms_point_down_and_leave_no_trace_above() -> None:
    links = [link for link in _links() if link.target in LEVEL and link.target != link.room]
    assert [link for link in links if LEVEL[link.target] >= LEVEL[link.room] or link.related_name != "+"] == []


def test_migrations_are_what_the_models_say() -> None:
    loader = MigrationLoader(None)
    questioner = NonInteractiveMigrationQuestioner(dry_run=True)
    with translation.override(None):
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
        changes = detector.changes(graph=loader.graph)
    ours = {room: changed for room, changed in changes.items() if room in LEVEL}
    assert {room: [str(migration.operations) for migration in changed] for room, changed in ours.items()} == {}


def _tables(text: str) -> list[str]:
    """The rooms whose tables a statement names."""
    return RELATION.findall(text) + [
        room for tables in LIST_OF_TABLES.findall(text) for room in AFTER_A_COMMA.findall(tables)
    ]


def _ours() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if config.name.startswith("einklang.")]


class Link(NamedTuple):
    room: str
    field: str
    target: str
    related_name: str | None


def _links() -> Iterator[Link]:
    for config in _ours():
        for model in config.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, models.ForeignKey):
                    target = field.remote_field.model._meta.app_label
                    yield Link(config.label, str(field), target, field.remote_field.related_name)


def _label(file: Path) -> str:
    """The room a file belongs to: the deepest folder that is one."""
    rooms = [part for part in file.relative_to(PACKAGE).parts if part in LEVEL]
    return rooms[-1] if rooms else ""


def _strings() -> Iterator[tuple[Path, int, str]]:
    for file in sources():
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield file, node.lineno, node.value
