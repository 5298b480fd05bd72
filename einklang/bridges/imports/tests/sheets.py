"""Files for the tests, and a worker that takes them in."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from openpyxl import Workbook

from einklang.bridges.imports import batches, registry, run
from einklang.bridges.imports.batches import Batch
from einklang.core.connection import cursor
from tests import cast

HEADER = ["Kennung", "Vorname", "Nachname", "Beruf", "E-Mail", "Praxis", "Straße", "PLZ", "Ort"]


def doctor(number: int, **changes: str) -> list[str]:
    cells = {
        "Kennung": f"A-{number}",
        "Vorname": "Mira",
        "Nachname": f"Muster{number}",
        "Beruf": "Ärztin",
        "E-Mail": f"m{number}@praxis.example",
        "Praxis": f"Praxis {number // 3}",
        "Straße": "Lindenhof 4",
        "PLZ": "30159",
        "Ort": "Hannover",
    } | changes
    return list(cells.values())


def sheet(rows: Sequence[Sequence[str]], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(
    content: bytes, kind: str = "people", *, name: str = "liste.csv", source: str = "CRM", third_party: bool = False
) -> Batch:
    with transaction.atomic():
        return batches.upload(
            cursor(),
            kind=registry.kind(kind),
            name=name,
            content=content,
            source=source,
            third_party=third_party,
            by=None,
            now=cast.NOW,
        )


def checked(batch: Batch, *, limit: int = run.CHUNK) -> Batch:
    with transaction.atomic():
        batches.check(cursor(), batch, batch.mapping, version=batch.version, now=cast.NOW)
    return worked(batch, limit=limit)


def started(batch: Batch) -> Batch:
    with transaction.atomic():
        return batches.start(cursor(), batch, by=None, version=batch.version, now=cast.NOW)


def worked(batch: Batch, *, limit: int = run.CHUNK) -> Batch:
    while batches.get(cursor(), batch.id).state in ("checking", "running"):
        with transaction.atomic():
            run.advance(cursor(), cast.NOW, batch=batch.id, limit=limit)
    return batches.get(cursor(), batch.id)


def imported(rows: Sequence[Sequence[str]], kind: str = "people", **more: Any) -> Batch:
    """Uploaded, checked, started and done."""
    return worked(started(checked(upload(sheet(rows), kind, **more))))
