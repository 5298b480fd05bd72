"""Remarks at a passage, with replies; whoever works on the text may settle them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import passages
from einklang.facts.content.read import Version

LONGEST = 4000
EMPTY = (
    Words("Die Anmerkung ist leer.", "The comment is empty."),
    Words("Bitte schreiben Sie, was sich ändern soll.", "Please write what should change."),
)
TOO_LONG = (
    Words("Die Anmerkung ist länger als 4.000 Zeichen.", "The comment is longer than 4,000 characters."),
    Words("Bitte kürzen Sie sie.", "Please shorten it."),
)
NOT_THERE = Words("Diese Anmerkung gibt es nicht.", "There is no such comment.")
NO_PLACE = (
    Words("Diese Stelle gibt es im Text nicht.", "There is no such passage in the text."),
    Words("Bitte wählen Sie eine Stelle aus.", "Please choose a passage."),
)
NOT_IN_IT = (
    Words("Diese Wörter stehen nicht an dieser Stelle.", "These words do not stand in this passage."),
    Words("Bitte markieren Sie sie neu.", "Please mark them again."),
)

ADD = """
INSERT INTO approval_comment (id, version_id, parent_id, locale, path, quote, text, author_id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
ALL = """
SELECT c.id, c.parent_id, c.locale, c.path, c.quote, c.text, c.author_id, c.at, c.resolved_at, c.resolved_by_id
FROM approval_comment c WHERE c.version_id = %s ORDER BY c.at, c.id
"""
ROOT = "SELECT locale, path, version_id FROM approval_comment WHERE id = %s AND parent_id IS NULL"
RESOLVE = """
UPDATE approval_comment SET resolved_at = %s, resolved_by_id = %s
WHERE id = %s AND version_id = %s AND parent_id IS NULL AND (resolved_at IS NULL) = %s
"""
OPEN = "SELECT count(*) FROM approval_comment WHERE version_id = %s AND parent_id IS NULL AND resolved_at IS NULL"


@dataclass(frozen=True, slots=True)
class Comment:
    id: UUID
    parent: UUID | None
    locale: str
    path: str
    quote: str
    text: str
    author: UUID
    at: datetime
    resolved_at: datetime | None
    resolved_by: UUID | None
    replies: list[Comment] = field(default_factory=list)


def add(cur: Cursor, content: Version, *, locale: str, path: str, quote: str, text: str, user: UUID,
        now: datetime) -> UUID:  # fmt: skip
    words = _checked(text)
    known = {each.path: each.text for each in passages.of(content.body.get(locale, {}), locale)}
    if path not in known:
        raise InputError("path", *NO_PLACE)
    if quote and " ".join(quote.split()) not in " ".join(known[path].split()):
        raise InputError("quote", *NOT_IN_IT)
    return _add(cur, content.id, None, (locale, path, quote, words, user, now))


def reply(cur: Cursor, parent: UUID, *, text: str, user: UUID, now: datetime) -> UUID:
    row = cur.execute(ROOT, (parent,)).fetchone()
    if row is None:
        raise NotFound(NOT_THERE)
    locale, path, version = row
    return _add(cur, version, parent, (locale, path, "", _checked(text), user, now))


def resolve(cur: Cursor, version: UUID, comment: UUID, *, user: UUID, now: datetime) -> bool:
    """False where somebody was faster."""
    return cur.execute(RESOLVE, (now, user, comment, version, True)).rowcount > 0


def reopen(cur: Cursor, version: UUID, comment: UUID) -> bool:
    return cur.execute(RESOLVE, (None, None, comment, version, False)).rowcount > 0


def threads(cur: Cursor, version: UUID) -> list[Comment]:
    """Oldest first, each with its replies."""
    found: dict[UUID, Comment] = {}
    for each in (Comment(*row) for row in cur.execute(ALL, (version,)).fetchall()):
        if each.parent is None:
            found[each.id] = each
        else:
            found[each.parent].replies.append(each)
    return list(found.values())


def unresolved(cur: Cursor, version: UUID) -> int:
    row = cur.execute(OPEN, (version,)).fetchone()
    return row[0] if row else 0


def stands(comment: Comment, content: Version) -> bool:
    """Whether the words that it speaks of are still there."""
    known = {each.path: each.text for each in passages.of(content.body.get(comment.locale, {}), comment.locale)}
    place = known.get(comment.path)
    return place is not None and " ".join(comment.quote.split()) in " ".join(place.split())


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise InputError("text", *EMPTY)
    if len(words) > LONGEST:
        raise InputError("text", *TOO_LONG)
    return words.replace("\0", "")


def _add(cur: Cursor, version: UUID, parent: UUID | None, row: tuple[object, ...]) -> UUID:
    comment = ids.new()
    cur.execute(ADD, (comment, version, parent, *row))
    return comment
