"""Cells become values, or the reasons why not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from einklang.bridges.imports import files
from einklang.bridges.imports.kind import Kind, Row
from einklang.core.errors import InputError
from einklang.core.words import Words

TOO_MANY = InputError(
    "",
    Words("Die Zeile hat mehr Spalten als die Kopfzeile.", "The row has more columns than the header."),
    Words("Meist fehlt ein Anführungszeichen um einen Text.", "Mostly a text lacks its quotation marks."),
)
EMPTY = (
    Words("Die Angabe fehlt.", "This entry is missing."),
    Words("Bitte tragen Sie sie ein.", "Please enter it."),
)


@dataclass(frozen=True, slots=True)
class Read:
    """A row as it was understood; with a problem it is refused, a warning only tells."""

    row: Row
    keys: tuple[str, ...]
    problems: tuple[InputError, ...] = ()
    warnings: tuple[InputError, ...] = ()


class Reader:
    """Reads the rows of a file with these columns."""

    def __init__(self, kind: Kind, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
        self.kind = kind
        self.width = len(columns)
        named = ((position, kind.field(mapping[name])) for position, name in enumerate(columns) if name in mapping)
        self.fields = [(position, field) for position, field in named if field]

    def read(self, number: int, cells: Sequence[str]) -> Read:
        values: dict[str, Any] = {}
        problems = [] if len(cells) <= self.width else [TOO_MANY]
        warnings = []
        for position, field in self.fields:
            text = cells[position] if position < len(cells) else ""
            if not text:
                if field.required:
                    problems.append(InputError(field.name, *EMPTY))
                continue
            try:
                values[field.name] = field.parse(field.name, text)
            except InputError as problem:
                problems.append(problem)
                continue
            if field.warn and (doubt := field.warn(values[field.name])):
                warnings.append(InputError(field.name, doubt))
        return self._whole(Row(number, values), problems, warnings)

    def _whole(self, row: Row, problems: list[InputError], warnings: list[InputError]) -> Read:
        if not problems:
            try:
                return Read(row, self.kind.keys(row.values), (), tuple(warnings))
            except InputError as problem:
                problems = [problem]
        return Read(row, (), tuple(problems), tuple(warnings))


class Seen:
    """The keys of the rows so far: what a file says twice is refused the second time. Depends on the file alone, so
    it is built again where a run goes on."""

    def __init__(self) -> None:
        self.rows = 0
        self.offset = 0
        self.first: dict[str, int] = {}

    def catch_up(self, batch: UUID, reader: Reader, position: int) -> None:
        if self.rows >= position:
            return
        for line in files.lines(batch, self.offset):
            self.note(reader.read(line.number, line.cells))
            self.rows, self.offset = self.rows + 1, line.after
            if self.rows >= position:
                return

    def note(self, read: Read) -> None:
        if not self.earlier(read):
            for key in read.keys:
                self.first.setdefault(key, read.row.number)

    def earlier(self, read: Read) -> int | None:
        """The row that said it first."""
        found = [self.first[key] for key in read.keys if self.first.get(key, read.row.number) < read.row.number]
        return min(found, default=None)
