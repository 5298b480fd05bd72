"""Doctors and other professionals with their identifiers, and where they work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from einklang.bridges.imports import fields, persons, places
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import ERASED, Job, Kind, Outcome, Row, by_chunk, refused, taken, write
from einklang.bridges.imports.persons import Known
from einklang.bridges.imports.places import Places
from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import bulk, origin, suppressed
from einklang.facts.people.professions import PROFESSIONS
from einklang.facts.people.rows import Difference, Stage

COLUMNS = (
    "salutation",
    "title",
    "given_name",
    "family_name",
    "profession",
    "specialty",
    "land",
    "locale",
    "email",
    "phone",
)
WAS_ERASED = InputError(
    "external_id",
    Words(
        "Diese Person wurde auf ihren Wunsch gelöscht (EU-DP-08).",
        "This person was erased at her own wish (EU-DP-08).",
    ),
    Words("Bitte entfernen Sie die Zeile auch in der Quelle.", "Please remove the row in the source, too."),
)
SPELLED = {
    "physician": ("Arzt", "Ärztin", "Ärztin oder Arzt", "Humanmediziner", "doctor", "HCP"),
    "dentist": ("Zahnarzt", "Zahnärztin"),
    "veterinarian": ("Tierarzt", "Tierärztin"),
    "pharmacist": ("Apotheker", "Apothekerin"),
    "nurse": ("Pflegefachkraft", "Krankenschwester", "Krankenpfleger", "Pflege"),
    "pta": ("PTA",),
    "mfa": ("MFA", "Arzthelferin", "Arzthelfer"),
    "heilpraktiker": ("Heilpraktiker", "Heilpraktikerin"),
    "licensed_trader": ("Händler",),
    "student": ("Student", "Studentin", "Studierende"),
}
LANDS = {
    "DE-BW": ("Baden-Württemberg", "BW"),
    "DE-BY": ("Bayern", "BY", "Bavaria"),
    "DE-BE": ("Berlin", "BE"),
    "DE-BB": ("Brandenburg", "BB"),
    "DE-HB": ("Bremen", "HB"),
    "DE-HH": ("Hamburg", "HH"),
    "DE-HE": ("Hessen", "HE", "Hesse"),
    "DE-MV": ("Mecklenburg-Vorpommern", "MV"),
    "DE-NI": ("Niedersachsen", "NI", "Lower Saxony"),
    "DE-NW": ("Nordrhein-Westfalen", "NW", "NRW"),
    "DE-RP": ("Rheinland-Pfalz", "RP"),
    "DE-SL": ("Saarland", "SL"),
    "DE-SN": ("Sachsen", "SN", "Saxony"),
    "DE-ST": ("Sachsen-Anhalt", "ST"),
    "DE-SH": ("Schleswig-Holstein", "SH"),
    "DE-TH": ("Thüringen", "TH", "Thuringia"),
}

FIELDS = (
    *persons.KEYS,
    Field(
        name="salutation",
        label=Words("Anrede", "Salutation"),
        synonyms=("geschlecht", "gender", "mr/ms"),
        parse=fields.choice({"Frau": ("Frau", "Fr.", "Ms", "Mrs", "w", "f"), "Herr": ("Herr", "Hr.", "Mr", "m")}),
        samples=("Frau", "Herr"),
    ),
    Field(
        name="title",
        label=Words("Titel", "Title"),
        synonyms=("akademischer titel", "academic title"),
        parse=fields.text,
        samples=("Dr. med.", ""),
    ),
    Field(
        name="given_name",
        label=Words("Vorname", "Given name"),
        synonyms=("first name", "firstname", "rufname"),
        parse=fields.text,
        required=True,
        samples=("Miriam", "Tarek"),
    ),
    Field(
        name="family_name",
        label=Words("Nachname", "Family name"),
        synonyms=("name", "familienname", "last name", "lastname", "surname", "zuname"),
        parse=fields.text,
        required=True,
        samples=("Albrecht", "Lorenz"),
    ),
    Field(
        name="profession",
        label=Words("Beruf", "Profession"),
        synonyms=("berufsgruppe", "professional type", "hcp type", "typ"),
        parse=fields.choice({name: SPELLED[name] for name in PROFESSIONS}),
        required=True,
        samples=("Ärztin", "Apotheker"),
    ),
    Field(
        name="specialty",
        label=Words("Fachgebiet", "Specialty"),
        synonyms=("fachrichtung", "facharzt", "speciality", "primary specialty"),
        parse=fields.text,
        samples=("Kardiologie", ""),
    ),
    Field(
        name="email",
        label=Words("E-Mail", "E-mail"),
        synonyms=("mail", "e-mail-adresse", "emailadresse", "email address"),
        parse=fields.email,
        hint=Words(
            "Die Adresse allein erlaubt keine Werbung: Dafür braucht es eine Einwilligung.",
            "The address alone allows no promotion: that needs a consent.",
        ),
        samples=("m.albrecht@praxis.example", "t.lorenz@apotheke.example"),
    ),
    Field(
        name="phone",
        label=Words("Telefon", "Phone"),
        synonyms=("telefonnummer", "tel", "phone number", "rufnummer"),
        parse=fields.text,
        samples=("0511 555 0101", ""),
    ),
    Field(
        name="locale",
        label=Words("Sprache", "Language"),
        synonyms=("korrespondenzsprache", "lang"),
        parse=fields.choice({"de": ("Deutsch", "deu", "German"), "en": ("Englisch", "English", "eng")}),
        samples=("Deutsch", "Deutsch"),
    ),
    Field(
        name="land",
        label=Words("Bundesland", "State"),
        synonyms=("land", "region", "federal state"),
        parse=fields.choice(LANDS),
        samples=("Niedersachsen", "Niedersachsen"),
    ),
    *places.SITE,
    Field(
        name="bsnr",
        label=Words("BSNR", "BSNR"),
        synonyms=("betriebsstättennummer", "site number"),
        parse=fields.number("bsnr"),
        samples=("171234500", ""),
    ),
    Field(
        name="function",
        label=Words("Funktion", "Function"),
        synonyms=("rolle", "position", "role"),
        parse=fields.text,
        samples=("Inhaberin", ""),
    ),
)


class Chunk:
    """Everything that rows of people touch."""

    def __init__(self, cur: Cursor, rows: Sequence[Row], job: Job) -> None:
        self.job = job
        self.known = Known(cur, rows, job.source)
        self.places = Places(cur, rows, job.source)
        self.erased = suppressed.among(cur, (name for row in rows for name in self._names(row)))
        held = self.known.hold(cur, dry=job.dry)
        self.people = Stage(
            bulk.PERSON, lambda row: row["id"], bulk.PERSON.find(cur, ("id",), ((each,) for each in held))
        )
        numbers = bulk.IDENTIFIER.find(cur, ("person_id",), ((each,) for each in held))
        self.numbers = Stage(bulk.IDENTIFIER, lambda row: (row["system"], row["value"]), numbers)
        self.aliases = Stage(bulk.ALIAS, lambda row: (row["namespace"], row["value"]))
        works = bulk.AFFILIATION.find(cur, ("person_id",), ((each,) for each in held))
        self.works = Stage(bulk.AFFILIATION, lambda row: (row["person_id"], row["organisation_id"]), works)
        self.origins = Stage(origin.ORIGIN, lambda row: row["person_id"])

    def take(self, row: Row) -> Outcome:
        if not self.erased.isdisjoint(self._names(row)):
            return Outcome(row.number, ERASED, problem=WAS_ERASED)
        try:
            found = self.known.of(row)
        except InputError as problem:
            return refused(row, problem)
        person = found or ids.new()
        place, moved = self.places.put(row)
        main = self.people.put(
            person, self._said(row, place), {"id": person, **bulk.NAMELESS, "created_at": self.job.now}
        )
        more = [self._works(row, person, place), *self._numbers(row, person)]
        self.known.learn(row, person)
        if found is None:
            self._came(person)
        return taken(row, person, main, found is None, moved, *more)

    def write(self, cur: Cursor) -> None:
        write(cur, self.job, *self.places.stages(), self.people, self.numbers, self.works, self.aliases, self.origins)

    def _names(self, row: Row) -> list[str]:
        """Under which an erased person may have been known."""
        named = (value if name in persons.SYSTEMS else f"{name}:{value}" for name, value in self.known.names(row))
        return [*named, *([row.get("email")] if row.get("email") else [])]

    def _said(self, row: Row, place: UUID | None) -> dict[str, Any]:
        said = row.only(*COLUMNS) | bulk.sorted_as(row.get("family_name"), row.get("given_name"))
        return said | ({"organisation_id": place} if place else {})

    def _works(self, row: Row, person: UUID, place: UUID | None) -> Difference:
        if place is None:
            return Difference({}, {})
        key = {"person_id": person, "organisation_id": place}
        return self.works.put((person, place), key | row.only("bsnr", "function"), {"function": "", **bulk.UNSPECIFIED})

    def _numbers(self, row: Row, person: UUID) -> list[Difference]:
        differences = []
        for name, value in self.known.names(row):
            if name in persons.SYSTEMS:
                new = self.numbers.get((name, value)) is None
                self.numbers.put((name, value), {"person_id": person, "system": name, "value": value})
                differences.append(Difference({}, {name: value} if new else {}))
            elif not self.known.knows((name, value)):
                self.aliases.put((name, value), {"namespace": name, "value": value, "person_id": person})
        return differences

    def _came(self, person: UUID) -> None:
        self.origins.put(
            person, origin.came(person, self.job.source, self.job.batch, self.job.now, third_party=self.job.third_party)
        )


KIND = Kind(
    name="people",
    label=Words("Personen", "People"),
    icon="users-three",
    about=Words(
        "Ärztinnen, Apotheker und andere Fachkreise mit ihren Nummern und ihrer Praxis.",
        "Doctors, pharmacists and other professionals with their numbers and practice.",
    ),
    found_by=Words(
        "Eine Person wird an der Kennung der Quelle, LANR, EFN oder Telematik-ID wiedererkannt, nie am Namen allein.",
        "A person is known again by the source's id, LANR, EFN or Telematik-ID, never by name alone.",
    ),
    fields=FIELDS,
    keys=persons.keys,
    load=by_chunk(Chunk),
)
