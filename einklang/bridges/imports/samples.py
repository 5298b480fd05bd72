"""A file of each kind to begin with: the header and two rows of fiction."""

from __future__ import annotations

from einklang.bridges.imports.files import CSV, XLSX, Format
from einklang.bridges.imports.kind import Kind

FORMATS = {CSV: Format(CSV, "utf-8-sig", ";"), XLSX: Format(XLSX)}
ROWS = 2


def rows(kind: Kind, locale: str) -> list[list[str]]:
    header = [field.label.in_(locale) for field in kind.fields]
    return [header, *([field.samples[row] for field in kind.fields] for row in range(ROWS))]
