"""Who a row is about: by the number of its source, or by identifiers; never by name alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from einklang.bridges.imports import fields
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Row
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import bulk, lock, resolve

SYSTEMS = ("lanr", "efn", "telematik")
NAMESPACE = "import:"

NO_KEY = (
    Words(
        "Es fehlt eine Nummer, an der wir die Person wiedererkennen.",
        "A number by which we know the person again is missing.",
    ),
    Words(
        "Es genügt eine: Kennung der Quelle, LANR, EFN oder Telematik-ID.",
        "One is enough: the source's id, LANR, EFN or Telematik-ID.",
    ),
)
TWO = (
    Words("Die Nummern dieser Zeile gehören zu zwei Personen.", "The numbers of this row belong to two people."),
    Words(
        "Bitte prüfen Sie, welche Nummer falsch ist, oder führen Sie die Personen zusammen.",
        "Please check which number is wrong, or merge the two people.",
    ),
)
UNKNOWN = (
    Words("Diese Person kennen wir nicht.", "We do not know this person."),
    Words("Bitte importieren Sie zuerst die Personen.", "Please import the people first."),
)

EXTERNAL_ID = Field(
    name="external_id",
    label=Words("Kennung der Quelle", "Id in the source"),
    synonyms=(
        "id",
        "kennung",
        "personen-id",
        "person id",
        "kundennummer",
        "customer id",
        "hcp id",
        "crm id",
        "quell-id",
    ),
    parse=fields.text,
    hint=Words(
        "Wie die Quelle die Person nennt; sie bleibt gleich.", "What the source calls the person; it stays the same."
    ),
    samples=("A-1001", "A-1002"),
)
LANR = Field(
    name="lanr",
    label=Words("LANR", "LANR"),
    synonyms=("arztnummer", "lebenslange arztnummer", "physician number"),
    parse=fields.number("lanr"),
    warn=fields.doubt("lanr"),
    hint=Words("Neun Ziffern.", "Nine digits."),
    samples=("246813950", ""),
)
EFN = Field(
    name="efn",
    label=Words("EFN", "EFN"),
    synonyms=("fortbildungsnummer", "einheitliche fortbildungsnummer", "cme number"),
    parse=fields.number("efn"),
    warn=fields.doubt("efn"),
    hint=Words("15 Ziffern, beginnt mit 80276.", "15 digits, begins with 80276."),
)
TELEMATIK = Field(
    name="telematik",
    label=Words("Telematik-ID", "Telematik-ID"),
    synonyms=("telematikid", "telematics id"),
    parse=fields.number("telematik"),
)
KEYS = (EXTERNAL_ID, LANR, EFN, TELEMATIK)


class Known:
    """The persons of a chunk, and those that its rows add."""

    def __init__(self, cur: Cursor, rows: Sequence[Row], source: str) -> None:
        self.source = source
        names = [name for row in rows for name in self.names(row)]
        aliases = [name for name in names if name[0] not in SYSTEMS]
        numbers = [name for name in names if name[0] in SYSTEMS]
        self._found = resolve.resolve(cur, aliases) | bulk.persons_of(cur, numbers)

    def names(self, row: Row) -> Iterator[tuple[str, str]]:
        if external := row.get("external_id"):
            yield NAMESPACE + self.source, external
        for system in SYSTEMS:
            if value := row.get(system):
                yield system, value

    def of(self, row: Row) -> UUID | None:
        found = {self._found[name] for name in self.names(row) if name in self._found}
        if len(found) > 1:
            raise InputError(next(self.names(row))[0].removeprefix(NAMESPACE + self.source) or "external_id", *TWO)
        return next(iter(found), None)

    def sure(self, row: Row) -> UUID:
        found = self.of(row)
        if found is None:
            raise InputError("external_id", *UNKNOWN)
        return found

    def knows(self, name: tuple[str, str]) -> bool:
        return name in self._found

    def learn(self, row: Row, person: UUID) -> None:
        self._found |= dict.fromkeys(self.names(row), person)

    def hold(self, cur: Cursor, *, dry: bool) -> list[UUID]:
        """The persons; under their locks where something is going to be written."""
        persons = list(set(self._found.values()))
        if not dry:
            lock.hold(cur, persons)
        return persons


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Raises where a row names nobody."""
    found = tuple(f"{name}:{values[name]}" for name in ("external_id", *SYSTEMS) if name in values)
    if not found:
        raise InputError("external_id", *NO_KEY)
    return found
