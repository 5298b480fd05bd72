"""The tables of people for whoever brings many at once (`rows.Stage`). The caller holds the persons' locks."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people import names
from einklang.facts.people.rows import Record, Table

PERSON = Table(
    "people_person",
    {
        "id": "uuid",
        "salutation": "text",
        "title": "text",
        "given_name": "text",
        "family_name": "text",
        "sort_key": "text",
        "profession": "text",
        "specialty": "text",
        "market": "text",
        "land": "text",
        "locale": "text",
        "email": "text",
        "phone": "text",
        "organisation_id": "uuid",
        "created_at": "timestamptz",
    },
)
ORGANISATION = Table(
    "people_organisation",
    {"id": "uuid", "name": "text", "street": "text", "postcode": "text", "city": "text", "land": "text"},
)
IDENTIFIER = Table("people_identifier", {"person_id": "uuid", "system": "text", "value": "text"}, counted=True)
ALIAS = Table("people_alias", {"namespace": "text", "value": "text", "person_id": "uuid"}, counted=True)
AFFILIATION = Table(
    "people_affiliation",
    {
        "person_id": "uuid",
        "organisation_id": "uuid",
        "function": "text",
        "bsnr": "text",
        "since": "timestamptz",
        "until": "timestamptz",
    },
    counted=True,
)
TERRITORY = Table("people_territory", {"id": "uuid", "name": "text"})
TERRITORY_PERSON = Table("people_territoryperson", {"territory_id": "uuid", "person_id": "uuid"}, counted=True)
TERRITORY_REP = Table(
    "people_territoryrep",
    {"territory_id": "uuid", "user_id": "uuid", "since": "timestamptz", "until": "timestamptz"},
    counted=True,
)
QUALIFICATION = Table(
    "people_qualification",
    {"user_id": "uuid", "kind": "text", "valid_from": "timestamptz", "valid_until": "timestamptz"},
    counted=True,
)
USER = Table(
    "people_user",
    {
        "id": "uuid",
        "email": "text",
        "name": "text",
        "roles": "text[]",
        "locale": "text",
        "is_active": "boolean",
        "is_superuser": "boolean",
        "password": "text",
    },
)

NAMELESS: Record = {
    "salutation": "",
    "title": "",
    "specialty": "",
    "market": "DE",
    "land": "",
    "locale": "de",
    "email": "",
    "phone": "",
    "organisation_id": None,
}
NOWHERE: Record = {"street": "", "postcode": "", "city": "", "land": ""}
UNSPECIFIED: Record = {"bsnr": "", "since": None, "until": None}


def sorted_as(family_name: str, given_name: str) -> Record:
    return {"sort_key": names.sort_key(family_name, given_name)}


def persons_of(cur: Cursor, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """By identifier (system, value)."""
    rows = IDENTIFIER.find(cur, ("system", "value"), pairs)
    return {(row["system"], row["value"]): row["person_id"] for row in rows}
