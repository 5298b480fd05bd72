"""Two texts side by side: which passages are new, gone or changed, and in a changed one which words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from einklang.facts.content.passages import Passage

Change = Literal["same", "added", "removed", "changed"]
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
ALIKE = 0.4  # below this two passages are not one that changed but one gone and one new


@dataclass(frozen=True, slots=True)
class Piece:
    """`change` is added in the new text, removed in the old one, else same."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    change: Change
    old: Passage | None
    new: Passage | None
    before: Sequence[Piece] = ()
    after: Sequence[Piece] = ()

    @property
    def inline(self) -> list[Piece]:
        """Both texts in one line of reading: what is gone stands before what took its place."""
        return list(_merged(self.before, self.after))


def passages(old: Sequence[Passage], new: Sequence[Passage]) -> list[Row]:
    matcher = SequenceMatcher(None, [_key(each) for each in old], [_key(each) for each in new], autojunk=False)
    rows: list[Row] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            rows += [_row("same", before, after) for before, after in zip(old[i1:i2], new[j1:j2], strict=True)]
        else:
            rows += _paired(old[i1:i2], new[j1:j2])
    return rows


def words(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    left, right = WORDS.findall(before), WORDS.findall(after)
    old: list[Piece] = []
    new: list[Piece] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if i2 > i1:
            old.append(Piece("same" if kind == "equal" else "removed", "".join(left[i1:i2])))
        if j2 > j1:
            new.append(Piece("same" if kind == "equal" else "added", "".join(right[j1:j2])))
    return old, new


def _key(passage: Passage) -> tuple[str, str]:
    return passage.kind, passage.text


def _paired(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Row]:
    """Each old passage with the first new one behind the last pair that is like it."""
    taken = 0
    for before in old:
        found = next((index for index in range(taken, len(new)) if _alike(before, new[index])), None)
        if found is None:
            yield _row("removed", before, None)
            continue
        for after in new[taken:found]:
            yield _row("added", None, after)
        yield _row("changed", before, new[found])
        taken = found + 1
    for after in new[taken:]:
        yield _row("added", None, after)


def _alike(old: Passage, new: Passage) -> bool:
    if old.kind != new.kind:
        return False
    if old.path == new.path and old.path.isalpha():  # title, lede and their like have one place
        return True
    return SequenceMatcher(None, WORDS.findall(old.text), WORDS.findall(new.text), autojunk=False).ratio() >= ALIKE


def _row(change: Change, old: Passage | None, new: Passage | None) -> Row:
    if change == "changed" and old and new:
        before, after = words(old.text, new.text)
        return Row(change, old, new, before, after)
    tone: Change = "same" if change == "same" else change
    return Row(change, old, new, [Piece(tone, old.text)] if old else [], [Piece(tone, new.text)] if new else [])


def _merged(before: Sequence[Piece], after: Sequence[Piece]) -> Iterator[Piece]:
    right = iter(after)
    waiting = next(right, None)
    for piece in before:
        if piece.change == "removed":
            yield piece
            continue
        while waiting is not None and waiting.change == "added":
            yield waiting
            waiting = next(right, None)
        yield piece
        waiting = next(right, None)
    while waiting is not None:
        if waiting.change == "added":
            yield waiting
        waiting = next(right, None)
