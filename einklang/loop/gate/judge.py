"""The verdict of the gate: pure, one question at a time, over facts that were loaded for the whole batch."""

from __future__ import annotations

from collections.abc import Sequence

from einklang.core.pg import Cursor
from einklang.loop.gate.packs import Packs
from einklang.loop.gate.question import Facts, Question, Verdict


def judge(questions: Sequence[Question], facts: Sequence[Facts], packs: Packs) -> list[Verdict]: ...


def ask_only(cur: Cursor, questions: Sequence[Question]) -> list[Verdict]: ...
