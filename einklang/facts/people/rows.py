"""Whole batches of rows in one statement each: how an import reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from psycopg.types.json import Jsonb

from einklang.core.pg import Cursor

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` with their types, without an `id` where the database counts it (`counted`)."""

    name: str
    columns: Mapping[str, str]
    counted: bool = False
    key: str = "id"

    def find(self, cur: Cursor, by: Sequence[str], keys: Iterable[Sequence[Any]]) -> list[Record]:
        """The rows whose columns `by` equal one of the keys."""
        wanted = [dict(zip(by, key, strict=True)) for key in dict.fromkeys(map(tuple, keys))]
        if not wanted:
            return []
        names = (*(("id",) if self.counted else ()), *self.columns)
        listed = ", ".join(f"t.{name}" for name in names)
        same = " AND ".join(f"t.{name} = k.{name}" for name in by)
        rows = cur.execute(f"SELECT {listed} FROM {self.name} t JOIN {self._given(by, 'k')} ON {same}", _json(wanted))
        return [dict(zip(names, row, strict=True)) for row in rows]

    def add(self, cur: Cursor, rows: Sequence[Record]) -> None:
        """What another transaction has added meanwhile stays as it is."""
        if rows:
            names = ", ".join(self.columns)
            given = self._given(tuple(self.columns), "n")
            cur.execute(
                f"INSERT INTO {self.name} ({names}) SELECT {names} FROM {given} ON CONFLICT DO NOTHING", _json(rows)
            )

    def change(self, cur: Cursor, rows: Sequence[Record]) -> None:
        if rows:
            names = [name for name in self.columns if name != self.key]
            assigned = ", ".join(f"{name} = n.{name}" for name in names)
            given = self._given((self.key, *names), "n")
            cur.execute(
                f"UPDATE {self.name} t SET {assigned} FROM {given} WHERE t.{self.key} = n.{self.key}", _json(rows)
            )

    def _given(self, names: Sequence[str], alias: str) -> str:
        typed = ", ".join(f"{name} {self.columns.get(name, 'bigint')}" for name in names)
        return f"jsonb_to_recordset(%s) AS {alias} ({typed})"


class Difference(NamedTuple):
    before: Record
    after: Record


class Stage:
    """What a table holds about the rows at hand, and what shall become of it: written at once, at the end."""

    def __init__(self, table: Table, key: Callable[[Record], Hashable], rows: Iterable[Record] = ()) -> None:
        self.table = table
        self.rows: dict[Hashable, Record] = {key(row): row for row in rows}
        self.new: dict[Hashable, None] = {}
        self.changed: dict[Hashable, None] = {}

    def get(self, key: Hashable) -> Record | None:
        return self.rows.get(key)

    def put(self, key: Hashable, values: Record, defaults: Record | None = None) -> Difference:
        """`values` win over what is there; `defaults` only fill a new row."""
        row = self.rows.get(key)
        if row is None:
            self.rows[key] = {**(defaults or {}), **values}
            self.new[key] = None
            return Difference({}, values)
        after = {name: value for name, value in values.items() if row[name] != value}
        before = {name: row[name] for name in after}
        row.update(after)
        if after and key not in self.new:
            self.changed[key] = None
        return Difference(before, after)

    def write(self, cur: Cursor) -> None:
        self.table.add(cur, [self.rows[key] for key in self.new])
        self.table.change(cur, [self.rows[key] for key in self.changed])


def _json(rows: Sequence[Record]) -> tuple[Jsonb]:
    return (Jsonb(rows, dumps=orjson.dumps),)
