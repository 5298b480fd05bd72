"""An import from upload to result. Every act names the version that its reader saw: who comes second is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from einklang.bridges.imports import columns, files, registry
from einklang.bridges.imports.files import Format
from einklang.bridges.imports.kind import Kind
from einklang.core import ids
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor, notify
from einklang.core.words import Words
from einklang.facts.audit import trail
from einklang.facts.people import origin

CHECK, RUN = "check", "run"
KEEP_FILES = timedelta(days=30)
EDITABLE = ("uploaded", "checking", "checked")

NAMES = (
    "id",
    "kind",
    "source",
    "third_party",
    "filename",
    "format",
    "sha256",
    "columns",
    "mapping",
    "rows",
    "state",
    "phase",
    "position",
    '"offset"',
    "counts",
    "version",
    "by_id",
    "created_at",
    "started_at",
    "finished_at",
    "file_erased_at",
)
SELECT = f"SELECT {', '.join(NAMES)} FROM imports_batch"
INSERT = """
INSERT INTO imports_batch (id, kind, source, third_party, filename, format, sha256, columns, mapping, rows, state,
                           phase, position, "offset", counts, version, by_id, created_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'uploaded', 'check', 0, 0, '{}', 0, %s, %s)
"""
MOVE = """
UPDATE imports_batch SET state = %(to)s, phase = %(phase)s, version = version + 1,
       started_at = CASE WHEN %(afresh)s THEN %(now)s ELSE started_at END,
       finished_at = CASE WHEN %(to)s = 'stopped' THEN %(now)s END,
       position = CASE WHEN %(afresh)s THEN 0 ELSE position END,
       "offset" = CASE WHEN %(afresh)s THEN 0 ELSE "offset" END,
       counts = CASE WHEN %(afresh)s THEN '{}' ELSE counts END
WHERE id = %(id)s AND version = %(version)s AND state = ANY(%(states)s) RETURNING id
"""
FORGET = (
    "DELETE FROM imports_refusal WHERE batch_id = %s",
    "DELETE FROM imports_change WHERE batch_id = %s",
)
DISCARD = "DELETE FROM imports_batch WHERE id = %s AND version = %s AND phase = 'check' AND state <> 'checking'"
REFUSALS = """
SELECT row, field, rule, way_out, warning FROM imports_refusal
WHERE batch_id = %s AND warning = %s ORDER BY position, id LIMIT %s
"""
CHANGES = """
SELECT id, row, subject, result, before, after FROM imports_change
WHERE batch_id = %(batch)s AND id > %(after)s AND (%(result)s::text IS NULL OR result = %(result)s)
ORDER BY id LIMIT %(limit)s
"""
REASONS = """
SELECT field, rule, count(DISTINCT position) FROM imports_refusal WHERE batch_id = %s AND warning = %s
GROUP BY field, rule ORDER BY 3 DESC, 1 LIMIT 20
"""
OLD = """
UPDATE imports_batch SET file_erased_at = %(now)s
WHERE file_erased_at IS NULL AND coalesce(finished_at, created_at) < %(before)s
  AND state NOT IN ('checking', 'running') RETURNING id
"""

MOVED_ON = Words(
    "Dieser Import hat sich inzwischen geändert.",
    "This import has changed meanwhile.",
)
NO_SOURCE = (
    Words("Es fehlt der Name der Quelle.", "The name of the source is missing."),
    Words(
        "Unter ihm erkennen wir die Zeilen beim nächsten Mal wieder, etwa „CRM“ oder „Adressliste Nord“.",
        "By it we know the rows again next time, such as “CRM” or “Address list North”.",
    ),
)
FILE_GONE = Words("Die Datei wurde inzwischen gelöscht.", "The file has been deleted meanwhile.")


@dataclass(frozen=True, slots=True)
class Batch:
    """`counts`: how many rows became new, changed, unchanged, refused or erased in this phase."""

    id: UUID
    kind: str
    source: str
    third_party: bool
    filename: str
    format: dict[str, str]
    sha256: str
    columns: Sequence[str]
    mapping: Mapping[str, str]
    rows: int
    state: str
    phase: str
    position: int
    offset: int
    counts: Mapping[str, int]
    version: int
    by: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    file_erased_at: datetime | None

    @property
    def definition(self) -> Kind:
        return registry.kind(self.kind)

    def left(self, now: datetime) -> timedelta | None:
        """Remaining time, from the pace so far."""
        if not self.started_at or not self.position:
            return None
        return (now - self.started_at) * ((self.rows - self.position) / self.position)


class Refusal(NamedTuple):
    row: int
    field: str
    rule: Words
    way_out: Words
    warning: bool


class Change(NamedTuple):
    id: int
    row: int
    subject: UUID | None
    result: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def upload(
    cur: Cursor,
    *,
    kind: Kind,
    name: str,
    content: bytes,
    source: str,
    third_party: bool,
    by: UUID | None,
    now: datetime,
) -> Batch:
    """Keeps the rows and suggests which column is what; nothing else happens yet."""
    if kind.sourced and not source.strip():
        raise InputError("source", *NO_SOURCE)
    table = files.read(name, content)
    columns.check(table.columns)
    batch = ids.new()
    count = files.keep(batch, table.rows)
    mapping = columns.remembered(cur, kind, table.columns) or columns.suggest(kind, table.columns)
    cur.execute(
        INSERT,
        (
            batch,
            kind.name,
            " ".join(source.split()),
            third_party,
            name,
            asdict(table.format),
            ids.digest(content),
            table.columns,
            Jsonb(mapping),
            count,
            by,
            now,
        ),
    )
    return get(cur, batch)


def check(cur: Cursor, batch: Batch, mapping: Mapping[str, str], *, version: int, now: datetime) -> Batch:
    """Begins the dry run; the worker does it."""
    chosen = {column: field for column, field in mapping.items() if column in batch.columns and field}
    columns.complete(batch.definition, chosen)
    _move(cur, batch, "checking", version, now, phase=CHECK, states=EDITABLE, afresh=True)
    cur.execute("UPDATE imports_batch SET mapping = %s WHERE id = %s", (Jsonb(chosen), batch.id))
    columns.remember(cur, batch.definition, batch.columns, chosen)
    return get(cur, batch.id)


def start(cur: Cursor, batch: Batch, *, by: UUID | None, version: int, now: datetime) -> Batch:
    """From here on rows are written."""
    _move(cur, batch, "running", version, now, phase=RUN, states=("checked",), afresh=True)
    return _told(cur, batch, "import.start", by, now)


def stop(cur: Cursor, batch: Batch, *, by: UUID | None, version: int, now: datetime) -> Batch:
    """Between two chunks; what is done stays."""
    _move(cur, batch, "stopped", version, now, phase=batch.phase, states=("checking", "running"))
    return _told(cur, batch, "import.stop", by, now)


def resume(cur: Cursor, batch: Batch, *, by: UUID | None, version: int, now: datetime) -> Batch:
    to = "running" if batch.phase == RUN else "checking"
    _move(cur, batch, to, version, now, phase=batch.phase, states=("stopped",))
    return _told(cur, batch, "import.resume", by, now)


def discard(cur: Cursor, batch: Batch, *, version: int) -> None:
    """A file of which nothing was taken goes without a trace."""
    for statement in FORGET:
        cur.execute(statement, (batch.id,))
    if not cur.execute(DISCARD, (batch.id, version)).rowcount:
        raise Conflict(MOVED_ON)
    files.erase(batch.id)


def noticed(cur: Cursor, batch: Batch, *, by: UUID, now: datetime) -> int:
    """Everybody who came by this import was told from where (EU-DP-05)."""
    told = origin.given(cur, origin.of_batch(cur, batch.id), now)
    said = trail.Act(act="import.notice", object=f"import:{batch.id}", who=by, field="told", new=len(told))
    trail.write(cur, [said], now)
    return len(told)


def get(cur: Cursor, batch: UUID) -> Batch:
    row = cur.execute(f"{SELECT} WHERE id = %s", (batch,)).fetchone()
    if row is None:
        raise NotFound(str(batch))
    return Batch(*row)


def listing(cur: Cursor, limit: int = 50) -> list[Batch]:
    """The newest first."""
    return [Batch(*row) for row in cur.execute(f"{SELECT} ORDER BY created_at DESC, id DESC LIMIT %s", (limit,))]


def refusals(cur: Cursor, batch: UUID, *, warnings: bool = False, limit: int = 50) -> list[Refusal]:
    rows = cur.execute(REFUSALS, (batch, warnings, limit)).fetchall()
    return [Refusal(row, field, Words(*rule), Words(*way), warning) for row, field, rule, way, warning in rows]


def reasons(cur: Cursor, batch: UUID, *, warnings: bool = False) -> list[tuple[str, Words, int]]:
    """Field, rule and how many rows break it, the most frequent first."""
    rows = cur.execute(REASONS, (batch, warnings)).fetchall()
    return [(field, Words(*rule), count) for field, rule, count in rows]


def changes(cur: Cursor, batch: UUID, *, after: int = 0, result: str | None = None, limit: int = 50) -> list[Change]:
    given = {"batch": batch, "after": after, "result": result, "limit": limit}
    return [Change(*row) for row in cur.execute(CHANGES, given)]


def errors(cur: Cursor, batch: Batch, locale: str) -> Iterator[list[str]]:
    """The refused rows as they came, and why: header first."""
    if batch.file_erased_at:
        raise Conflict(FILE_GONE)
    told: dict[int, list[str]] = {}
    for each in refusals(cur, batch.id, limit=files.MOST_ROWS * 10):
        field = batch.definition.field(each.field)
        name = f"{field.label.in_(locale)}: " if field else ""
        told.setdefault(each.row, []).append(f"{name}{each.rule.in_(locale)} {each.way_out.in_(locale)}".strip())
    yield [*batch.columns, "Fehler" if locale == "de" else "Error"]
    for line in files.lines(batch.id):
        if line.number in told:
            width = max(len(batch.columns), len(line.cells))
            cells = [*line.cells, *[""] * (width - len(line.cells))]
            yield [*cells, " ".join(told[line.number])]


def erase_old_files(cur: Cursor, now: datetime) -> int:
    """The rows of an import are kept for a month, to download what was refused."""
    old = [batch for (batch,) in cur.execute(OLD, {"now": now, "before": now - KEEP_FILES}).fetchall()]
    for batch in old:
        files.erase(batch)
    return len(old)


def format_of(batch: Batch) -> Format:
    return Format(**{field.name: batch.format[field.name] for field in fields(Format)})


def _move(
    cur: Cursor,
    batch: Batch,
    to: str,
    version: int,
    now: datetime,
    *,
    phase: str,
    states: Sequence[str],
    afresh: bool = False,
) -> None:
    given = {
        "id": batch.id,
        "to": to,
        "phase": phase,
        "version": version,
        "now": now,
        "states": list(states),
        "afresh": afresh,
    }
    if batch.file_erased_at:
        raise Conflict(FILE_GONE)
    if not cur.execute(MOVE, given).fetchone():
        raise Conflict(MOVED_ON)
    if afresh:
        for statement in FORGET:
            cur.execute(statement, (batch.id,))
    notify(cur, "outbox")  # wakes the worker


def _told(cur: Cursor, batch: Batch, act: str, by: UUID | None, now: datetime) -> Batch:
    after = get(cur, batch.id)
    said = trail.Act(
        act=act,
        object=f"import:{batch.id}",
        who=by,
        field="state",
        old=batch.state,
        new=after.state,
        source="studio" if by else "terminal",
    )
    trail.write(cur, [said], now)
    return after
