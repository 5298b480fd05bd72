"""Further numbers of people whom the house knows already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einklang.bridges.imports import fields, persons
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Job, Kind, Outcome, Row, refused, taken, write
from einklang.bridges.imports.persons import Known
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import bulk
from einklang.facts.people.rows import Stage

SPELLED: dict[str, tuple[str, ...]] = {
    "lanr": ("LANR",),
    "efn": ("EFN",),
    "telematik": ("Telematik-ID", "TelematikID"),
}
TAKEN = (
    Words("Diese Nummer gehört schon einer anderen Person.", "This number belongs to somebody else already."),
    Words("Bitte prüfen Sie sie in der Quelle.", "Please check it in the source."),
)
SYSTEM = Field(
    name="system",
    label=Words("Art der Nummer", "Kind of number"),
    synonyms=("nummernart", "identifier type", "typ", "type"),
    parse=fields.choice(SPELLED),
    required=True,
    samples=("LANR", "EFN"),
)
VALUE = Field(
    name="value",
    label=Words("Nummer", "Number"),
    synonyms=("wert", "identifier", "value"),
    parse=fields.text,
    required=True,
    samples=("246813950", "802760012345678"),
)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    persons.keys(values)
    _checked(values)
    return (f"{values['system']}:{values['value']}",)


def load(cur: Cursor, rows: Sequence[Row], job: Job) -> list[Outcome]:
    known = Known(cur, rows, job.source)
    known.hold(cur, dry=job.dry)
    wanted = [(row.get("system"), _checked(row.values)) for row in rows]
    found = bulk.IDENTIFIER.find(cur, ("system", "value"), wanted)
    numbers = Stage(bulk.IDENTIFIER, lambda row: (row["system"], row["value"]), found)
    outcomes = [_take(row, known, numbers) for row in rows]
    write(cur, job, numbers)
    return outcomes


def _take(row: Row, known: Known, numbers: Stage) -> Outcome:
    key = (row.get("system"), _checked(row.values))
    held = numbers.get(key)
    try:
        person = known.sure(row)
        if held and held["person_id"] != person:
            raise InputError("value", *TAKEN)
    except InputError as problem:
        return refused(row, problem)
    said = {"person_id": person, "system": key[0], "value": key[1]}
    return taken(row, person, numbers.put(key, said), held is None)


def _checked(values: Mapping[str, Any]) -> str:
    return str(fields.number(values["system"])("value", values["value"]))


KIND = Kind(
    name="identifiers",
    label=Words("Nummern", "Identifiers"),
    icon="seal-check",
    about=Words(
        "Weitere Nummern zu Personen, die schon da sind: LANR, EFN, Telematik-ID.",
        "Further numbers of people who are there already: LANR, EFN, Telematik-ID.",
    ),
    found_by=Words("Eine Nummer gehört einer Person.", "A number belongs to one person."),
    fields=(*persons.KEYS, SYSTEM, VALUE),
    keys=keys,
    load=load,
)
