"""Verdicts as they are kept: written in bulk, read with their sentences, judged again from what they were made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.errors import EinklangError, NotFound
from einklang.core.pg import Cursor
from einklang.facts.people import read as people
from einklang.loop.gate import closed, facts, judge, packs
from einklang.loop.gate.packs import Document, Packs
from einklang.loop.gate.question import Facts, Question, Reason, Recipient, Verdict


class Kept(NamedTuple):
    """A row: the question, the answer, and the digest of the facts."""

    id: UUID
    stored_at: datetime
    stage: str
    act: str
    recipient_kind: str
    recipient: UUID | None
    person: UUID | None
    anonymous: str | None
    channel: str
    purpose: str
    sender: UUID | None
    unit: str
    content: UUID | None
    pack: UUID | None
    quantity: int
    permission: str | None
    message: UUID | None
    at: datetime
    answer: str
    not_before: datetime | None
    rule: str | None
    reasons: list[Any]
    flags: dict[str, Any]
    packs: list[str]
    facts: str


COLUMNS = ", ".join(Kept._fields)
COPY = f"COPY gate_verdict ({COLUMNS}) FROM STDIN"
SELECT = f"SELECT {COLUMNS} FROM gate_verdict"
FILTERS = {
    "person": "person = %s",
    "answer": "answer = %s",
    "rule": "rule = %s",
    "act": "act = %s",
    "channel": "channel = %s",
    "purpose": "purpose = %s",
    "contents": "content = ANY(%s)",
    "journeys": "id IN (SELECT verdict FROM gate_message WHERE journey = ANY(%s))",
    "since": "stored_at >= %s",
    "before": "stored_at < %s",
}
BEYOND = "(stored_at, id) < (SELECT stored_at, id FROM gate_verdict WHERE id = %s)"
FOLLOWING = """
WHERE (%(after)s::uuid IS NULL OR id > %(after)s) AND abs(mod(uuid_hash_extended(id, 0), %(one_of)s)) = 0
ORDER BY id LIMIT %(limit)s
"""
KEEP_FACTS = """
    INSERT INTO gate_facts (digest, body)
    SELECT * FROM unnest(%s::text[], %s::jsonb[]) AS kept (digest, body) ORDER BY digest ON CONFLICT DO NOTHING
"""
KEPT_PACKS = "SELECT name FROM gate_pack WHERE name = ANY(%s)"
KEEP_PACK = """
    INSERT INTO gate_pack (name, sha256, document, kept_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
FACTS = "SELECT digest, body FROM gate_facts WHERE digest = ANY(%s)"
PACKS = "SELECT name, sha256, document FROM gate_pack WHERE name = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept verdict with its question; `facts` is the digest under which its facts are kept."""

    id: UUID
    stored_at: datetime
    stage: str
    question: Question
    verdict: Verdict
    facts: str


@dataclass(frozen=True, slots=True)
class Replay:
    """`differences` names what does not agree: answer, not_before, reasons, flags, or facts and packs that changed.

    `missing` is a fact that today's rule reads and that was not kept then: there is nothing to compare.
    """

    stored: Verdict
    again: Verdict | None
    differences: tuple[str, ...]
    missing: str = ""

    @property
    def same(self) -> bool:
        return not self.differences and not self.missing


class _NotKept(EinklangError):
    """A rule reads a fact that was not stored."""


class _Kept(dict[str, Any]):
    """Stored facts, whose gaps have a name."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        super().__init__({name: _Kept(part) if isinstance(part, dict) else part for name, part in facts.items()})

    def __missing__(self, name: str) -> Any:
        raise _NotKept(name)


def store(
    cur: Cursor,
    questions: Sequence[Question],
    verdicts: Sequence[Verdict],
    known: Sequence[Facts],
    *,
    stage: str,
    now: datetime,
) -> list[UUID]:
    """In a constant number of statements, whatever the number of questions."""
    if not questions:
        return []
    digests, bodies = facts.stored_parts(known)
    cur.execute(KEEP_FACTS, (list(bodies), [body.decode() for body in bodies.values()]))
    _keep_packs(cur, {name for verdict in verdicts for name in verdict.packs}, now)
    kept = [ids.new() for _ in questions]
    answers = {id(verdict): _answered(verdict) for verdict in {id(one): one for one in verdicts}.values()}
    with cur.copy(COPY) as copy:
        for id_, question, verdict, digest in zip(kept, questions, verdicts, digests, strict=True):
            copy.write_row((id_, now, stage, *_asked(question), *answers[id(verdict)], digest))
    return kept


def get(cur: Cursor, verdict: UUID) -> Stored:
    try:
        return some(cur, [verdict])[verdict]
    except KeyError as error:
        raise NotFound(f"There is no verdict {verdict}.") from error


def some(cur: Cursor, wanted: Sequence[UUID]) -> dict[UUID, Stored]:
    rows = cur.execute(f"{SELECT} WHERE id = ANY(%s)", (list(wanted),)).fetchall()
    return {one.id: one for one in _read(cur, rows)}


def following(cur: Cursor, verdict: UUID | None, *, limit: int, one_of: int = 1) -> list[Stored]:
    """On from this one in the order of their ids; one in so many, always the same."""
    values = {"after": verdict, "one_of": one_of, "limit": limit}
    return _read(cur, cur.execute(f"{SELECT} {FOLLOWING}", values).fetchall())


def listing(cur: Cursor, *, limit: int = 50, beyond: UUID | None = None, **wanted: Any) -> list[Stored]:
    """Newest first, after the verdict `beyond`; `wanted` are FILTERS. `rule` is the most final one of a no."""
    where, values = condition(**wanted)
    if beyond:
        where, values = f"{where} AND {BEYOND}", [*values, beyond]
    query = f"{SELECT} WHERE {where} ORDER BY stored_at DESC, id DESC LIMIT %s"
    return _read(cur, cur.execute(query, (*values, limit)).fetchall())


def condition(**wanted: Any) -> tuple[str, list[Any]]:
    """What is None is not asked for."""
    values = {name: value for name, value in wanted.items() if value is not None}
    return " AND ".join(FILTERS[name] for name in values) or "true", list(values.values())


def replay(cur: Cursor, verdict: UUID) -> Replay:
    """Judge again from the kept facts with the kept packs, and compare."""
    stored = get(cur, verdict)
    try:
        return replays(cur, [stored])[verdict]
    except KeyError as error:
        raise NotFound(f"The facts {stored.facts} are not kept.") from error


def replays(cur: Cursor, verdicts: Sequence[Stored]) -> dict[UUID, Replay]:
    """Of many in three queries; whose facts are not kept is missing."""
    bodies = _bodies(cur, {one.facts for one in verdicts})
    kept = _kept_packs(cur, {name for one in verdicts for name in one.verdict.packs})
    used = {names: packs.again([kept[name][1] for name in names]) for names in {one.verdict.packs for one in verdicts}}
    changed = {name for name, (sha256, document) in kept.items() if packs.sha256(document) != sha256}
    return {one.id: _again(one, bodies, used[one.verdict.packs], changed) for one in verdicts if one.facts in bodies}


def _again(one: Stored, bodies: Mapping[str, Any], used: Packs, changed: Collection[str]) -> Replay:
    parts = _parts(one.facts, bodies)
    broken = ["facts" for name, body in parts.items() if ids.digest(facts.canonical(body)) != name]
    broken += [name for name in one.verdict.packs if name in changed]
    try:
        again = judge.judge_one(one.question, _Kept(facts.restored(parts[one.facts], parts)), used)
    except _NotKept as missing:
        return Replay(one.verdict, None, tuple(broken), missing.args[0])
    differences = [
        field
        for field, first, second in (
            ("answer", one.verdict.answer, again.answer),
            ("not_before", one.verdict.not_before, again.not_before),
            ("reasons", _reasons(one.verdict), _reasons(again)),
            ("flags", one.verdict.flags, again.flags),
            ("packs", one.verdict.packs, again.packs),
        )
        if first != second
    ]
    return Replay(one.verdict, again, (*differences, *broken))


def _asked(question: Question) -> tuple[Any, ...]:
    recipient = question.recipient
    return (
        question.act,
        recipient.kind,
        recipient.id,
        recipient.person,
        question.anonymous,
        question.channel,
        question.purpose,
        question.sender,
        question.unit,
        question.content,
        question.pack,
        question.quantity,
        question.permission,
        question.message,
        question.at,
    )


def _answered(verdict: Verdict) -> tuple[Any, ...]:
    rule = None if verdict.yes else verdict.reasons[0].rule
    reasons, flags = orjson.dumps(_reasons(verdict)).decode(), orjson.dumps(verdict.flags).decode()
    return verdict.answer, verdict.not_before, rule, reasons, flags, _array(verdict.packs)


def _reasons(verdict: Verdict) -> list[Any]:
    """A bare rule id passed; everything else is [rule, outcome, fill, not_before]."""
    return [
        reason.rule
        if reason.outcome == "pass" and len(reason.fill) == 1
        else [reason.rule, reason.outcome, dict(reason.fill), reason.not_before and reason.not_before.isoformat()]
        for reason in verdict.reasons
    ]


@cache
def _array(names: tuple[str, ...]) -> str:
    """The same for a whole campaign, and costly to write for every row."""
    return "{" + ",".join(f'"{name}"' for name in names) + "}"


def _keep_packs(cur: Cursor, names: set[str], now: datetime) -> None:
    missing = names - {name for (name,) in cur.execute(KEPT_PACKS, (list(names),))}
    for name in sorted(missing):
        document = packs.current().documents[name]
        cur.execute(KEEP_PACK, (name, packs.sha256(document), dict(document), now))


def _read(cur: Cursor, rows: Sequence[tuple[Any, ...]]) -> list[Stored]:
    """With the sentences of the packs that were used, and the persons' names."""
    kept = [Kept(*row) for row in rows]
    persons = {row.person for row in kept if row.person}
    cards = people.cards(cur, persons) if persons else {}
    used = _packs_of(cur, {tuple(row.packs) for row in kept})
    return [
        _stored(row, used[tuple(row.packs)], {locale: card.short(locale) for locale in ("de", "en")} if card else {})
        for row, card in ((row, cards.get(row.person) if row.person else None) for row in kept)
    ]


def _packs_of(cur: Cursor, chains: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], Packs]:
    current = packs.current()
    return {
        names: current if current.documents.keys() >= set(names) else packs.again(_documents(cur, names))
        for names in chains
    }


def _stored(row: Kept, used: Packs, names: Mapping[str, str]) -> Stored:
    question = Question(
        row.act,
        Recipient(row.recipient_kind, row.recipient, about=None if row.recipient_kind == "person" else row.person),
        row.channel,
        row.purpose,
        row.sender,
        row.unit,
        row.content,
        row.pack,
        row.quantity,
        row.permission,
        at=row.at,
        anonymous=row.anonymous,
        message=row.message,
    )
    told = tuple(_told(entry, used, row.channel, names) for entry in row.reasons)
    verdict = Verdict(row.answer, told, row.not_before, tuple(row.packs), row.flags)
    return Stored(row.id, row.stored_at, row.stage, question, verdict, row.facts)


def _told(entry: str | list[Any], used: Packs, channel: str, names: Mapping[str, str]) -> Reason:
    rule, outcome, fill, moment = (entry, "pass", {"channel": channel}, None) if isinstance(entry, str) else entry
    refused = closed.CLOSED.get(rule)
    wording = refused.wording if refused else used.wording(rule)
    return Reason(rule, outcome, wording, fill, datetime.fromisoformat(moment) if moment else None, names)


def _bodies(cur: Cursor, digests: Collection[str]) -> dict[str, Any]:
    """What stands behind these digests, and behind those of the parts that they share."""
    own: dict[str, Any] = dict(cur.execute(FACTS, (list(digests),)).fetchall())
    named = {digest for body in own.values() for digest in _shared(body)}
    return {**own, **dict(cur.execute(FACTS, (list(named),)).fetchall())} if named else own


def _parts(digest: str, bodies: Mapping[str, Any]) -> dict[str, Any]:
    return {name: bodies[name] for name in (digest, *_shared(bodies[digest])) if name in bodies}


def _shared(body: Mapping[str, Any]) -> list[str]:
    return [body[part] for part in facts.SHARED if body.get(part) is not None]


def _documents(cur: Cursor, names: Sequence[str]) -> list[Document]:
    """The pack documents in the order in which they are cited."""
    kept = _kept_packs(cur, names)
    return [kept[name][1] for name in names]


def _kept_packs(cur: Cursor, names: Collection[str]) -> dict[str, tuple[str, Document]]:
    return {name: (sha256, document) for name, sha256, document in cur.execute(PACKS, (list(names),))}
