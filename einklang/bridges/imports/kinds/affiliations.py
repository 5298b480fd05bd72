"""Who works where, as what and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einklang.bridges.imports import fields, persons, places
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Job, Kind, Outcome, Row, refused, taken, write
from einklang.bridges.imports.kinds.people import FIELDS as OF_PEOPLE
from einklang.bridges.imports.persons import Known
from einklang.bridges.imports.places import Places
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import bulk
from einklang.facts.people.rows import Stage

NO_PLACE = (
    Words("Es fehlt die Einrichtung.", "The organisation is missing."),
    Words(
        "Es genügt ihre Kennung in der Quelle, oder Name, Straße und Postleitzahl.",
        "Its id in the source is enough, or name, street and postcode.",
    ),
)
UNKNOWN_PLACE = (
    Words("Diese Einrichtung kennen wir nicht.", "We do not know this organisation."),
    Words("Bitte importieren Sie zuerst die Einrichtungen.", "Please import the organisations first."),
)
BACKWARDS = (
    Words("Das Ende liegt vor dem Beginn.", "The end is before the beginning."),
    Words("Bitte prüfen Sie beide Tage.", "Please check both days."),
)
SINCE = Field(
    name="since",
    label=Words("Seit", "Since"),
    synonyms=("von", "beginn", "ab", "start", "from", "gültig ab", "valid from"),
    parse=fields.moment,
    samples=("01.04.2024", "01.10.2025"),
)
UNTIL = Field(
    name="until",
    label=Words("Bis", "Until"),
    synonyms=("ende", "end", "to", "gültig bis", "valid until"),
    parse=fields.moment,
)
FIELDS = (
    *persons.KEYS,
    *places.only(("organisation_id", "organisation", "street", "postcode")),
    *(field for field in OF_PEOPLE if field.name in ("function", "bsnr")),
    SINCE,
    UNTIL,
)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    """A person may stand in many rows, with another place in each."""
    if "organisation_id" not in values and "organisation" not in values:
        raise InputError("organisation", *NO_PLACE)
    in_order(values)
    place = "|".join(str(values.get(name, "")) for name in ("organisation_id", "organisation", "street", "postcode"))
    return tuple(f"{key}|{place}" for key in persons.keys(values))


def in_order(values: Mapping[str, Any]) -> None:
    if "since" in values and "until" in values and values["until"] < values["since"]:
        raise InputError("until", *BACKWARDS)


def load(cur: Cursor, rows: Sequence[Row], job: Job) -> list[Outcome]:
    known, sites = Known(cur, rows, job.source), Places(cur, rows, job.source)
    held = known.hold(cur, dry=job.dry)
    found = bulk.AFFILIATION.find(cur, ("person_id",), ((each,) for each in held))
    works = Stage(bulk.AFFILIATION, lambda row: (row["person_id"], row["organisation_id"]), found)
    outcomes = [_take(row, known, sites, works) for row in rows]
    write(cur, job, works)
    return outcomes


def _take(row: Row, known: Known, sites: Places, works: Stage) -> Outcome:
    try:
        person, place = known.sure(row), sites.find(row)
        if place is None:
            raise InputError("organisation", *UNKNOWN_PLACE)
    except InputError as problem:
        return refused(row, problem)
    key = (person, place)
    new = works.get(key) is None
    said = row.only("function", "bsnr", "since", "until")
    named = {"person_id": person, "organisation_id": place}
    return taken(row, person, works.put(key, named | said, {"function": "", **bulk.UNSPECIFIED}), new)


KIND = Kind(
    name="affiliations",
    label=Words("Tätigkeiten", "Affiliations"),
    icon="identification-card",
    about=Words("Wer wo arbeitet, als was und seit wann.", "Who works where, as what and since when."),
    found_by=Words(
        "Eine Tätigkeit wird an Person und Einrichtung zusammen wiedererkannt.",
        "An affiliation is known again by person and organisation together.",
    ),
    fields=FIELDS,
    keys=keys,
    load=load,
)
