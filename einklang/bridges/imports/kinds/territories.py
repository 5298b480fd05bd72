"""Which people belong to which territory, and who looks after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einklang.bridges.imports import fields, persons, staff
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Job, Kind, Outcome, Row, by_chunk, refused, taken, write
from einklang.bridges.imports.kinds.affiliations import SINCE, UNTIL, in_order
from einklang.bridges.imports.persons import Known
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import bulk
from einklang.facts.people.roles import REP
from einklang.facts.people.rows import Stage

NOBODY = (
    Words("Es fehlt, wer in dieses Gebiet gehört.", "Who belongs to this territory is missing."),
    Words(
        "Es genügt die Nummer einer Person oder die E-Mail-Adresse des Außendienstes.",
        "A person's number is enough, or the rep's e-mail address.",
    ),
)
NO_REP = (
    Words("Unter dieser Adresse arbeitet niemand im Außendienst.", "No rep works under this address."),
    Words("Bitte importieren Sie zuerst den Außendienst.", "Please import the reps first."),
)
REP_EMAIL = Field(
    name="rep",
    label=Words("Außendienst (E-Mail)", "Rep (e-mail)"),
    synonyms=("rep", "mitarbeiter", "rep email", "außendienst", "referent", "e-mail"),
    parse=fields.email,
    samples=("nora.feldmann@firma.example", ""),
)
FIELDS = (staff.TERRITORY, *persons.KEYS, REP_EMAIL, SINCE, UNTIL)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    """A row names a person, a rep, or both."""
    in_order(values)
    named = [f"{name}:{values[name]}" for name in ("external_id", *persons.SYSTEMS, "rep") if name in values]
    if not named:
        raise InputError("external_id", *NOBODY)
    return ("|".join((values["territory"], *named)),)


class Chunk:
    def __init__(self, cur: Cursor, rows: Sequence[Row], job: Job) -> None:
        self.job = job
        self.known = Known(cur, rows, job.source)
        self.users = staff.users(cur, [row.get("rep") for row in rows])
        self.territories = staff.territories(cur, rows)
        self.responsible = staff.responsible(cur, self.territories)
        held = self.known.hold(cur, dry=job.dry)
        members = bulk.TERRITORY_PERSON.find(cur, ("person_id",), ((each,) for each in held))
        self.members = Stage(bulk.TERRITORY_PERSON, lambda row: (row["territory_id"], row["person_id"]), members)

    def take(self, row: Row) -> Outcome:
        try:
            person = self.known.sure(row) if any(True for _ in self.known.names(row)) else None
            user = self._rep(row)
        except InputError as problem:
            return refused(row, problem)
        territory = staff.territory(self.territories, row.get("territory"))
        new, changes = False, []
        if person:
            key = (territory, person)
            new = self.members.get(key) is None
            changes.append(self.members.put(key, {"territory_id": territory, "person_id": person}))
        if user:
            key = (territory, user)
            new = new or self.responsible.get(key) is None
            said = {"territory_id": territory, "user_id": user} | row.only("since", "until")
            changes.append(self.responsible.put(key, said, {"since": self.job.now, "until": None}))
        return taken(row, person or user, changes[0], new, *changes[1:])

    def write(self, cur: Cursor) -> None:
        write(cur, self.job, self.territories, self.members, self.responsible)

    def _rep(self, row: Row) -> Any:
        if not row.get("rep"):
            return None
        found = self.users.get(row.get("rep"))
        if found is None or REP not in found["roles"]:
            raise InputError("rep", *NO_REP)
        return found["id"]


KIND = Kind(
    name="territories",
    label=Words("Gebiete", "Territories"),
    icon="globe-simple",
    about=Words(
        "Welche Personen zu welchem Gebiet gehören und wer es betreut.",
        "Which people belong to which territory, and who looks after it.",
    ),
    found_by=Words(
        "Ein Gebiet wird am Namen wiedererkannt, wer dazugehört an Nummer oder E-Mail-Adresse.",
        "A territory is known again by its name, who belongs to it by number or e-mail address.",
    ),
    fields=FIELDS,
    keys=keys,
    load=by_chunk(Chunk),
)
