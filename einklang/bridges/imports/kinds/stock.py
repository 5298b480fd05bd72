"""What the warehouse counted: one row per pack and batch. A new count replaces the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einklang.bridges.imports import fields
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Job, Kind, Outcome, Row, by_chunk, refused, taken, write
from einklang.bridges.imports.kinds.products import doubtful, pzn
from einklang.core import ids
from einklang.core.clock import ZONE
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people.rows import Stage
from einklang.facts.products import bulk
from einklang.services.orders.stock import STOCK

MOST = 10_000_000
NO_NUMBER = (
    Words("Das ist keine Stückzahl.", "This is no number of packs."),
    Words("So sieht eine aus: 120. Ohne Komma und Einheit.", "One looks like this: 120. No comma and no unit."),
)
UNKNOWN = (
    Words("Eine Packung mit dieser PZN ist nicht bekannt.", "No pack with this PZN is known."),
    Words("Bitte bringen Sie sie zuerst mit „Produkte“ ein.", "Please bring it in first with “Products”."),
)


def units(field: str, value: str) -> int:
    plain = fields.text(field, value).replace(".", "").replace(" ", "")
    if not (plain.isascii() and plain.isdigit()) or int(plain) > MOST:
        raise InputError(field, *NO_NUMBER)
    return int(plain)


def day(field: str, value: str) -> str:
    return fields.moment(field, value).astimezone(ZONE).date().isoformat()


FIELDS = (
    Field(
        name="pzn",
        label=Words("PZN", "PZN"),
        synonyms=("pharmazentralnummer",),
        parse=pzn,
        required=True,
        warn=doubtful,
        samples=("12345678", "23456783"),
    ),
    Field(
        name="batch",
        label=Words("Charge", "Batch"),
        synonyms=("ch.-b.", "chargennummer", "lot"),
        parse=fields.text,
        required=True,
        samples=("A4417", "B0912"),
    ),
    Field(
        name="expiry",
        label=Words("Verwendbar bis", "Expiry"),
        synonyms=("verfall", "verfalldatum", "mhd", "expiry date"),
        parse=day,
        required=True,
        samples=("31.05.2028", "30.11.2027"),
    ),
    Field(
        name="counted",
        label=Words("Stück", "Units"),
        synonyms=("bestand", "menge", "anzahl", "stock", "quantity"),
        parse=units,
        required=True,
        samples=("120", "48"),
    ),
    Field(
        name="counted_at",
        label=Words("Gezählt am", "Counted on"),
        synonyms=("zähldatum", "inventur", "counted at"),
        parse=fields.moment,
        hint=Words("Ohne Angabe gilt der Zeitpunkt des Imports.", "Without an entry the time of the import counts."),
        samples=("02.03.2026", "02.03.2026"),
    ),
)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    return (f"{values['pzn']}|{values['batch']}",)


class Chunk:
    def __init__(self, cur: Cursor, rows: Sequence[Row], job: Job) -> None:
        self.job = job
        found = bulk.PACK.find(cur, ("pzn",), ((row.get("pzn"),) for row in rows))
        self.packs = {row["pzn"]: row["id"] for row in found}
        wanted = [(self.packs.get(row.get("pzn")), row.get("batch")) for row in rows]
        known = STOCK.find(cur, ("pack", "batch"), (key for key in wanted if key[0]))
        self.shelves = Stage(STOCK, lambda row: (row["pack"], row["batch"]), map(_plain, known))

    def take(self, row: Row) -> Outcome:
        pack = self.packs.get(row.get("pzn"))
        if pack is None:
            return refused(row, InputError("pzn", *UNKNOWN))
        key = (pack, row.get("batch"))
        held = self.shelves.get(key)
        said = row.only("expiry", "counted", "counted_at")
        if held is None or held["counted"] != said["counted"]:
            said = {"counted_at": self.job.now} | said
        made = self.shelves.put(key, said, {"id": ids.new(), "pack": pack, "batch": row.get("batch")})
        return taken(row, pack, made, held is None)

    def write(self, cur: Cursor) -> None:
        write(cur, self.job, self.shelves)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"expiry": row["expiry"].isoformat()}


KIND = Kind(
    name="stock",
    label=Words("Musterbestand", "Sample stock"),
    icon="package",
    about=Words(
        "Was das Lager an Mustern gezählt hat, nach Packung und Charge.",
        "What the warehouse counted of samples, by pack and batch.",
    ),
    found_by=Words(
        "Ein Bestand wird an PZN und Charge wiedererkannt; die neue Zählung ersetzt die alte.",
        "A stock is known again by PZN and batch; the new count replaces the old one.",
    ),
    fields=FIELDS,
    keys=keys,
    load=by_chunk(Chunk),
    sourced=False,
)
