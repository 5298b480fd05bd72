"""What other rules would have answered to the questions of the last weeks: counted, and stored nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from einklang.core.pg import Cursor
from einklang.loop.gate import facts, judge, verdicts
from einklang.loop.gate.packs import Packs
from einklang.loop.gate.question import Facts
from einklang.loop.gate.verdicts import Stored

MOST = 2000


class Changes(NamedTuple):
    """`asked` of the newest questions to send were judged again; `rules` say which rule would have spoken."""

    asked: int
    later: int
    never: int
    rules: dict[str, int]

    @property
    def same(self) -> int:
        return self.asked - self.later - self.never


def changes(cur: Cursor, other: Packs, since: datetime) -> Changes:
    stored = verdicts.listing(cur, limit=MOST, act="send", answer="yes", since=since)
    kept = _facts(cur, stored)
    asked, answers, rules = 0, Counter[str](), Counter[str]()
    for each in stored:
        known = kept.get(each.facts)
        if known is None:
            continue
        asked += 1
        again = judge.judge_one(each.question, known, other)
        answers[again.answer] += 1
        rules.update([] if again.yes else again.rules[:1])
    return Changes(asked, answers["not_before"], answers["no"], dict(rules.most_common()))


def _facts(cur: Cursor, stored: Sequence[Stored]) -> dict[str, Facts]:
    """By digest, in two queries."""
    own = _bodies(cur, {each.facts for each in stored})
    parts = {body[name] for body in own.values() for name in facts.SHARED if body.get(name) is not None}
    shared = _bodies(cur, parts)
    return {digest: facts.restored(body, shared) for digest, body in own.items()}


def _bodies(cur: Cursor, digests: set[str]) -> dict[str, dict[str, Any]]:
    return dict(cur.execute(verdicts.FACTS, (list(digests),)).fetchall())
