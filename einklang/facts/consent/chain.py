"""The chain of a subject: every entry carries the digest of the one before it, so that no change stays unseen."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson

from einklang.core import ids

START = ""
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Link:
    """A ledger entry without its own digest; the field names are the column names, in their order."""

    id: UUID
    subject: str
    position: int
    legal_entity: str
    permission: str
    channel: str
    purpose: str
    state: str
    grade: str | None
    product: UUID | None
    wording: UUID | None
    wording_sha256: str | None
    locale: str
    source: str
    evidence_sha256: str
    at: datetime
    previous: str


NAMES = tuple(column.name for column in fields(Link))
_values = attrgetter(*NAMES)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Form, time, IP and the like as canonical JSON. Once it is erased, the digest tells nothing without the salt."""

    salt: bytes
    plain: str

    @property
    def sha256(self) -> str:
        return ids.digest(self.salt + self.plain.encode())


def evidence(content: dict[str, Any]) -> Evidence:
    return Evidence(os.urandom(SALT_BYTES), orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode())


def values(link: Link) -> tuple[Any, ...]:
    """In the order of NAMES; `dataclasses.astuple` copies deeply, which is ten times slower."""
    row: tuple[Any, ...] = _values(link)
    return row


def sha256(link: Link) -> str:
    named = dict(zip(NAMES, values(link), strict=True)) | {"at": link.at.astimezone(UTC).isoformat()}
    return ids.digest(orjson.dumps(named, option=orjson.OPT_SORT_KEYS))


def subject_key(subject: UUID | str) -> str:
    """A person by id, a browser by its anonymous id."""
    return f"person:{subject}" if isinstance(subject, UUID) else f"anonymous:{subject}"
