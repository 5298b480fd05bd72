"""Files in the studio: practices and counted samples that came in, and a bought list that waits behind its dry run."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from einklang.bridges.imports import batches, registry, run
from einklang.bridges.imports.batches import Batch
from einklang.core.pg import Cursor
from einklang.facts.products import read as products

WEEK = timedelta(weeks=1)
TOWNS = (("30159", "Hannover"), ("37073", "Göttingen"), ("38100", "Braunschweig"), ("31134", "Hildesheim"))
GIVEN = ("Almut", "Björn", "Cem", "Doris", "Enno", "Frauke", "Gesine", "Hauke", "Imke", "Jannis")
FAMILY = ("Ahlers", "Behrens", "Cordes", "Dierks", "Evers", "Fricke", "Gerdes", "Harms")
PRACTICES = ["Kennung der Einrichtung", "Einrichtung", "Straße", "PLZ", "Ort"]
STOCK = ["PZN", "Charge", "Verwendbar bis", "Stück"]
BATCH = "A4417"
UNITS = (40, 12, 25)
LIST = ["Kennung", "Vorname", "Nachname", "Beruf", "Fachgebiet", "E-Mail", "Praxis", "Straße", "PLZ", "Ort"]


def write(cur: Cursor, steward: UUID, now: datetime) -> None:
    """The list stays where it is: nobody comes into the story by it."""
    then = now - 3 * WEEK
    practices = _checked(cur, "organisations", "praxen-crm.csv", _practices(), source="CRM", by=steward, now=then)
    batches.start(cur, practices, by=steward, version=practices.version, now=then)
    _worked(cur, practices, then)
    shelves = _checked(cur, "stock", "lagerbestand.csv", _stock(cur, now), source="Lager", by=steward, now=then)
    batches.start(cur, shelves, by=steward, version=shelves.version, now=then)
    _worked(cur, shelves, then)
    _checked(cur, "people", "adressliste.csv", _list(), source="Adressliste Niedersachsen", by=steward, now=now)


def _checked(
    cur: Cursor, kind: str, name: str, rows: Sequence[Sequence[str]], *, source: str, by: UUID, now: datetime
) -> Batch:
    batch = batches.upload(
        cur,
        kind=registry.kind(kind),
        name=name,
        content=_csv(rows),
        source=source,
        third_party=kind == "people",
        by=by,
        now=now,
    )
    batches.check(cur, batch, batch.mapping, version=batch.version, now=now)
    return _worked(cur, batch, now)


def _worked(cur: Cursor, batch: Batch, now: datetime) -> Batch:
    while run.advance(cur, now, batch=batch.id):
        pass
    return batches.get(cur, batch.id)


def _practices() -> list[list[str]]:
    listed = [
        [f"P-{100 + place}", f"Praxis Dr. {family}", f"Lange Straße {place + 1}", *TOWNS[place % len(TOWNS)]]
        for place, family in enumerate(FAMILY * 3)
    ]
    listed[7][1] = ""
    return [PRACTICES, *listed]


def _stock(cur: Cursor, now: datetime) -> list[list[str]]:
    packs = sorted({pack.pzn for pack in products.sample_catalogue(cur, now)})
    return [STOCK, *([pzn, BATCH, "31.05.2028", str(UNITS[place % len(UNITS)])] for place, pzn in enumerate(packs))]


def _list() -> list[list[str]]:
    listed = [_person(place) for place in range(len(GIVEN) * len(FAMILY))]
    listed[11][3], listed[29][5], listed[30][5], listed[47][2] = "Heilkundler", "praxis(at)cordes", "unbekannt", ""
    return [LIST, *listed]


def _person(place: int) -> list[str]:
    given, family = GIVEN[place % len(GIVEN)], FAMILY[place % len(FAMILY)]
    address = f"{given}.{family}.{place}@praxis.example".lower().replace("ö", "oe")
    field = "Innere Medizin" if place % 3 else "Kardiologie"
    site = [f"Praxis Dr. {family}", f"Lange Straße {place % 24 + 1}", *TOWNS[place % len(TOWNS)]]
    return [f"N-{2000 + place}", given, family, "Arzt", field, address, *site]


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(rows)
    return text.getvalue().encode("utf-8-sig")
