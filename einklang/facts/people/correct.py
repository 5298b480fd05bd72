"""Corrections of the golden record (Art. 16 GDPR)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import checks, names
from einklang.facts.people.read import PersonCard

FIELDS = ("salutation", "title", "given_name", "family_name", "specialty", "locale", "email", "phone")
LONGEST = 200
UNKNOWN = Words("Dieses Feld lässt sich so nicht berichtigen.", "This field cannot be corrected this way.")
MISSING = Words("Der Name fehlt.", "The name is missing.")
TOO_LONG = Words("Höchstens 200 Zeichen.", "At most 200 characters.")
CHOICES = {"salutation": ("", "Frau", "Herr"), "locale": ("de", "en")}
CURRENT = f"SELECT {', '.join(FIELDS)} FROM people_person WHERE id = %s"


def correct(cur: Cursor, person: UUID, changes: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the fields that differ afterwards. The caller holds the person's lock."""
    checked = check(changes)
    row = cur.execute(CURRENT, (person,)).fetchone()
    before = dict(zip(FIELDS, row or (), strict=True))
    changed = {name: value for name, value in checked.items() if before[name] != value}
    if not changed:
        return ()
    after = before | changed
    after["sort_key"] = names.sort_key(after["family_name"], after["given_name"])
    columns = ", ".join(f"{name} = %({name})s" for name in after)
    cur.execute(f"UPDATE people_person SET {columns} WHERE id = %(id)s", {**after, "id": person})
    return tuple(changed)


def seen(card: PersonCard) -> str:
    """Names what a form was filled in with, so that a change meanwhile is noticed."""
    return ids.digest(orjson.dumps([getattr(card, name) for name in FIELDS]))[:16]


def check(changes: Mapping[str, str]) -> dict[str, str]:
    """As they would be stored. Raises `InputError` with the field."""
    if unknown := changes.keys() - set(FIELDS):
        raise InputError(min(unknown), UNKNOWN)
    return {name: _checked(name, value) for name, value in changes.items()}


def _checked(name: str, value: str) -> str:
    if len(value) > LONGEST:
        raise InputError(name, TOO_LONG)
    if name in CHOICES and value not in CHOICES[name]:
        raise InputError(name, UNKNOWN)
    rule: Callable[[str, str], str] | None = RULES.get(name)
    return rule(name, value) if rule else checks.line(name, value)


def _name(field: str, value: str) -> str:
    if not checks.line(field, value):
        raise InputError(field, MISSING)
    return checks.line(field, value)


def _email(field: str, value: str) -> str:
    return checks.email(value, field)


RULES: Mapping[str, Callable[[str, str], str]] = {"given_name": _name, "family_name": _name, "email": _email}
