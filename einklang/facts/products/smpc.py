"""A new version of a Fachinformation takes the place of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words

NOT_LATER = (
    Words("Sie gilt schon von einem späteren Tag an.", "One is valid from a later day already."),
    Words(
        "Bitte wählen Sie einen Tag nach dem Beginn der jetzigen Fassung.",
        "Please choose a day after the present version began.",
    ),
)
NO_BODY = (
    Words("Es fehlt der Text.", "The text is missing."),
    Words("Bitte fügen Sie die Fachinformation im Wortlaut ein.", "Please paste the wording of the Fachinformation."),
)

LOCK = "SELECT id FROM products_authorisation WHERE id = %s FOR NO KEY UPDATE"
LATEST = "SELECT version, valid_from FROM products_smpc WHERE authorisation_id = %s ORDER BY version DESC LIMIT 1"
END = "UPDATE products_smpc SET valid_to = %s WHERE authorisation_id = %s AND valid_to IS NULL"
ADD = """
INSERT INTO products_smpc (id, authorisation_id, version, valid_from, body, sha256, safety_relevant, therapy_relevant)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    authorisation: UUID
    body: str
    valid_from: datetime
    safety_relevant: bool
    therapy_relevant: bool


def publish(cur: Cursor, edition: Edition) -> int:
    """Its number."""
    body = edition.body.strip()
    if not body:
        raise InputError("body", *NO_BODY)
    cur.execute(LOCK, (edition.authorisation,))
    latest = cur.execute(LATEST, (edition.authorisation,)).fetchone()
    number, since = latest or (0, None)
    if since is not None and edition.valid_from <= since:
        raise InputError("valid_from", *NOT_LATER)
    cur.execute(END, (edition.valid_from, edition.authorisation))
    row = (ids.new(), edition.authorisation, number + 1, edition.valid_from, body, ids.digest(body.encode()))
    cur.execute(ADD, (*row, edition.safety_relevant, edition.therapy_relevant))
    return int(number) + 1
