"""Practices, hospitals and pharmacies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from einklang.bridges.imports import places
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Job, Kind, Outcome, Row, taken, write
from einklang.bridges.imports.kinds.people import FIELDS as OF_PEOPLE
from einklang.bridges.imports.places import Places
from einklang.core.pg import Cursor
from einklang.core.words import Words

LAND = next(field for field in OF_PEOPLE if field.name == "land")
NAME = replace(places.ORGANISATION, required=True, synonyms=("name", *places.ORGANISATION.synonyms))
ID = replace(places.ORGANISATION_ID, synonyms=("id", "kennung", *places.ORGANISATION_ID.synonyms))
FIELDS: tuple[Field, ...] = (ID, NAME, places.STREET, places.POSTCODE, places.CITY, LAND)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    site = "|".join(str(values.get(name, "")) for name in ("organisation", "street", "postcode"))
    return (f"site:{site}", *([f"id:{values['organisation_id']}"] if "organisation_id" in values else []))


def load(cur: Cursor, rows: Sequence[Row], job: Job) -> list[Outcome]:
    known = Places(cur, rows, job.source)
    outcomes = []
    for row in rows:
        new = known.find(row) is None
        place, difference = known.put(row)
        outcomes.append(taken(row, place, difference, new))
    write(cur, job, *known.stages())
    return outcomes


KIND = Kind(
    name="organisations",
    label=Words("Einrichtungen", "Organisations"),
    icon="buildings",
    about=Words(
        "Praxen, Kliniken und Apotheken mit ihrer Anschrift.", "Practices, hospitals and pharmacies with their address."
    ),
    found_by=Words(
        "Eine Einrichtung wird an der Kennung der Quelle wiedererkannt, "
        "sonst an Name, Straße und Postleitzahl zusammen.",
        "An organisation is known again by the source's id, else by name, street and postcode together.",
    ),
    fields=FIELDS,
    keys=keys,
    load=load,
)
