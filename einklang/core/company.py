"""Who writes: the legal entity with the imprint that § 5 and § 6 DDG ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import orjson

from einklang.core import settings
from einklang.core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Company:
    """`address`: street and town, as on a label. `imprint`: one line each, in the order in which they are read.

    `privacy_contact`: how to reach the data protection officer (Art. 13 (1) (b) GDPR); empty where nobody is appointed.
    """

    name: str
    address: tuple[str, ...]
    imprint: tuple[str, ...]
    privacy_contact: str = ""


HOW = "{'name': …, 'address': [lines], 'imprint': [lines]}"
NOT_SET_UP = Company("Einklang", (), ())


@cache
def current() -> Company:
    """From `company.json` in the home: name, address, imprint. Only before it is set up a house has none."""
    place = settings.get().home / "company.json"
    if place.exists():
        return _read(place.read_bytes())
    if settings.get().legal_entity == settings.MODEL:
        return NOT_SET_UP
    raise SettingsError(f"{place} is missing: mail needs the sender's imprint, {HOW}.")


def _read(content: bytes) -> Company:
    try:
        document = orjson.loads(content)
        address, imprint = (tuple(str(line) for line in document[part]) for part in ("address", "imprint"))
        return Company(str(document["name"]), address, imprint, str(document.get("privacy_contact") or ""))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise SettingsError(f"company.json in the home must hold {HOW}.") from error
