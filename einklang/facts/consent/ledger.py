"""The only writer of the consent ledger. Entries are added, never changed; the caller holds the persons' locks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core import erasure, ids, settings
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.consent import chain, wordings
from einklang.facts.consent.chain import Evidence, Link
from einklang.facts.consent.permissions import PERMISSIONS, STATES

COLUMNS = ", ".join(chain.NAMES)
COPY = f"COPY consent_entry ({COLUMNS}, sha256) FROM STDIN"
COPY_EVIDENCE = "COPY consent_evidence (entry, salt, plain) FROM STDIN"
NEW_HEADS = """
INSERT INTO consent_head (subject, position, sha256)
SELECT subject, 0, '' FROM unnest(%s::text[]) AS subject ORDER BY subject ON CONFLICT DO NOTHING
"""
HEADS = """
SELECT subject, position, sha256 FROM consent_head WHERE subject = ANY(%s) ORDER BY subject FOR NO KEY UPDATE
"""
MOVE_HEADS = """
UPDATE consent_head h SET position = n.position, sha256 = n.sha256
FROM unnest(%s::text[], %s::int[], %s::text[]) AS n (subject, position, sha256) WHERE h.subject = n.subject
"""
CURRENT = """
INSERT INTO consent_current (person, anonymous, legal_entity, permission, product, state, grade, since, entry)
SELECT * FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::uuid[]
)
ON CONFLICT (person, anonymous, legal_entity, permission, product) DO UPDATE
SET state = excluded.state, grade = excluded.grade, since = excluded.since, entry = excluded.entry
"""

UNKNOWN = Words("Das kennt das Einwilligungsregister nicht.", "The consent ledger does not know this.")
NO_GRADE = Words(
    "Nur eine erteilte Erlaubnis mit Stufen hat eine Stufe.", "Only a granted permission with grades has one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`subject` is a person's id, or an anonymous id as text. `source` is where it happened: portal, opt_in, desk …"""

    subject: UUID | str
    permission: str
    channel: str
    purpose: str
    state: str
    grade: str | None = None
    product: UUID | None = None
    wording: UUID | None = None
    locale: str = "de"
    evidence: dict[str, Any] = field(default_factory=dict)
    source: str = "portal"


def append(cur: Cursor, entries: Sequence[Entry], now: datetime) -> list[UUID]:
    """Ids in the order given. What rooms keep on the ground of a permission goes in the moment in which it ends."""
    for entry in entries:
        _check(entry)
    proofs = [chain.evidence(entry.evidence) for entry in entries]
    heads = _heads(cur, (chain.subject_key(entry.subject) for entry in entries))
    texts = wordings.digests(cur, {entry.wording for entry in entries if entry.wording})
    links = _links(entries, proofs, heads, texts, now)
    _write(cur, entries, links, proofs, heads)
    _end(cur, entries)
    return [link.id for link in links]


def erase_evidence(cur: Cursor, entry_ids: Iterable[UUID]) -> None:
    """The plain text goes, chain and digests stay whole."""
    cur.execute("DELETE FROM consent_evidence WHERE entry = ANY(%s)", (list(entry_ids),))


@dataclass(slots=True)
class _Head:
    position: int
    sha256: str


def _known(names: Iterable[str]) -> Words:
    listed = ", ".join(names)
    return Words(f"Es gibt: {listed}.", f"There is: {listed}.")


def _check(entry: Entry) -> None:
    permission = PERMISSIONS.get(entry.permission)
    if permission is None:
        raise InputError("permission", UNKNOWN, _known(PERMISSIONS))
    if entry.state not in STATES:
        raise InputError("state", UNKNOWN, _known(STATES))
    graded = bool(permission.grades) and entry.state == "granted"
    if graded and entry.grade not in permission.grades:
        raise InputError("grade", UNKNOWN, _known(permission.grades))
    if not graded and entry.grade is not None:
        raise InputError("grade", NO_GRADE)


def _heads(cur: Cursor, subjects: Iterable[str]) -> dict[str, _Head]:
    wanted = sorted(set(subjects))
    cur.execute(NEW_HEADS, (wanted,))
    return {subject: _Head(position, sha256) for subject, position, sha256 in cur.execute(HEADS, (wanted,))}


def _links(
    entries: Sequence[Entry],
    proofs: Sequence[Evidence],
    heads: dict[str, _Head],
    texts: dict[UUID, str],
    now: datetime,
) -> list[Link]:
    """Moves `heads` on."""
    links = []
    for entry, proof in zip(entries, proofs, strict=True):
        head = heads[chain.subject_key(entry.subject)]
        link = _link(entry, proof, head, texts, now)
        head.position, head.sha256 = link.position, chain.sha256(link)
        links.append(link)
    return links


def _link(entry: Entry, proof: Evidence, head: _Head, texts: dict[UUID, str], now: datetime) -> Link:
    return Link(
        id=ids.new(),
        subject=chain.subject_key(entry.subject),
        position=head.position + 1,
        legal_entity=settings.get().legal_entity,
        permission=entry.permission,
        channel=entry.channel,
        purpose=entry.purpose,
        state=entry.state,
        grade=entry.grade,
        product=entry.product,
        wording=entry.wording,
        wording_sha256=texts[entry.wording] if entry.wording else None,
        locale=entry.locale,
        source=entry.source,
        evidence_sha256=proof.sha256,
        at=now,
        previous=head.sha256,
    )


def _write(
    cur: Cursor,
    entries: Sequence[Entry],
    links: Sequence[Link],
    proofs: Sequence[Evidence],
    heads: dict[str, _Head],
) -> None:
    with cur.copy(COPY) as rows:
        for link in links:
            rows.write_row((*chain.values(link), chain.sha256(link)))
    with cur.copy(COPY_EVIDENCE) as rows:
        for link, proof in zip(links, proofs, strict=True):
            rows.write_row((link.id, proof.salt, proof.plain))
    _columns(cur, CURRENT, _last(entries, links))
    _columns(cur, MOVE_HEADS, [(subject, head.position, head.sha256) for subject, head in heads.items()])


def _last(entries: Sequence[Entry], links: Sequence[Link]) -> list[tuple[Any, ...]]:
    """What holds after this batch, one row per subject, permission and product."""
    rows = {}
    for entry, link in zip(entries, links, strict=True):
        key = (*_person_or_anonymous(entry.subject), link.legal_entity, link.permission, link.product)
        rows[key] = (*key, link.state, link.grade, link.at, link.id)
    return list(rows.values())


def _person_or_anonymous(subject: UUID | str) -> tuple[UUID | None, str | None]:
    return (subject, None) if isinstance(subject, UUID) else (None, subject)


def _end(cur: Cursor, entries: Sequence[Entry]) -> None:
    ended: dict[str, set[UUID]] = {}
    for entry in entries:
        if entry.state == "withdrawn" and isinstance(entry.subject, UUID):
            ended.setdefault(entry.permission, set()).add(entry.subject)
    for room in erasure.rooms() if ended else ():
        for permission, persons in ended.items():
            if room.ended:
                room.ended(cur, sorted(persons), permission)


def _columns(cur: Cursor, query: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Runs a query that takes its rows as one array per column."""
    if rows:
        cur.execute(query, [list(column) for column in zip(*rows, strict=True)])
