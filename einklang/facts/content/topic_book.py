"""Topics as the company keeps them: made, named anew, retired. Contents and profiles that bear one keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import topics
from einklang.facts.content.topics import Topic

LONGEST_SLUG, LONGEST_NAME = 60, 80
BEARING = """
SELECT DISTINCT ON (slug, state = 'draft') id, slug, topics, state FROM content_contentversion
ORDER BY slug, state = 'draft', version DESC
"""
LISTING = f"""
WITH borne AS (
    SELECT topic, count(DISTINCT slug) AS contents FROM ({BEARING}) bearing, unnest(topics) AS topic
    WHERE state <> 'withdrawn' GROUP BY topic
)
SELECT coalesce(t.slug, b.topic), t.de, t.en, t.specialties, coalesce(t.revision, 0), coalesce(t.retired, false),
    coalesce(b.contents, 0)
FROM content_topic t FULL JOIN borne b ON b.topic = t.slug
WHERE %(slug)s::text IS NULL OR coalesce(t.slug, b.topic) = %(slug)s
ORDER BY coalesce(t.retired, false), coalesce(t.de, b.topic), 1
"""
CONTENTS = f"SELECT id FROM ({BEARING}) bearing WHERE state <> 'withdrawn' AND %s = ANY(topics) ORDER BY slug"
INSERT = """
INSERT INTO content_topic (slug, de, en, specialties) VALUES (%(slug)s, %(de)s, %(en)s, %(specialties)s)
ON CONFLICT DO NOTHING
"""
UPDATE = """
UPDATE content_topic SET de = %(de)s, en = %(en)s, specialties = %(specialties)s, revision = revision + 1
WHERE slug = %(slug)s AND revision = %(revision)s
"""
RETIRE = """
UPDATE content_topic SET retired = %s, revision = revision + 1 WHERE slug = %s AND revision = %s AND retired <> %s
"""
DROP = "DELETE FROM content_topic WHERE slug = %s AND revision = %s"
CALLED = """
SELECT slug FROM content_topic
WHERE slug <> %(slug)s AND NOT retired AND (lower(de) = lower(%(de)s) OR lower(en) = lower(%(en)s)) LIMIT 1
"""

CHANGED = Words("Jemand anderes hat dieses Thema geändert.", "Somebody else has changed this topic.")
TAKEN = (
    Words("Ein Thema mit diesem Kürzel gibt es schon.", "There is a topic with this slug already."),
    Words("Wählen Sie ein anderes, oder ändern Sie jenes.", "Choose another, or change that one."),
)
NO_NAME = (
    Words("Der Name fehlt.", "The name is missing."),
    Words("So steht das Thema im Portal und auf dem Tablet.", "This is how the portal and the tablet call the topic."),
)
TOO_LONG = (
    Words(f"Der Name hat höchstens {LONGEST_NAME} Zeichen.", f"The name has at most {LONGEST_NAME} characters."),
    Words("Kürzen Sie ihn.", "Shorten it."),
)
APART = Words("Zwei Themen mit einem Namen hält niemand auseinander.", "Nobody tells two topics with one name apart.")
SLUG_LENGTH = (
    Words(f"Ein Kürzel hat höchstens {LONGEST_SLUG} Zeichen.", f"A slug has at most {LONGEST_SLUG} characters."),
    Words("Kürzen Sie es.", "Shorten it."),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """`revision` is 0 where contents bear a topic that nobody has named yet."""

    slug: str
    topic: Topic
    revision: int
    retired: bool
    contents: int

    @property
    def told(self) -> dict[str, Any]:
        """For the audit log."""
        return {"de": self.topic.name.de, "en": self.topic.name.en, "specialties": sorted(self.topic.specialties)}


def listing(cur: Cursor) -> list[Entry]:
    """By German name, the retired ones last."""
    return [_entry(row) for row in cur.execute(LISTING, {"slug": None})]


def get(cur: Cursor, slug: str) -> Entry:
    row = cur.execute(LISTING, {"slug": slug}).fetchone()
    if row is None:
        raise NotFound(f"There is no topic {slug}.")
    return _entry(row)


def contents(cur: Cursor, slug: str) -> list[UUID]:
    """The draft or newest version of each content that bears it."""
    return [id_ for (id_,) in cur.execute(CONTENTS, (slug,))]


def create(cur: Cursor, slug: str, topic: Topic) -> Entry:
    name = topics.slug("slug", slug)
    if len(name) > LONGEST_SLUG:
        raise InputError("slug", *SLUG_LENGTH)
    if name in topics.load(cur):
        raise InputError("slug", *TAKEN)
    return keep(cur, name, topic, revision=0)


def keep(cur: Cursor, slug: str, topic: Topic, *, revision: int) -> Entry:
    """Raises `Conflict` where somebody else has changed it since `revision`; 0 names it for the first time."""
    fields = _fields(cur, slug, topic)
    done = cur.execute(UPDATE if revision else INSERT, fields | {"revision": revision})
    if done.rowcount == 0:
        raise Conflict(CHANGED)
    return get(cur, slug)


def retire(cur: Cursor, slug: str, *, revision: int) -> None:
    """From then on it is offered to nobody."""
    _offer(cur, slug, revision, retired=True)


def restore(cur: Cursor, slug: str, *, revision: int) -> None:
    _offer(cur, slug, revision, retired=False)


def drop(cur: Cursor, slug: str, *, revision: int) -> None:
    """Takes back its making."""
    if cur.execute(DROP, (slug, revision)).rowcount == 0:
        raise Conflict(CHANGED)


def _offer(cur: Cursor, slug: str, revision: int, *, retired: bool) -> None:
    if cur.execute(RETIRE, (retired, slug, revision, retired)).rowcount == 0:
        raise Conflict(CHANGED)


def _fields(cur: Cursor, slug: str, topic: Topic) -> dict[str, Any]:
    for field, name in topic.name._asdict().items():
        if not name.strip():
            raise InputError(field, *NO_NAME)
        if len(name) > LONGEST_NAME:
            raise InputError(field, *TOO_LONG)
    fields = {"slug": slug, **topic.name._asdict(), "specialties": sorted(topic.specialties)}
    _is_free(cur, fields)
    return fields


def _is_free(cur: Cursor, fields: Mapping[str, Any]) -> None:
    row = cur.execute(CALLED, fields).fetchone()
    if row:
        rule = Words(f"So heißt schon das Thema „{row[0]}“.", f"The topic “{row[0]}” has this name already.")
        raise InputError("de", rule, APART)


def _entry(row: Sequence[Any]) -> Entry:
    slug, de, en, specialties, revision, retired, borne = row
    name = Words(de, en) if revision else topics.name({}, slug)
    return Entry(slug, Topic(name, frozenset(specialties or ())), revision, retired, borne)
