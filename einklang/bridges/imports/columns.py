"""Which column is which field: refused columns, suggestions, and what an earlier file taught."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from psycopg.types.json import Jsonb

from einklang.bridges.imports.kind import Kind
from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import names

REFUSED = Path(__file__).with_name("columns.yaml")
REMEMBER = """
INSERT INTO imports_mapping (kind, columns_sha256, mapping) VALUES (%s, %s, %s)
ON CONFLICT (kind, columns_sha256) DO UPDATE SET mapping = excluded.mapping
"""
REMEMBERED = "SELECT mapping FROM imports_mapping WHERE kind = %s AND columns_sha256 = %s"

TWICE = Words("Diese Angabe ist zwei Spalten zugeordnet.", "This entry has two columns.")
ONE_ONLY = Words("Bitte wählen Sie eine davon.", "Please choose one of them.")
MISSING = Words("Ohne diese Angabe geht es nicht.", "This entry is required.")
CHOOSE = Words("Bitte wählen Sie die Spalte, in der sie steht.", "Please choose the column in which it stands.")

Assigned = dict[str, str]  # column → field


@dataclass(frozen=True)
class Refusal:
    rule: str
    words: tuple[str, ...]
    text: Words
    way_out: Words


def check(columns: Sequence[str]) -> None:
    """Some data must not even be uploaded."""
    for column in columns:
        plain = f" {_plain(column)} "
        for refusal in _refusals():
            if any(f" {_plain(word)} " in plain for word in refusal.words):
                raise InputError(
                    "file",
                    Words(
                        f"Spalte „{column}“: {refusal.text.de} {refusal.rule}",
                        f"Column “{column}”: {refusal.text.en} {refusal.rule}",
                    ),
                    refusal.way_out,
                )


def suggest(kind: Kind, columns: Sequence[str]) -> Assigned:
    """Column → field, by the names that each field goes by; the first column that fits wins."""
    spelled = {
        _plain(word): field.name
        for field in reversed(kind.fields)
        for word in (field.name, *field.label, *field.synonyms)
    }
    exact = {_plain(word): field.name for field in kind.fields for word in (field.name, *field.label)}
    found: Assigned = {}
    for known in (exact, spelled):
        for column in columns:
            field = known.get(_plain(column))
            if field and column not in found and field not in found.values():
                found[column] = field
    return found


def remembered(cur: Cursor, kind: Kind, columns: Sequence[str]) -> Assigned | None:
    row = cur.execute(REMEMBERED, (kind.name, _digest(columns))).fetchone()
    return (
        {column: field for column, field in row[0].items() if column in columns and kind.field(field)} if row else None
    )


def remember(cur: Cursor, kind: Kind, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
    cur.execute(REMEMBER, (kind.name, _digest(columns), Jsonb(dict(mapping))))


def complete(kind: Kind, mapping: Mapping[str, str]) -> None:
    """Raises where a required field has no column, or a field has two."""
    mapped = list(mapping.values())
    for field in kind.fields:
        if mapped.count(field.name) > 1:
            raise InputError(field.name, TWICE, ONE_ONLY)
        if field.required and field.name not in mapped:
            raise InputError(field.name, MISSING, CHOOSE)


@cache
def _refusals() -> tuple[Refusal, ...]:
    listed: list[dict[str, Any]] = yaml.safe_load(REFUSED.read_text(encoding="utf-8"))
    return tuple(
        Refusal(
            each["rule"],
            tuple(each["words"]),
            Words(each["de"], each["en"]),
            Words(each["way_out_de"], each["way_out_en"]),
        )
        for each in listed
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9§]+", " ", names.fold(text)).split())


def _digest(columns: Sequence[str]) -> str:
    return ids.digest("\0".join(sorted(map(_plain, columns))).encode())
