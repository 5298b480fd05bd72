"""Where people work: by the number of the source, else by name, street and postcode together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from einklang.bridges.imports import fields, tables
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Row
from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import bulk
from einklang.facts.people.rows import Difference, Record, Stage

NAMESPACE = "organisation:"
COLUMNS = {"organisation": "name", "street": "street", "postcode": "postcode", "city": "city", "land": "land"}

ORGANISATION_ID = Field(
    name="organisation_id",
    label=Words("Kennung der Einrichtung", "Id of the organisation"),
    synonyms=(
        "praxis-id",
        "einrichtung-id",
        "einrichtungs-id",
        "account id",
        "organisation id",
        "hco id",
        "betrieb-id",
    ),
    parse=fields.text,
    samples=("P-77", "P-78"),
)
ORGANISATION = Field(
    name="organisation",
    label=Words("Einrichtung", "Organisation"),
    synonyms=(
        "praxis",
        "klinik",
        "apotheke",
        "einrichtungsname",
        "organisationsname",
        "practice",
        "account",
        "hospital",
        "institution",
    ),
    parse=fields.text,
    samples=("Praxis am Lindenhof", "Apotheke am Markt"),
)
STREET = Field(
    name="street",
    label=Words("Straße und Hausnummer", "Street"),
    synonyms=("straße", "strasse", "anschrift", "adresse", "address", "street address"),
    parse=fields.text,
    samples=("Lindenhof 4", "Markt 1"),
)
POSTCODE = Field(
    name="postcode",
    label=Words("Postleitzahl", "Postcode"),
    synonyms=("plz", "zip", "zip code", "postal code"),
    parse=fields.postcode,
    samples=("30159", "37073"),
)
CITY = Field(
    name="city",
    label=Words("Ort", "City"),
    synonyms=("stadt", "town", "wohnort", "praxisort"),
    parse=fields.text,
    samples=("Hannover", "Göttingen"),
)
SITE = (ORGANISATION_ID, ORGANISATION, STREET, POSTCODE, CITY)


class Places:
    """The organisations of a chunk, and those that its rows add."""

    def __init__(self, cur: Cursor, rows: Sequence[Row], source: str) -> None:
        self.namespace = NAMESPACE + source
        self.references = tables.references(cur, ((self.namespace, row.get("organisation_id")) for row in rows))
        named = [found["subject"] for found in self.references.rows.values()]
        sites = bulk.ORGANISATION.find(cur, ("name", "street", "postcode"), (_site(row) for row in rows))
        byid = bulk.ORGANISATION.find(cur, ("id",), ((each,) for each in named))
        self.stage = Stage(bulk.ORGANISATION, lambda row: row["id"], [*sites, *byid])
        self._sites = {_key(each): each["id"] for each in sorted((*sites, *byid), key=lambda each: each["id"])}

    def find(self, row: Row) -> UUID | None:
        reference = self.references.get((self.namespace, row.get("organisation_id")))
        if reference:
            return UUID(str(reference["subject"]))
        return self._sites.get(_site(row)) if row.get("organisation") else None

    def put(self, row: Row) -> tuple[UUID | None, Difference]:
        """The organisation of the row with what the row says about it; none where the row names none."""
        found = self.find(row)
        if found is None and not row.get("organisation"):
            return None, Difference({}, {})
        place = found or ids.new()
        said = {column: row.get(name) for name, column in COLUMNS.items() if row.get(name)}
        difference = self.stage.put(place, said, {"id": place, **bulk.NOWHERE})
        if row.get("organisation"):
            self._sites[_site(row)] = place
        if external := row.get("organisation_id"):
            name = (self.namespace, external)
            self.references.put(name, {"namespace": name[0], "value": name[1], "subject": place}, {"moment": None})
        return place, difference

    def stages(self) -> tuple[Stage, Stage]:
        return self.stage, self.references


def _site(row: Row) -> tuple[str, str, str]:
    return row.get("organisation"), row.get("street"), row.get("postcode")


def _key(row: Record) -> tuple[str, str, str]:
    return row["name"], row["street"], row["postcode"]


def only(names: Iterable[str]) -> tuple[Field, ...]:
    wanted = set(names)
    return tuple(each for each in SITE if each.name in wanted)
