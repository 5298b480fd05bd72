"""Documents in the making. Whoever saves says which revision she had before her, so nobody overwrites another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import Conflict, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.loop.decide.journeys import changes, places, publishable, store
from einklang.loop.decide.journeys import document as documents
from einklang.loop.decide.journeys.document import WrongDocument
from einklang.loop.decide.journeys.places import Read
from einklang.loop.decide.journeys.problems import Problem
from einklang.loop.decide.journeys.trials import Outcome, outcomes

COLUMNS = "id, journey_id, base_id, text, tests, revision, updated_at, updated_by_id"
SELECT = f"SELECT {COLUMNS} FROM decide_draft"
OPEN = f"""
INSERT INTO decide_draft ({COLUMNS}) VALUES (%s, %s, %s, %s, %s, 1, %s, %s) ON CONFLICT (journey_id) DO NOTHING
"""
UNTOUCHED = f"{SELECT} WHERE journey_id IS NULL AND revision = 1 AND updated_by_id = %s AND text = %s LIMIT 1"
SAVE = """
UPDATE decide_draft SET text = %s, tests = %s, revision = revision + 1, updated_at = %s, updated_by_id = %s
WHERE id = %s
"""
JOURNEY = (
    "SELECT v.id, v.document, v.tests FROM decide_version v WHERE v.journey_id = %s ORDER BY v.number DESC LIMIT 1"
)
KEYS = "SELECT id, key FROM decide_journey WHERE key = %s OR id = %s"
EMPTY: Mapping[str, Any] = {
    "format": 1,
    "key": "neue-journey",
    "title": {"de": "Neue Journey", "en": "New journey"},
    "trigger": {"kind": "content.viewed", "once_in_days": 180},
    "start": "warten",
    "steps": {"warten": {"wait": {"for": "P2D"}, "next": "end"}},
    "goal": {"kind": "visit.held", "within_days": 30},
}


@dataclass(frozen=True, slots=True)
class Draft:
    """`journey` is None for a new one; `base` is the version that it started from."""

    id: UUID
    journey: UUID | None
    base: UUID | None
    text: str
    tests: str
    revision: int
    updated_at: datetime
    updated_by: UUID


@dataclass(frozen=True, slots=True)
class Checked:
    """`problems` with the lines on which they stand, first line first; `trials` is what the journey's tests say."""

    read: Read
    problems: tuple[tuple[int, Problem], ...]
    trials: tuple[Outcome, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.problems and all(each.passed for each in self.trials)

    @property
    def document(self) -> Any:
        return self.read.document


class Outdated(Conflict):
    """Somebody else saved meanwhile; `draft` is what stands there now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("Somebody else has saved this draft meanwhile.")
        self.draft = draft


def of_journey(cur: Cursor, journey: UUID, by: UUID, now: datetime) -> Draft:
    """The journey's open draft; begun from the newest version if there is none."""
    row = cur.execute(JOURNEY, (journey,)).fetchone()
    if row is None:
        raise NotFound(f"There is no journey {journey}.")
    version, document, tests = row
    cur.execute(OPEN, (ids.new(), journey, version, changes.written(document), tests, now, by))
    found = cur.execute(f"{SELECT} WHERE journey_id = %s", (journey,)).fetchone()
    return Draft(*found or ())


def begin(cur: Cursor, by: UUID, now: datetime, *, copy: UUID | None = None) -> Draft:
    """A new journey, from scratch or as a copy of another with a key of its own. Begun twice it is begun once."""
    document, tests = dict(EMPTY), ""
    if copy:
        row = cur.execute(JOURNEY, (copy,)).fetchone()
        if row is None:
            raise NotFound(f"There is no journey {copy}.")
        _, document, tests = row
    document["key"] = _free_key(cur, document["key"] + ("-kopie" if copy else ""))
    text = changes.written(document)
    if known := cur.execute(UNTOUCHED, (by, text)).fetchone():
        return Draft(*known)
    draft = ids.new()
    cur.execute(OPEN, (draft, None, None, text, tests, now, by))
    return get(cur, draft)


def get(cur: Cursor, draft: UUID, *, lock: bool = False) -> Draft:
    row = cur.execute(f"{SELECT} WHERE id = %s{' FOR UPDATE' if lock else ''}", (draft,)).fetchone()
    if row is None:
        raise NotFound(f"There is no draft {draft}.")
    return Draft(*row)


def listing(cur: Cursor) -> list[Draft]:
    return [Draft(*row) for row in cur.execute(f"{SELECT} ORDER BY updated_at DESC, id")]


def save(
    cur: Cursor, draft: UUID, text: str, *, revision: int, by: UUID, now: datetime, tests: str | None = None
) -> Draft:
    """A text that stands there already is not saved again: a double click is none. None leaves the tests alone."""
    known = get(cur, draft, lock=True)
    wanted = known.tests if tests is None else tests
    if (known.text, known.tests) == (text, wanted):
        return known
    if known.revision != revision:
        raise Outdated(known)
    cur.execute(SAVE, (text, wanted, now, by, draft))
    return get(cur, draft)


def discard(cur: Cursor, draft: UUID, *, revision: int) -> None:
    known = get(cur, draft, lock=True)
    if known.revision != revision:
        raise Outdated(known)
    cur.execute("DELETE FROM decide_draft WHERE id = %s", (draft,))


def again(cur: Cursor, journey: UUID | None, text: str, tests: str, *, by: UUID, now: datetime) -> Draft:
    """What was discarded. Raises `Outdated` where somebody has gone on with another draft of the journey meanwhile."""
    same = (each for each in listing(cur) if (each.journey, each.text, each.tests) == (journey, text, tests))
    if back := next(same, None):
        return back
    fresh = of_journey(cur, journey, by, now) if journey else begin(cur, by, now)
    return save(cur, fresh.id, text, revision=1, by=by, now=now, tests=tests)


def check(cur: Cursor, draft: Draft, text: str, now: datetime, tests: str = "") -> Checked:
    read = places.read(text)
    if read.problems:
        return Checked(read, read.problems)
    found = [*publishable.problems(cur, read.document, now), *_wrong_key(cur, draft, read.document)]
    placed = tuple(sorted(((read.line(each), each) for each in found), key=lambda pair: pair[0]))
    sound = not documents.check(read.document)
    return Checked(read, placed, tuple(outcomes(documents.parse(read.document), tests)) if sound else ())


def publish(cur: Cursor, draft: UUID, *, revision: int, by: UUID, now: datetime) -> UUID:
    """The id of the journey; the draft is gone."""
    known = get(cur, draft, lock=True)
    if known.revision != revision:
        raise Outdated(known)
    checked = check(cur, known, known.text, now)
    if checked.problems:
        raise WrongDocument([problem for _, problem in checked.problems])
    version = store.publish(cur, checked.document, by, now, known.tests)
    cur.execute("DELETE FROM decide_draft WHERE id = %s", (draft,))
    row = cur.execute("SELECT journey_id FROM decide_version WHERE id = %s", (version,)).fetchone()
    if row is None:
        raise NotFound(f"There is no version {version}.")
    journey: UUID = row[0]
    return journey


def _wrong_key(cur: Cursor, draft: Draft, document: Any) -> list[Problem]:
    """A document with the key of another journey would become its next version."""
    key = document.get("key")
    known = dict(cur.execute(KEYS, (str(key), draft.journey)).fetchall())
    own = known.get(draft.journey) if draft.journey else None
    if own is not None and own != key:
        text = Words(
            f"Der Schlüssel einer Journey ändert sich nicht: {own!r}. Für einen anderen beginnen Sie eine neue.",
            f"The key of a journey does not change: {own!r}. For another one begin a new journey.",
        )
        return [Problem("", "key", text)]
    if own is None and key in known.values():
        text = Words(f"Den Schlüssel {key!r} hat schon eine Journey.", f"Another journey has the key {key!r}.")
        return [Problem("", "key", text)]
    return []


def _free_key(cur: Cursor, wanted: str) -> str:
    rows = cur.execute("SELECT key FROM decide_journey WHERE starts_with(key, %s)", (wanted[:50],))
    taken = {key for (key,) in rows}
    numbered = (f"{wanted[:50]}-{number}" for number in range(2, len(taken) + 3))
    return wanted[:63] if wanted not in taken else next(each for each in numbered if each not in taken)
