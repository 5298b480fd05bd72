"""Reps: their login without a password, the proof of § 75 AMG, and the territory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from einklang.bridges.imports import fields, staff
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Job, Kind, Outcome, Row, by_chunk, refused, taken, write
from einklang.bridges.imports.kinds.affiliations import in_order
from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import bulk
from einklang.facts.people.roles import HCP, REP
from einklang.facts.people.rows import Difference, Stage

# Django reads "!" as: nobody can log in with a password. The invitation sets one.
NO_PASSWORD = "!" + "0" * 40
NOTHING = Difference({}, {})

IS_HCP = (
    Words(
        "Unter dieser Adresse meldet sich eine Ärztin oder ein Apotheker an.",
        "A professional signs in under this address.",
    ),
    Words("Bitte nehmen Sie die dienstliche Adresse des Außendienstes.", "Please take the rep's business address."),
)
FIELDS = (
    Field(
        name="email",
        label=Words("E-Mail", "E-mail"),
        synonyms=("mail", "e-mail-adresse", "email address", "login", "benutzer"),
        parse=fields.email,
        required=True,
        samples=("nora.feldmann@firma.example", "paul.arndt@firma.example"),
    ),
    Field(
        name="name",
        label=Words("Name", "Name"),
        synonyms=("voller name", "full name", "mitarbeiter"),
        parse=fields.text,
        required=True,
        samples=("Nora Feldmann", "Paul Arndt"),
    ),
    Field(
        name="locale",
        label=Words("Sprache", "Language"),
        parse=fields.choice({"de": ("Deutsch", "German"), "en": ("Englisch", "English")}),
        samples=("Deutsch", "Deutsch"),
    ),
    Field(
        name="qualification",
        label=Words("Sachkenntnis", "Qualification"),
        synonyms=("nachweis", "qualifikation", "§ 75 amg", "proof"),
        parse=fields.text,
        hint=Words(
            "Nachweis nach § 75 AMG. Ohne ihn zeigt der Tisch keine Arzneimittel.",
            "Proof of § 75 AMG. Without it the desk shows no medicines.",
        ),
        samples=("Pharmareferentin, geprüft", "Apotheker"),
    ),
    Field(
        name="valid_from",
        label=Words("Nachweis seit", "Proof since"),
        synonyms=("gültig ab", "valid from"),
        parse=fields.moment,
        samples=("01.09.2021", "15.03.2019"),
    ),
    Field(
        name="valid_until",
        label=Words("Nachweis bis", "Proof until"),
        synonyms=("gültig bis", "valid until"),
        parse=fields.moment,
    ),
    replace(staff.TERRITORY, required=False),
    Field(
        name="since",
        label=Words("Im Gebiet seit", "In the territory since"),
        synonyms=("seit", "since", "von"),
        parse=fields.moment,
        samples=("01.01.2026", "01.01.2026"),
    ),
    Field(
        name="until",
        label=Words("Im Gebiet bis", "In the territory until"),
        synonyms=("bis", "until"),
        parse=fields.moment,
    ),
)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    """A rep with two territories stands in two rows."""
    in_order(values)
    return (f"{values['email']}|{values.get('territory', '')}",)


class Chunk:
    def __init__(self, cur: Cursor, rows: Sequence[Row], job: Job) -> None:
        self.job = job
        self.users = staff.users(cur, [row.get("email") for row in rows])
        held = [(row["id"],) for row in self.users.rows.values()]
        proofs = bulk.QUALIFICATION.find(cur, ("user_id",), held)
        self.proofs = Stage(bulk.QUALIFICATION, lambda row: (row["user_id"], row["kind"]), proofs)
        self.territories = staff.territories(cur, rows)
        self.responsible = staff.responsible(cur, self.territories)

    def take(self, row: Row) -> Outcome:
        held = self.users.get(row.get("email"))
        if held and HCP in held["roles"]:
            return refused(row, InputError("email", *IS_HCP))
        user = held["id"] if held else ids.new()
        said = row.only("email", "name", "locale") | {"roles": _with_rep(held["roles"] if held else [])}
        login = {"id": user, "locale": "de", "is_active": True, "is_superuser": False, "password": NO_PASSWORD}
        main = self.users.put(row.get("email"), said, login)
        return taken(row, user, main, held is None, self._proved(row, user), self._works(row, user))

    def write(self, cur: Cursor) -> None:
        write(cur, self.job, self.users, self.proofs, self.territories, self.responsible)

    def _proved(self, row: Row, user: UUID) -> Difference:
        if not row.get("qualification"):
            return NOTHING
        said = {"user_id": user, "kind": row.get("qualification")} | row.only("valid_from", "valid_until")
        key = (user, row.get("qualification"))
        return self.proofs.put(key, said, {"valid_from": self.job.now, "valid_until": None})

    def _works(self, row: Row, user: UUID) -> Difference:
        if not row.get("territory"):
            return NOTHING
        territory = staff.territory(self.territories, row.get("territory"))
        said = {"territory_id": territory, "user_id": user} | row.only("since", "until")
        return self.responsible.put((territory, user), said, {"since": self.job.now, "until": None})


def _with_rep(roles: Sequence[str]) -> list[str]:
    return list(roles) if REP in roles else [*roles, REP]


KIND = Kind(
    name="reps",
    label=Words("Außendienst", "Reps"),
    icon="handshake",
    about=Words(
        "Mitarbeitende im Außendienst mit Sachkenntnis und Gebiet. "
        "Sie können sich anmelden, sobald sie eingeladen sind.",
        "Reps with qualification and territory. They can sign in as soon as they are invited.",
    ),
    found_by=Words("Wiedererkannt an der E-Mail-Adresse.", "Known again by the e-mail address."),
    fields=FIELDS,
    keys=keys,
    load=by_chunk(Chunk),
    sourced=False,
)
