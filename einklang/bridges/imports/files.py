"""Files of other people: what they really are, and their rows one by one.

A file is turned into lines of JSON once, `[number in the sheet, cells …]`: a place in it is an offset, so that a run
that was killed goes on where it stood without reading the rest again.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

import orjson

from einklang.core import settings
from einklang.core.errors import InputError
from einklang.core.words import Words

MEGABYTE = 1024 * 1024
LARGEST = 30 * MEGABYTE
LARGEST_UNPACKED = 400 * MEGABYTE
MOST_ROWS = 500_000
MOST_COLUMNS = 200
DELIMITERS = ";,\t|"
SAMPLE_LINES = 30
CSV, XLSX = "csv", "xlsx"
# A spreadsheet would run what begins so; we write an apostrophe before it, and take it away when it comes back.
RUNS = ("=", "+", "-", "@", "\t")

SAVE_AS = Words(
    "Bitte speichern Sie sie als .xlsx oder als CSV und laden Sie sie noch einmal hoch.",
    "Please save it as .xlsx or CSV and upload it again.",
)


@dataclass(frozen=True)
class Format:
    """`kind` csv or xlsx; encoding and delimiter are those of a CSV file."""

    kind: str
    encoding: str = ""
    delimiter: str = ""


class Table(NamedTuple):
    format: Format
    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]


class Line(NamedTuple):
    """`after` is where the next line begins."""

    number: int
    cells: list[str]
    after: int


def read(name: str, content: bytes) -> Table:
    """The header and the rows; blank rows are left out. Raises where the file is not what its name says."""
    if len(content) > LARGEST:
        raise _wrong(
            Words(
                f"Die Datei ist größer als {LARGEST // MEGABYTE} MB.",
                f"The file is larger than {LARGEST // MEGABYTE} MB.",
            ),
            Words("Bitte teilen Sie sie auf.", "Please split it."),
        )
    format = recognise(name, content)
    rows = _excel(content) if format.kind == XLSX else _csv(content, format)
    numbered = ((number, cells) for number, cells in enumerate(rows, start=1) if any(cells))
    header = next(numbered, None)
    if header is None:
        raise _wrong(
            Words("Die Datei ist leer.", "The file is empty."),
            Words("Die erste Zeile nennt die Spalten.", "The first row names the columns."),
        )
    return Table(format, _columns(header[1]), numbered)


def recognise(name: str, content: bytes) -> Format:
    suffix = Path(name).suffix.lower()
    if suffix not in (".csv", ".txt", ".tsv", ".xlsx"):
        raise _wrong(Words("Diese Art von Datei lesen wir nicht.", "We do not read this kind of file."), SAVE_AS)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise _wrong(Words("Das ist eine alte Excel-Datei (.xls).", "This is an old Excel file (.xls)."), SAVE_AS)
    if content[:2] == b"PK":
        if suffix != ".xlsx" or not _is_workbook(content):
            raise _not_what_it_says(suffix)
        return Format(XLSX)
    encoding = _encoding(content)
    if suffix == ".xlsx" or encoding is None:
        raise _not_what_it_says(suffix)
    return Format(CSV, encoding, _delimiter(content.decode(encoding)))


def place(batch: UUID) -> Path:
    return settings.get().home / "files" / "imports" / f"{batch}.jsonl"


def keep(batch: UUID, rows: Iterable[tuple[int, list[str]]]) -> int:
    """Number of rows. The file is there whole or not at all."""
    path = place(batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    count = 0
    try:
        draft.touch(mode=0o600)
        with draft.open("wb") as lines:
            for number, cells in rows:
                count += 1
                if count > MOST_ROWS:
                    raise _wrong(
                        Words(
                            f"Die Datei hat mehr als {MOST_ROWS} Zeilen.", f"The file has more than {MOST_ROWS} rows."
                        ),
                        Words("Bitte teilen Sie sie auf.", "Please split it."),
                    )
                lines.write(orjson.dumps([number, *cells]) + b"\n")
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


def lines(batch: UUID, offset: int = 0) -> Iterator[Line]:
    with place(batch).open("rb") as kept:
        kept.seek(offset)
        for line in kept:
            offset += len(line)
            number, *cells = orjson.loads(line)
            yield Line(number, cells, offset)


def named(names: Iterable[str]) -> Callable[[str], bool]:
    """Whether a cell says one of the names."""
    wanted = {_bare(name) for name in names}
    return lambda cell: _bare(cell) in wanted


def blank(batch: UUID, hers: Callable[[str], bool]) -> int:
    """Empties the rows with a cell that is hers; every row stays where it was."""
    count = 0
    if not place(batch).exists():
        return 0
    with place(batch).open("r+b") as kept:
        start = 0
        for line in iter(kept.readline, b""):
            number, *cells = orjson.loads(line)
            if any(map(hers, cells)):
                kept.seek(start)
                kept.write(orjson.dumps([number]).ljust(len(line) - 1) + b"\n")
                count += 1
            start += len(line)
            kept.seek(start)
    return count


def older(than: datetime) -> set[UUID]:
    """Batches whose rows were last written before (real time)."""
    kept = place(UUID(int=0)).parent.glob("*.jsonl")
    return {UUID(path.stem) for path in kept if datetime.fromtimestamp(path.stat().st_mtime, UTC) < than}


def erase(batch: UUID) -> None:
    place(batch).unlink(missing_ok=True)


def write(format: Format, rows: Iterable[Sequence[str]], target: BinaryIO) -> None:
    """In the format in which the file came."""
    if format.kind == XLSX:
        _write_sheet(target, rows)
        return
    encoding = format.encoding if format.encoding != "utf-16" else "utf-8-sig"
    text = io.TextIOWrapper(target, encoding=encoding, errors="xmlcharrefreplace", newline="")
    out = csv.writer(text, delimiter=format.delimiter)
    for row in rows:
        out.writerow([_harmless(cell) for cell in row])
    text.detach()


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
            return "xl/workbook.xml" in packed.namelist() and unpacked <= LARGEST_UNPACKED
    except zipfile.BadZipFile:
        return False


def _encoding(content: bytes) -> str | None:
    """None for what is no text."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        tried: tuple[str, ...] = ("utf-16",)
    elif b"\0" in content:
        tried = ()
    else:
        tried = ("utf-8-sig" if content[:3] == b"\xef\xbb\xbf" else "utf-8", "cp1252")
    for encoding in tried:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into most columns, equally many in each."""

    def columns(delimiter: str) -> int:
        head = io.StringIO("\n".join(text.splitlines()[:SAMPLE_LINES]), newline="")
        try:
            widths = [len(cells) for cells in csv.reader(head, delimiter=delimiter) if cells]
        except csv.Error:  # told when the rows are read
            return 0
        return widths[0] * sum(width == widths[0] for width in widths) if widths and widths[0] > 1 else 0

    return max(DELIMITERS, key=columns)


def _csv(content: bytes, format: Format) -> Iterator[list[str]]:
    text = io.StringIO(content.decode(format.encoding), newline="")
    try:
        for cells in csv.reader(text, delimiter=format.delimiter):
            yield [_plain(cell) for cell in cells]
    except csv.Error as problem:
        raise _wrong(
            Words("Die Datei lässt sich nicht in Spalten teilen.", "The file cannot be cut into columns."),
            Words("Meist fehlt ein Anführungszeichen.", "Mostly a quotation mark is missing."),
        ) from problem


def _excel(content: bytes) -> Iterator[list[str]]:
    """The first sheet. openpyxl takes most of a second to load: only who reads or writes a sheet waits for it."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as problem:
        raise _not_what_it_says(".xlsx") from problem
    for cells in book.worksheets[0].iter_rows(values_only=True):
        written = [_cell(cell) for cell in cells]
        while written and not written[-1]:
            written.pop()
        yield written


def _cell(value: Any) -> str:
    """As a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return _plain(str(value))


def _plain(cell: str) -> str:
    text = cell.replace("\0", "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in RUNS else text


def _bare(cell: str) -> str:
    return "".join(cell.split()).lower()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(RUNS) else cell


def _write_sheet(target: BinaryIO, rows: Iterable[Sequence[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = [WriteOnlyCell(sheet, _harmless(text)) for text in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    book.save(target)


def _columns(header: Sequence[str]) -> list[str]:
    named = [name or f"({position})" for position, name in enumerate(header, start=1)]
    if len(named) > MOST_COLUMNS:
        raise _wrong(
            Words(f"Die Datei hat mehr als {MOST_COLUMNS} Spalten.", f"The file has more than {MOST_COLUMNS} columns."),
            Words("Bitte entfernen Sie, was nicht gebraucht wird.", "Please remove what is not needed."),
        )
    for name in named:
        if named.count(name) > 1:
            raise _wrong(
                Words(f"Die Spalte „{name}“ kommt zweimal vor.", f"The column “{name}” is there twice."),
                Words("Jede Spalte braucht einen eigenen Namen.", "Each column needs a name of its own."),
            )
    return named


def _not_what_it_says(suffix: str) -> InputError:
    return _wrong(
        Words(
            f"Die Datei heißt {suffix}, ist aber etwas anderes.", f"The file is called {suffix}, but is something else."
        ),
        SAVE_AS,
    )


def _wrong(rule: Words, way_out: Words) -> InputError:
    return InputError("file", rule, way_out)
