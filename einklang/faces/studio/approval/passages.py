"""The text as passages that carry their comments; marked words are found again by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from einklang.faces.studio.content import preview, words
from einklang.facts.content import passages
from einklang.facts.content.passages import Passage
from einklang.facts.content.read import Version
from einklang.services.approval.comments import Comment
from einklang.ui.text import t

DRAWN = ("list", "table", "figure", "video", "chart")
BARE = re.compile(r"\W+")


@dataclass(frozen=True)
class Said:
    """A comment with the names of who wrote it and its replies; `stands` where its words are still there."""

    comment: Comment
    author: str
    replies: Sequence[tuple[Comment, str]]
    stands: bool


@dataclass(frozen=True)
class Place:
    passage: Passage
    label: str
    anchor: str
    pieces: Sequence[tuple[str, bool]]
    block: dict[str, Any] | None
    said: Sequence[Said]


def of(content: Version, locale: str, threads: Sequence[Comment], names: Mapping[UUID, str]) -> list[Place]:
    """In the order of reading; what speaks of a passage that is gone stands at the first one."""
    found = passages.of(content.body[locale], locale)
    here = [thread for thread in threads if thread.locale == locale]
    known = {passage.path for passage in found}
    lost = [thread for thread in here if thread.path not in known]
    return [
        _place(passage, [*(lost if number == 0 else []), *(each for each in here if each.path == passage.path)], names)
        for number, passage in enumerate(found)
    ]


def anchor(path: str) -> str:
    return f"p-{BARE.sub('-', path).strip('-')}"


def _place(passage: Passage, threads: Sequence[Comment], names: Mapping[UUID, str]) -> Place:
    open_quotes = [thread.quote for thread in threads if thread.quote and thread.resolved_at is None]
    block = preview.drawn(dict(passage.block)) if passage.block and passage.kind in DRAWN else None
    return Place(
        passage=passage,
        label=t(*words.PASSAGES[passage.kind]),
        anchor=anchor(passage.path),
        pieces=list(_marked(passage.text, open_quotes)),
        block=block,
        said=[_said(thread, passage, names) for thread in threads],
    )


def _said(thread: Comment, passage: Passage, names: Mapping[UUID, str]) -> Said:
    stands = thread.path == passage.path and " ".join(thread.quote.split()) in " ".join(passage.text.split())
    replies = [(reply, names.get(reply.author, "")) for reply in thread.replies]
    return Said(thread, names.get(thread.author, ""), replies, stands)


def _marked(text: str, quotes: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether somebody speaks of just these words."""
    wanted = sorted({quote for quote in quotes if quote}, key=len, reverse=True)
    if not wanted:
        yield text, False
        return
    pattern = re.compile("|".join(r"\s+".join(map(re.escape, quote.split())) for quote in wanted))
    at = 0
    for match in pattern.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        if match.group():
            yield match.group(), True
        at = match.end()
    if at < len(text):
        yield text[at:], False
