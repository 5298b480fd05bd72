"""Products in bulk, one query each. A product is an authorisation: one strength and form in one market."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.products import mandatory as text

AUTHORISED = "authorised"

PRODUCTS = """
SELECT a.id, a.slug, a.brand_id, b.name, b.substance, a.market, a.name, a.strength, a.rx, a.status, a.authorised_from,
       a.indications, a.btm_annex, a.t_rezept, a.un_psychotropic, a.hwg10_2
FROM products_authorisation a JOIN products_brand b ON b.id = a.brand_id
"""
SMPC = """
SELECT DISTINCT ON (authorisation_id) authorisation_id, id, version, sha256, valid_from FROM products_smpc
WHERE authorisation_id = ANY(%(ids)s) AND valid_from <= %(now)s AND (valid_to IS NULL OR valid_to > %(now)s)
ORDER BY authorisation_id, version DESC
"""
SMPC_SINCE = """
SELECT authorisation_id, version, safety_relevant FROM products_smpc
WHERE authorisation_id = ANY(%(ids)s) AND valid_from <= %(now)s
"""
MANDATORY = """
SELECT DISTINCT ON (authorisation_id) authorisation_id, id, version, fields FROM products_mandatorytext
WHERE authorisation_id = ANY(%(ids)s) AND valid_from <= %(now)s
ORDER BY authorisation_id, version DESC
"""
MANDATORY_BY_ID = "SELECT id, version, fields FROM products_mandatorytext WHERE id = ANY(%s)"
PACKS = """
SELECT p.id, p.slug, p.authorisation_id, a.name, p.pzn, p.size, p.is_smallest, p.label_confirmed, p.label_evidence
FROM products_pack p JOIN products_authorisation a ON a.id = p.authorisation_id
"""
SAMPLEABLE = (
    PACKS
    + """
WHERE p.is_smallest AND p.label_confirmed AND a.status = 'authorised' AND a.authorised_from <= %s
  AND a.btm_annex = '' AND NOT a.t_rezept AND NOT a.un_psychotropic
ORDER BY a.name, p.slug
"""
)


@dataclass(frozen=True, slots=True)
class Product:
    id: UUID
    slug: str
    brand: str
    brand_name: str
    substance: str
    market: str
    name: str
    strength: str
    rx: bool
    status: str
    authorised_from: datetime | None
    indications: Sequence[str]
    btm_annex: str
    t_rezept: bool
    un_psychotropic: bool
    hwg10_2: bool

    def authorised(self, now: datetime) -> bool:
        return self.status == AUTHORISED and self.authorised_from is not None and self.authorised_from <= now


@dataclass(frozen=True, slots=True)
class SmpcRef:
    id: UUID
    version: int
    sha256: str
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class Mandatory:
    id: UUID
    version: int
    fields: dict[str, str]

    def lines(self, locale: str) -> list[tuple[str, str]]:
        return text.lines(self.fields, locale)


@dataclass(frozen=True, slots=True)
class Pack:
    id: UUID
    slug: str
    authorisation: UUID
    name: str
    pzn: str
    size: str
    is_smallest: bool
    label_confirmed: bool
    label_evidence: str


def product(cur: Cursor, ids: Iterable[UUID]) -> dict[UUID, Product]:
    return {each.id: each for each in _products(cur, "WHERE a.id = ANY(%s)", (list(ids),))}


def by_slug(cur: Cursor, slugs: Iterable[str], market: str = "DE") -> dict[str, Product]:
    return {
        each.slug: each for each in _products(cur, "WHERE a.slug = ANY(%s) AND a.market = %s", (list(slugs), market))
    }


def all_products(cur: Cursor, market: str = "DE") -> list[Product]:
    return _products(cur, "WHERE a.market = %s ORDER BY a.name, a.id", (market,))


def smpc_valid(cur: Cursor, authorisations: Iterable[UUID], now: datetime) -> dict[UUID, SmpcRef]:
    """By authorisation; one without a valid Fachinformation is missing."""
    rows = cur.execute(SMPC, {"ids": list(authorisations), "now": now}).fetchall()
    return {authorisation: SmpcRef(*rest) for authorisation, *rest in rows}


def smpc_since(cur: Cursor, authorisations: Iterable[UUID], now: datetime) -> dict[UUID, dict[int, bool]]:
    """Every Fachinformation that has ever been valid, by number: whether its change matters for safety."""
    found: dict[UUID, dict[int, bool]] = {}
    for authorisation, version, safety in cur.execute(SMPC_SINCE, {"ids": list(authorisations), "now": now}):
        found.setdefault(authorisation, {})[version] = safety
    return found


def smpc_body(cur: Cursor, smpc: UUID) -> str | None:
    row = cur.execute("SELECT body FROM products_smpc WHERE id = %s", (smpc,)).fetchone()
    return row[0] if row else None


def mandatory(cur: Cursor, authorisations: Iterable[UUID], now: datetime) -> dict[UUID, Mandatory]:
    """The current version by authorisation."""
    rows = cur.execute(MANDATORY, {"ids": list(authorisations), "now": now})
    return {authorisation: Mandatory(*rest) for authorisation, *rest in rows}


def mandatory_texts(cur: Cursor, ids: Iterable[UUID]) -> dict[UUID, Mandatory]:
    """By its own id, as a content version names it."""
    return {row[0]: Mandatory(*row) for row in cur.execute(MANDATORY_BY_ID, (list(ids),))}


def packs(cur: Cursor, ids: Iterable[UUID]) -> dict[UUID, Pack]:
    return {row[0]: Pack(*row) for row in cur.execute(PACKS + "WHERE p.id = ANY(%s)", (list(ids),))}


def sample_catalogue(cur: Cursor, now: datetime) -> list[Pack]:
    """What may be a sample at all (DE-SAM-05 to -07): smallest packs, labelled, authorised, no excluded substance."""
    return [Pack(*row) for row in cur.execute(SAMPLEABLE, (now,))]


def _products(cur: Cursor, where: str, values: tuple[object, ...]) -> list[Product]:
    rows = cur.execute(PRODUCTS + where, values)
    return [Product(*row) for row in rows]
