"""The versions of a product's mandatory text. A new one takes the place of the one before on its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from einklang.core import ids
from einklang.core.errors import Conflict, InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.products import mandatory

INCOMPLETE = (
    Words("Dieses Feld ist leer oder ohne Grund ausgenommen.", "This field is empty or left out without a reason."),
    Words("Bitte ergänzen Sie den Text oder „n/a: Grund“.", "Please enter the text or “n/a: reason”."),
)
NOT_LATER = (
    Words("Es gibt schon eine Fassung von einem späteren Tag an.", "There is a version from a later day already."),
    Words("Bitte wählen Sie einen Tag nach deren Beginn.", "Please choose a day after it begins."),
)
CHANGED = Words(
    "Jemand hat inzwischen eine neue Fassung eingetragen.", "Somebody has entered a new version in the meantime."
)

LOCK = "SELECT id FROM products_authorisation WHERE id = %s FOR NO KEY UPDATE"
VERSIONS = """
SELECT id, version, valid_from, fields FROM products_mandatorytext WHERE authorisation_id = %s ORDER BY version DESC
"""
ADD = """
INSERT INTO products_mandatorytext (id, authorisation_id, version, valid_from, fields) VALUES (%s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Text:
    id: UUID
    version: int
    valid_from: datetime
    fields: dict[str, str]


def versions(cur: Cursor, authorisation: UUID) -> list[Text]:
    """The newest first."""
    return [Text(*row) for row in cur.execute(VERSIONS, (authorisation,))]


def publish(cur: Cursor, authorisation: UUID, fields: Mapping[str, str], valid_from: datetime, *, base: int) -> int:
    """Its number. `base` is the newest version that the author has seen (0: none)."""
    told = {name: text.strip() for name, text in fields.items() if text.strip()}
    if wrong := mandatory.problems(told):
        raise InputError(wrong[0], *INCOMPLETE)
    cur.execute(LOCK, (authorisation,))
    latest = next(iter(versions(cur, authorisation)), None)
    if base != (latest.version if latest else 0):
        raise Conflict(CHANGED)
    if latest and valid_from <= latest.valid_from:
        raise InputError("valid_from", *NOT_LATER)
    cur.execute(ADD, (ids.new(), authorisation, base + 1, valid_from, Jsonb(told)))
    return base + 1
