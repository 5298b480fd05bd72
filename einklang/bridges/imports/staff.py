"""Reps and their territories, shared by the kinds that name them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from einklang.bridges.imports import fields
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Row
from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import bulk
from einklang.facts.people.rows import Stage

TERRITORY = Field(
    name="territory",
    label=Words("Gebiet", "Territory"),
    synonyms=("gebietsname", "region", "bezirk", "brick", "territory name"),
    parse=fields.text,
    required=True,
    samples=("Hannover Nord", "Göttingen Süd"),
)


def territories(cur: Cursor, rows: Sequence[Row]) -> Stage:
    """By name."""
    named = dict.fromkeys(name for row in rows if (name := row.get("territory")))
    return Stage(
        bulk.TERRITORY, lambda row: row["name"], bulk.TERRITORY.find(cur, ("name",), ((each,) for each in named))
    )


def territory(stage: Stage, name: str) -> UUID:
    """Added where nobody has named it yet."""
    stage.put(name, {"name": name}, {"id": ids.new()})
    return UUID(str(stage.rows[name]["id"]))


def users(cur: Cursor, emails: Sequence[str]) -> Stage:
    found = bulk.USER.find(cur, ("email",), ((each,) for each in emails))
    return Stage(bulk.USER, lambda row: row["email"], found)


def responsible(cur: Cursor, territories: Stage) -> Stage:
    """Who works in these territories, by territory and user."""
    held = [(row["id"],) for row in territories.rows.values()]
    found = bulk.TERRITORY_REP.find(cur, ("territory_id",), held)
    return Stage(bulk.TERRITORY_REP, lambda row: (row["territory_id"], row["user_id"]), found)
