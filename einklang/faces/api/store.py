"""One group of requests becomes one transaction: keys, names, consent and log for all of them in a few queries."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from einklang.core import clock, settings
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.faces.api import events
from einklang.faces.api.admission import Limiter, admits
from einklang.faces.api.events import Telling, Told
from einklang.faces.api.wire import Answer, Call, problem
from einklang.facts.people import resolve
from einklang.loop.gate import judge
from einklang.loop.gate.question import Question, Recipient, Verdict
from einklang.loop.interactions import anonymous, keys, kinds, log
from einklang.loop.interactions.keys import WriteKey
from einklang.watch import trace
from einklang.watch.trace import Turn

UNKNOWN_KEY = problem(401, "The write key is unknown.", (b"www-authenticate", b'Basic realm="write key"'))
WRONG_ORIGIN = problem(403, "This write key may not be used from this origin.")
TOO_MANY = problem(429, "Too many events from this address. Send them again later.", (b"retry-after", b"10"))
TRACKING = "DE-TRK-01"
NARROWED = f"{TRACKING} the browser's own consent choice does not allow it"

Asked = tuple[UUID | str, str]  # whom, and the purpose of the key


class Job(NamedTuple):
    call: Call
    origin: str | None
    host: str
    address: str
    caller: Turn | None = None  # the request, where it is traced


@dataclass(slots=True)
class Work:
    """A request whose sender is known, on its way to an answer."""

    key: WriteKey
    caller: Turn | None
    told: list[Told] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    persons: dict[int, UUID] = field(default_factory=dict)  # by index of the event


def store(cur: Cursor, jobs: Sequence[Job], limiter: Limiter) -> list[Answer]:
    """The answers count once the caller has committed."""
    now = clock.now(cur)
    known = keys.lookup_many(cur, {job.call.key for job in jobs if job.call.key})
    admitted = [_admit(job, known.get(job.call.key or ""), limiter) for job in jobs]
    works = {index: _read(jobs[index], key, now) for index, key in enumerate(admitted) if isinstance(key, WriteKey)}
    _settle(cur, list(works.values()), now)
    return [answer if isinstance(answer, Answer) else _answer(works[index]) for index, answer in enumerate(admitted)]


def _admit(job: Job, key: WriteKey | None, limiter: Limiter) -> WriteKey | Answer:
    if key is None:
        return UNKNOWN_KEY
    if key.is_server:
        return key
    if not admits(job.origin, job.host, (*key.origins, settings.get().public_url)):
        return WRONG_ORIGIN
    if not limiter.allows(key.id, job.address, len(job.call.events), time.monotonic()):
        return TOO_MANY
    return key


def _read(job: Job, key: WriteKey, now: datetime) -> Work:
    call = job.call
    real_seconds = int(clock.real_now().timestamp())
    telling = Telling(key, now, real_seconds, call.sent_at, call.context, call.agent, call.doubts)
    work = Work(key, job.caller)
    for index, event in enumerate(call.events):
        try:
            work.told.append(events.read(event, index, telling))
        except InputError as error:
            work.errors.append({"index": index, "field": error.field, "reason": error.rule})
    return work


def _settle(cur: Cursor, works: Sequence[Work], now: datetime) -> None:
    _name_persons(cur, works)
    _drop_refused(cur, [work for work in works if not work.key.is_server], now)
    _join(cur, works, now)
    told = [
        (work.caller, events.interaction(each, work.key, work.persons.get(each.index), now))
        for work in works
        for each in work.told
    ]
    log.record(cur, [interaction for _, interaction in told])
    for caller, interaction in told:
        trace.told_by(interaction.id, caller)


def _name_persons(cur: Cursor, works: Sequence[Work]) -> None:
    names = {name for work in works for told in work.told for name in _names(told, work.key)}
    found = resolve.resolve(cur, list(names)) if names else {}
    for work in works:
        for told in work.told:
            person = told.person or next((found[name] for name in _names(told, work.key) if name in found), None)
            if person:
                work.persons[told.index] = person
    unknown = {name for name in names if name not in found and name[0].startswith(events.RESERVED)}
    if unknown:
        resolve.remember(cur, list(unknown))


def _names(told: Told, key: WriteKey) -> list[resolve.Name]:
    """By which she may be known, the surest first. A token needs none."""
    if told.person:
        return []
    if told.user:
        return [(resolve.PERSON, told.user), (key.source, told.user)]
    return [(resolve.ANONYMOUS, told.anonymous)] if told.anonymous else []


def _drop_refused(cur: Cursor, works: Sequence[Work], now: datetime) -> None:
    """A browser's events need the permission `tracking`; what may not be kept is counted without a person."""
    asked = {_asked(work, told) for work in works for told in work.told if not told.narrowed}
    verdicts = _ask(cur, asked, now) if asked else {}
    counted: Counter[tuple[str, str, str]] = Counter()
    for work in works:
        kept = []
        for told in work.told:
            if reason := NARROWED if told.narrowed else _reason(verdicts[_asked(work, told)]):
                rule = reason.partition(" ")[0]
                work.errors.append({"index": told.index, "field": "consent", "reason": reason, "rule": rule})
                counted[work.key.source, _counted_kind(told.kind), rule] += 1
            else:
                kept.append(told)
        work.told = kept
    _count(cur, counted, now)


def _asked(work: Work, told: Told) -> Asked:
    return work.persons.get(told.index) or told.anonymous or "", work.key.purpose


def _ask(cur: Cursor, asked: Collection[Asked], now: datetime) -> dict[Asked, Verdict]:
    questions = [
        Question(
            "record",
            Recipient("person", subject if isinstance(subject, UUID) else None),
            "portal",
            purpose,
            permission="tracking",
            anonymous=subject if isinstance(subject, str) else None,
            at=now,
        )
        for subject, purpose in asked
    ]
    return dict(zip(asked, judge.ask_only(cur, questions), strict=True))


def _reason(verdict: Verdict) -> str | None:
    if verdict.yes:
        return None
    decisive = replace(verdict.decisive[0], person={})  # a public answer names nobody
    return f"{decisive.rule} {decisive.text('en')}"


def _counted_kind(kind: str) -> str:
    return "custom" if kind.startswith(kinds.CUSTOM) else kind


def _count(cur: Cursor, counted: Counter[tuple[str, str, str]], now: datetime) -> None:
    for (source, kind, rule), number in sorted(counted.items()):
        cur.execute(
            "INSERT INTO api_refused (day, source, kind, rule, number) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (day, source, kind, rule) DO UPDATE SET number = api_refused.number + excluded.number",
            (now.date(), source, kind, rule, number),
        )


def _join(cur: Cursor, works: Sequence[Work], now: datetime) -> None:
    """`identify` and `alias` say whose an anonymous history is. Sorted, so that two groups never wait in a circle."""
    joins = {told.joins: work.persons.get(told.index) for work in works for told in work.told if told.joins}
    for name, person in sorted(joins.items(), key=itemgetter(0)):
        if person and resolve.join(cur, resolve.ANONYMOUS, name, person):
            anonymous.rejoin(cur, name, person, now)


def _answer(work: Work) -> Answer:
    errors = sorted(work.errors, key=lambda error: int(error["index"]))
    content = {"success": not errors, "accepted": len(work.told), "errors": errors}
    return Answer(200, orjson.dumps(content), accepted=len(work.told), refused=len(errors))
