"""Writing before the first signature: who saves tells what she had read, so that nobody overwrites another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import blocks, digest, read
from einklang.facts.content.models import ContentVersion, Revision
from einklang.facts.products import read as products

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FIELDS = (
    "promotional", "rx", "audience", "authorisation", "smpc_version", "mandatory_text", "topics", "indications", "body",
    "assets", "valid_from", "valid_to",
)  # fmt: skip
FOREIGN = {"authorisation": "authorisation_id", "mandatory_text": "mandatory_text_id"}
NO_SLUG = (
    Words(
        "Die Kennung besteht aus kleinen Buchstaben, Ziffern und Bindestrichen.",
        "The name is made of small letters, digits and hyphens.",
    ),
    Words("So sieht eine aus: herzinsuffizienz-praxis.", "One looks like this: heart-failure-practice."),
)
TAKEN = (
    Words("Diese Kennung gibt es schon.", "This name is taken."),
    Words(
        "Bitte wählen Sie eine andere oder schreiben Sie dort eine neue Fassung.",
        "Please choose another one or write a new version there.",
    ),
)
BACKWARDS = (
    Words("Die Gültigkeit endet, bevor sie beginnt.", "The validity ends before it begins."),
    Words("Bitte wählen Sie einen späteren Tag.", "Please choose a later day."),
)
CHANGED = Words(
    "Jemand hat diesen Entwurf geändert, während Sie schrieben. Ihr Text steht noch hier und ist nicht gespeichert.",
    "Somebody changed this draft while you were writing. Your text is still here and not saved.",
)
NO_DRAFT = Words("Diese Fassung ist kein Entwurf mehr.", "This version is no draft any more.")
NOT_THERE = Words("Diesen Inhalt gibt es nicht.", "There is no such content.")

NEWEST = (
    "SELECT id, version, state FROM content_contentversion WHERE slug = %s ORDER BY version DESC LIMIT 1 FOR UPDATE"
)
LOCK = "SELECT state, sha256 FROM content_contentversion WHERE id = %s FOR UPDATE"
MARK = "UPDATE content_contentversion SET review = %s WHERE id = %s"
REVISIONS = """
SELECT DISTINCT ON (sha256) sha256, at, by_id, fields FROM content_revision WHERE version_id = %s ORDER BY sha256, at
"""


def create(cur: Cursor, *, slug: str, kind: str, fields: Mapping[str, Any], user: UUID, now: datetime) -> UUID:
    if not SLUG.fullmatch(slug) or len(slug) > 50:
        raise InputError("slug", *NO_SLUG)
    if cur.execute(NEWEST, (slug,)).fetchone():
        raise InputError("slug", *TAKEN)
    return _write(ContentVersion(slug=slug, kind=kind, version=1), fields, user, now)


def save(cur: Cursor, version: UUID, fields: Mapping[str, Any], *, base: str, user: UUID, now: datetime) -> str:
    """`base` is the digest of what the writer had before her. Returns the new one."""
    state, sha256 = _locked(cur, version)
    if state != "draft":
        raise Conflict(NO_DRAFT)
    content = ContentVersion.objects.get(id=version)
    if sha256 != base:
        if _same(content, fields):
            return sha256  # a second click on the same button
        raise Conflict(CHANGED)
    _write(content, fields, user, now)
    return content.sha256


def renew(cur: Cursor, version: UUID, *, user: UUID, now: datetime) -> UUID:
    """A draft that begins as what `version` says, bound to the current texts of its medicine; or the draft that is
    there already."""
    before = read.versions(cur, [version]).get(version)
    if before is None:
        raise NotFound(NOT_THERE)
    newest, number, state = cur.execute(NEWEST, (before.slug,)).fetchone() or (version, before.version, before.state)
    if state == "draft":
        return newest
    fields = {**{name: getattr(before, name) for name in FIELDS}, **bound(cur, before.authorisation, now)}
    draft = ContentVersion(slug=before.slug, kind=before.kind, version=number + 1)
    return _write(draft, {**fields, "valid_from": now, "valid_to": None}, user, now)


def bound(cur: Cursor, product: UUID | None, now: datetime) -> dict[str, Any]:
    """Fachinformation and mandatory text as they are now (DE-HWG-04)."""
    wanted = [product] if product else []
    smpc, text = products.smpc_valid(cur, wanted, now), products.mandatory(cur, wanted, now)
    return {
        "smpc_version": smpc[product].version if product in smpc else None,
        "mandatory_text": text[product].id if product in text else None,
    }


def lock(cur: Cursor, version: UUID) -> None:
    """Until the transaction ends nobody else writes or signs it."""
    _locked(cur, version)


def mark(cur: Cursor, version: UUID, review: str) -> None:
    cur.execute(MARK, (review, version))


def revisions(cur: Cursor, version: UUID) -> list[tuple[str, datetime, UUID | None, dict[str, Any]]]:
    """(digest, when, by whom, what it said), the newest first."""
    return sorted(cur.execute(REVISIONS, (version,)).fetchall(), key=lambda row: row[1], reverse=True)


def _locked(cur: Cursor, version: UUID) -> tuple[str, str]:
    row = cur.execute(LOCK, (version,)).fetchone()
    if row is None:
        raise NotFound(NOT_THERE)
    return row[0], row[1]


def _write(content: ContentVersion, fields: Mapping[str, Any], user: UUID, now: datetime) -> UUID:
    blocks.check(content.kind, fields["body"])
    if fields["valid_to"] is not None and fields["valid_to"] <= fields["valid_from"]:
        raise InputError("valid_to", *BACKWARDS)
    before = content.sha256
    for name in FIELDS:
        setattr(content, FOREIGN.get(name, name), fields[name])
    content.save()
    if content.sha256 != before:
        Revision.objects.create(version=content, sha256=content.sha256, at=now, by_id=user, fields=_plain(fields))
    return content.id


def _same(content: ContentVersion, fields: Mapping[str, Any]) -> bool:
    told = {**fields, "slug": content.slug, "version": content.version, "kind": content.kind, "market": content.market}
    return digest.sha256(told) == content.sha256


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(fields[name]) if isinstance(fields[name], UUID | datetime) else fields[name] for name in FIELDS}
