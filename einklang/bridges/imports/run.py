"""Takes a file in, chunk by chunk. A chunk is one transaction over its rows, its refusals and the place in the file:
killed anywhere, the next run goes on behind the last whole chunk, and no row comes twice or is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from einklang.bridges.imports import batches, files
from einklang.bridges.imports.batches import Batch
from einklang.bridges.imports.kind import CHANGED, REFUSED, UNCHANGED, Job, Outcome
from einklang.bridges.imports.rows import Read, Reader, Seen
from einklang.bridges.imports.tables import CHANGE, REFUSAL
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.audit import trail

CHUNK = 1000
SAMPLES = 50  # changes that a dry run shows
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('einklang imports'))"
AT_WORK = f"""
{batches.SELECT} WHERE state IN ('checking', 'running') AND (%(batch)s::uuid IS NULL OR id = %(batch)s)
ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
MOVE_ON = """
UPDATE imports_batch SET position = %(position)s, "offset" = %(offset)s, counts = %(counts)s, state = %(state)s,
       version = version + CASE WHEN state = %(state)s THEN 0 ELSE 1 END,
       finished_at = CASE WHEN %(state)s IN ('done', 'failed') THEN %(now)s ELSE finished_at END
WHERE id = %(id)s
"""
DONE = {"checking": "checked", "running": "done"}

# What the rows before the current one said, by batch and phase. Only a shortcut: `catch_up` builds it from the file.
_seen: dict[tuple[UUID, str], Seen] = {}


class Chunk(NamedTuple):
    reads: Sequence[Read]
    position: int
    offset: int


def advance(cur: Cursor, now: datetime, *, batch: UUID | None = None, limit: int = CHUNK) -> int:
    """The next rows of the oldest import at work; how many. The caller's transaction is the chunk."""
    row = cur.execute(AT_WORK, {"batch": batch}).fetchone()
    if row is None:
        return 0
    found = Batch(*row)
    if not files.place(found.id).exists():
        _move_on(cur, found, "failed", now, place=(found.position, found.offset), counts=found.counts)
        return 0
    chunk, seen = _read(found, limit)
    cur.execute(ONE_AT_A_TIME)
    outcomes, problems = _take(cur, found, chunk, seen, now)
    _note(cur, found, chunk, outcomes, problems)
    counts = Counter(found.counts)
    counts.update(outcome.result for outcome in outcomes)
    counts["warned"] += sum(bool(read.warnings) for read in chunk.reads)
    state = found.state if chunk.position < found.rows else DONE[found.state]
    _move_on(cur, found, state, now, place=(chunk.position, chunk.offset), counts=counts)
    if state == "done":
        _tell(cur, found, counts, now)
    return len(chunk.reads)


def give_up(cur: Cursor, now: datetime) -> None:
    """The database refuses what a row of the next chunk says: the import ends before it, and the worker goes on."""
    row = cur.execute(AT_WORK, {"batch": None}).fetchone()
    if row:
        found = Batch(*row)
        _move_on(cur, found, "failed", now, place=(found.position, found.offset), counts=found.counts)


def _read(batch: Batch, limit: int) -> tuple[Chunk, Seen]:
    reader = Reader(batch.definition, batch.columns, batch.mapping)
    seen = _memory(batch)
    seen.catch_up(batch.id, reader, batch.position)
    lines = list(islice(files.lines(batch.id, batch.offset), limit))
    reads = [reader.read(line.number, line.cells) for line in lines]
    offset = lines[-1].after if lines else batch.offset
    for read in reads:
        seen.note(read)
    seen.rows, seen.offset = max(seen.rows, batch.position + len(reads)), max(seen.offset, offset)
    return Chunk(reads, batch.position + len(reads), offset), seen


def _memory(batch: Batch) -> Seen:
    """Of this batch with this mapping; only one is kept."""
    name = (batch.id, f"{batch.phase} {batch.started_at}")
    if name not in _seen:
        _seen.clear()
        _seen[name] = Seen()
    return _seen[name]


def _take(
    cur: Cursor, batch: Batch, chunk: Chunk, seen: Seen, now: datetime
) -> tuple[list[Outcome], list[tuple[int, InputError]]]:
    """Outcomes in the order of the rows, and what is wrong, by the row's place in the file."""
    job = Job(batch.id, batch.source, batch.third_party, batch.phase == batches.CHECK, now)
    places = {read.row.number: place for place, read in enumerate(chunk.reads, start=batch.position)}
    problems: list[tuple[int, InputError]] = []
    refused: list[Outcome] = []
    good = []
    for read in chunk.reads:
        wrong = read.problems or _repeated(read, seen)
        if wrong:
            refused.append(Outcome(read.row.number, REFUSED))
            problems += [(places[read.row.number], problem) for problem in wrong]
        else:
            good.append(read.row)
    taken = batch.definition.load(cur, good, job) if good else []
    problems += [(places[each.row], each.problem) for each in taken if each.problem]
    return [*refused, *taken], problems


def _repeated(read: Read, seen: Seen) -> tuple[InputError, ...]:
    earlier = seen.earlier(read)
    if earlier is None:
        return ()
    return (
        InputError(
            "",
            Words(f"Dasselbe steht schon in Zeile {earlier}.", f"Row {earlier} says the same already."),
            Words("Bitte lassen Sie eine der beiden weg.", "Please leave one of the two out."),
        ),
    )


def _note(
    cur: Cursor, batch: Batch, chunk: Chunk, outcomes: Sequence[Outcome], problems: Sequence[tuple[int, InputError]]
) -> None:
    numbers = {place: read.row.number for place, read in enumerate(chunk.reads, start=batch.position)}
    doubts = [
        (place, problem) for place, read in enumerate(chunk.reads, start=batch.position) for problem in read.warnings
    ]
    noted = [(place, problem, False) for place, problem in problems] + [(*each, True) for each in doubts]
    REFUSAL.add(cur, [_refusal(batch, numbers[place], place, problem, warning) for place, problem, warning in noted])
    shown = [each for each in outcomes if each.result not in (UNCHANGED, REFUSED) and not each.problem]
    if batch.phase == batches.CHECK:
        left = max(SAMPLES - int(batch.counts.get(CHANGED, 0)), 0)
        shown = [each for each in shown if each.result == CHANGED][:left]
    CHANGE.add(cur, [_change(batch, each) for each in shown])


def _refusal(batch: Batch, row: int, place: int, problem: InputError, warning: bool) -> dict[str, object]:
    return {
        "batch_id": batch.id,
        "position": place,
        "row": row,
        "field": problem.field,
        "rule": _pair(problem.rule),
        "way_out": _pair(problem.way_out),
        "warning": warning,
    }


def _change(batch: Batch, outcome: Outcome) -> dict[str, object]:
    return {
        "batch_id": batch.id,
        "row": outcome.row,
        "subject": outcome.subject,
        "result": outcome.result,
        "before": dict(outcome.before),
        "after": dict(outcome.after),
    }


def _pair(text: Words | str) -> list[str]:
    return [text.de, text.en] if isinstance(text, Words) else [text, text]


def _move_on(cur: Cursor, batch: Batch, state: str, now: datetime, *, place: tuple[int, int], counts: object) -> None:
    """`place`: the row and its offset in the file, up to which all is done."""
    given = {
        "id": batch.id,
        "state": state,
        "position": place[0],
        "offset": place[1],
        "counts": Jsonb(counts),
        "now": now,
    }
    cur.execute(MOVE_ON, given)


def _tell(cur: Cursor, batch: Batch, counts: Counter[str], now: datetime) -> None:
    done = trail.Act(
        act="import.done",
        object=f"import:{batch.id}",
        who=batch.by,
        field="rows",
        old=None,
        new={**counts, "sha256": batch.sha256},
        source="import",
    )
    trail.write(cur, [done], now)
