"""Events that other systems tell under names of their own, read as kinds of ours.

The log keeps what was told. A mapping is applied where entries are read, so that it can be undone, and counts for what
came before it as well as for what follows. An event that lacks what the kind requires stays what it was."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from einklang.core.pg import Cursor
from einklang.loop.interactions import kinds
from einklang.loop.interactions.types import Entry

IN_FORCE = "SELECT id, source, name, kind, renames FROM interactions_mapping WHERE undone_at IS NULL"
# Beside a wish for some kinds: the names that are read as one of them.
ALSO = "(source, kind) IN (SELECT source, name FROM interactions_mapping WHERE undone_at IS NULL AND kind = ANY(%s))"


class Mapping(NamedTuple):
    id: int
    source: str
    name: str  # custom.…
    kind: str
    renames: dict[str, str]  # their property → ours


def targets(*, is_server: bool) -> list[str]:
    """A browser's key is public, so its events become only what a browser may tell. What counts towards contact limits
    is told as such or not at all: a mapping must not change afterwards what verdicts were based on."""
    told_by = ("browser", "server") if is_server else ("browser",)
    return [name for name, kind in kinds.KINDS.items() if kind.told_by in told_by and not kind.counts]


def renamed(properties: Map[str, Any], renames: Map[str, str]) -> dict[str, Any]:
    """What is renamed wins over what had that name before."""
    kept = {key: value for key, value in properties.items() if key not in renames}
    return kept | {ours: properties[theirs] for theirs, ours in renames.items() if theirs in properties}


def told(entry: Entry, mapping: Mapping | None) -> Entry:
    """As the mapping reads it; the entry itself where it lacks what the kind requires."""
    if mapping is None:
        return entry
    properties = renamed(entry.properties, mapping.renames)
    if kinds.check(mapping.kind, properties):
        return entry
    kind = kinds.kind(mapping.kind)
    return replace(
        entry,
        kind=mapping.kind,
        channel=kind.channel,
        initiator=kind.initiator,
        unit=kind.unit,
        depth=kind.depth,
        properties=properties,
    )


def read(cur: Cursor, entries: Sequence[Entry]) -> list[Entry]:
    """One more query, and only where something has a name of another system."""
    if not any(each.kind.startswith(kinds.CUSTOM) for each in entries):
        return list(entries)
    known = in_force(cur)
    return [told(each, known.get((each.source, each.kind))) for each in entries]


def in_force(cur: Cursor) -> dict[tuple[str, str], Mapping]:
    return {(each.source, each.name): each for each in (Mapping(*row) for row in cur.execute(IN_FORCE))}
