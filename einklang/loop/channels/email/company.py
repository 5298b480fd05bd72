"""Who writes: the legal entity with the imprint that § 5 and § 6 DDG ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import orjson

from einklang.core import settings
from einklang.core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Company:
    """`imprint`: one line each, in the order in which they are read."""

    name: str
    imprint: tuple[str, ...]


FICTION = Company(
    "Aurelia Pharma GmbH",
    (
        "Aurelia Pharma GmbH, Lindenallee 12, 30159 Hannover",
        "Geschäftsführung: Dr. Henrike Vollmer, Paul Adomeit",
        "Amtsgericht Hannover, HRB 000000, USt-IdNr. DE000000000",
        "Telefon 0511 0000-0, kontakt@aurelia-pharma.example",
        "Fiktives Unternehmen einer Vorführung",
    ),
)


@cache
def current() -> Company:
    """From `company.json` in the home: {"name": …, "imprint": [lines]}. Only Aurelia, which is fiction, needs none."""
    place = settings.get().home / "company.json"
    if place.exists():
        return _read(place.read_bytes())
    if settings.get().legal_entity == "aurelia":
        return FICTION
    raise SettingsError(f"{place} is missing: mail needs the sender's imprint, {{'name': …, 'imprint': [lines]}}.")


def _read(content: bytes) -> Company:
    try:
        document = orjson.loads(content)
        return Company(str(document["name"]), tuple(str(line) for line in document["imprint"]))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise SettingsError("company.json in the home must hold {'name': …, 'imprint': [lines]}.") from error
