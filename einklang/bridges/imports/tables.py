"""This room's own tables in bulk."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from einklang.core.pg import Cursor
from einklang.facts.people.rows import Record, Stage, Table

REFUSAL = Table(
    "imports_refusal",
    {
        "batch_id": "uuid",
        "position": "int",
        "row": "int",
        "field": "text",
        "rule": "jsonb",
        "way_out": "jsonb",
        "warning": "boolean",
    },
    counted=True,
)
CHANGE = Table(
    "imports_change",
    {"batch_id": "uuid", "row": "int", "subject": "uuid", "result": "text", "before": "jsonb", "after": "jsonb"},
    counted=True,
)
REFERENCE = Table(
    "imports_reference",
    {"namespace": "text", "value": "text", "subject": "uuid", "moment": "timestamptz"},
    counted=True,
)


def references(cur: Cursor, names: Iterable[tuple[str, str]]) -> Stage:
    """By namespace and value."""
    return Stage(REFERENCE, reference_key, REFERENCE.find(cur, ("namespace", "value"), names))


def reference_key(row: Record) -> Hashable:
    return row["namespace"], row["value"]
