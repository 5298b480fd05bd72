"""Full text of what the portal shows, in both languages. What is frozen never changes, so nothing is indexed twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.content.read import Version
from einklang.facts.products import read as products
from einklang.facts.products.read import Product, SmpcRef

CONFIGURATIONS = {"de": "german", "en": "english"}
WORD = re.compile(r"[^\W_]+(?:[-\u2011][^\W_]+)*")
NOT_WORDS = {"type", "asset", "content_slug", "url"}  # of a block
START, STOP = "\x02", "\x03"  # around a hit; no text holds them
HEADLINE = f"StartSel={START}, StopSel={STOP}, MinWords=12, MaxWords=28, MaxFragments=1"
HITS = 100

KNOWN = "SELECT DISTINCT thing FROM portal_document WHERE thing = ANY(%s)"
ADD = """
INSERT INTO portal_document (thing, locale, words, vector)
VALUES (%(thing)s, %(locale)s, %(words)s, setweight(to_tsvector(%(config)s::regconfig, %(title)s), 'A')
    || setweight(to_tsvector(%(config)s::regconfig, %(lede)s), 'B')
    || to_tsvector(%(config)s::regconfig, %(words)s))
ON CONFLICT (thing, locale) DO NOTHING
"""
FIND = """
WITH hit AS (
    SELECT thing, locale, words, ts_rank(vector, query) AS rank, config, query
    FROM portal_document JOIN (VALUES ('de', 'german'::regconfig, to_tsquery('german', %(query)s)),
                                      ('en', 'english'::regconfig, to_tsquery('english', %(query)s)))
        AS language (tongue, config, query) ON locale = tongue
    WHERE thing = ANY(%(things)s) AND vector @@ query
), best AS (
    SELECT DISTINCT ON (thing) * FROM hit ORDER BY thing, locale = %(locale)s DESC
)
SELECT thing, rank, ts_headline(config, words, query, %(headline)s) FROM best ORDER BY rank DESC, thing LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """`parts` of the sentence around the hit: text, and whether it is the hit itself."""

    thing: UUID
    rank: float
    parts: Sequence[tuple[str, bool]]


def complete(cur: Cursor, versions: Sequence[Version], medicines: Mapping[UUID, tuple[Product, SmpcRef]]) -> None:
    """Indexes what is not there yet. `medicines` by the id of their Fachinformation."""
    wanted = [*(version.id for version in versions), *medicines]
    known = {thing for (thing,) in cur.execute(KNOWN, (wanted,))}
    missing = [version for version in versions if version.id not in known]
    rows = [row for version in missing for row in _of_version(version)]
    for smpc, (product, _) in medicines.items():
        if smpc not in known:
            rows.append(_row(smpc, "de", _names(product), "", products.smpc_body(cur, smpc) or ""))
    if rows:
        cur.executemany(ADD, rows)


def find(cur: Cursor, text: str, things: Sequence[UUID], locale: str) -> list[Hit]:
    """Every word must occur, as it is or as the beginning of a longer one; the best first."""
    query = _query(text)
    if not query or not things:
        return []
    values = {"query": query, "things": list(things), "locale": locale, "headline": HEADLINE, "limit": HITS}
    return [Hit(thing, rank, _parts(said)) for thing, rank, said in cur.execute(FIND, values)]


def _query(text: str) -> str:
    return " & ".join(f"{word.replace(chr(0x2011), '-')}:*" for word in WORD.findall(text))


def _of_version(version: Version) -> Iterator[dict[str, Any]]:
    for locale in version.body:
        words = version.text(locale)
        body = [*_strings(words.get("blocks", ())), *words.get("transcript", ()), *words.get("references", ())]
        yield _row(version.id, locale, words["title"], words.get("lede", ""), "\n".join(body))


def _row(thing: UUID, locale: str, title: str, lede: str, body: str) -> dict[str, Any]:
    words = f"{lede}\n{body}".strip() or title
    plain = {"title": title, "lede": lede, "words": words}
    return {
        "thing": thing,
        "locale": locale,
        "config": CONFIGURATIONS[locale],
        **{name: value.replace("\u2011", "-").replace("\u00ad", "") for name, value in plain.items()},
    }


def _names(product: Product) -> str:
    return f"{product.name} {product.substance} Fachinformation"


def _strings(value: Any) -> Iterator[str]:
    """The words of blocks, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name not in NOT_WORDS:
                yield from _strings(each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from _strings(each)


def _parts(said: str) -> list[tuple[str, bool]]:
    parts = re.split(f"({START}[^{STOP}]*{STOP})", said)
    return [(part.strip(START + STOP), part.startswith(START)) for part in parts if part]
