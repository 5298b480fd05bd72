"""What would come of a mailing if it began at a moment: how many people fit, and what the gate would answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from einklang.core.pg import Cursor
from einklang.facts.content.read import Version
from einklang.loop.decide.mailings import run, segment
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.gate.question import Reason, Verdict

JUDGED = 2_000


@dataclass(frozen=True, slots=True)
class Held:
    """A rule that keeps people out for good; `reason` says why and what to do, without a name."""

    rule: str
    people: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Outlook:
    """`total` fit the segment; of them the first `judged` were judged: `may` now, `later`, the rest is withheld."""

    total: int
    judged: int
    may: int
    later: int
    held: Sequence[Held]

    @property
    def withheld(self) -> int:
        return self.judged - self.may - self.later

    @property
    def is_part(self) -> bool:
        return self.judged < self.total


def look(
    cur: Cursor, wanted: Segment, version: Version | None, *, at: datetime, until: datetime, now: datetime
) -> Outlook:
    """If it began `at` and ended `until`. Without a mail the people are counted and nothing is judged."""
    total = segment.count(cur, wanted, now)
    if version is None:
        return Outlook(total, 0, 0, 0, [])
    verdicts = run.judged(cur, version, segment.first(cur, wanted, now, JUDGED), at, until)
    answers = Counter(each.answer for each in verdicts)
    return Outlook(total, len(verdicts), answers["yes"], answers["not_before"], _held(verdicts))


def _held(verdicts: Sequence[Verdict]) -> list[Held]:
    """By the most final rule, most people first."""
    refused = [each.reasons[0] for each in verdicts if each.answer == "no"]
    reasons = {each.rule: each for each in refused}
    return [Held(rule, people, reasons[rule]) for rule, people in Counter(each.rule for each in refused).most_common()]
