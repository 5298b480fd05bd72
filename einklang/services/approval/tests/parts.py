"""A draft with everything that a release asks for, and the people on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from einklang.core.connection import cursor
from einklang.facts.content import drafts, read
from einklang.facts.content.read import Version
from einklang.facts.people.models import User
from einklang.services.approval import acts, evidence
from tests import cast

NOW = cast.NOW
REFERENCE = {"author": "Musterautor A", "year": 2025, "source": "Fiktives Journal 12:34", "about_product": True}
BODY = {
    "de": {
        "title": "Velunor im Alltag",
        "lede": "Was die Praxis wissen muss.",
        "blocks": [{"type": "p", "text": "Kalium vor jeder Umstellung bestimmen."}],
        "references": [REFERENCE],
        "claims": [{"text": "Weniger Krankenhaustage", "references": [1]}],
    }
}


def author() -> User:
    return cast.staff("marketing", "Lena Sommer")


def fields(**changes: Any) -> dict[str, Any]:
    product = cast.velunor().id
    return {
        "promotional": True,
        "rx": True,
        "audience": "rx",
        "authorisation": product,
        "topics": [cast.TOPIC],
        "indications": [cast.TOPIC],
        "body": BODY,
        "assets": {},
        "valid_from": NOW,
        "valid_to": NOW + timedelta(days=365),
        **drafts.bound(cursor(), product, NOW),
        **changes,
    }


def draft(kind: str = "article", **changes: Any) -> UUID:
    return acts.create(cursor(), slug="velunor-alltag", kind=kind, fields=fields(**changes), user=author().id, now=NOW)


def content(version: UUID) -> Version:
    return read.versions(cursor(), [version])[version]


def submitted(kind: str = "article") -> UUID:
    version = draft(kind)
    acts.submit(cursor(), version, base=content(version).sha256, user=author().id, now=NOW)
    return version


def opens(version: UUID, user: User) -> None:
    """Difference, references and Fachinformation, and her declaration."""
    for what in evidence.names(cursor(), content(version), NOW):
        evidence.opened(cursor(), content(version), what, user.id, NOW)
    evidence.declare(cursor(), user.id, acts.DECLARATION.de, NOW)


def approves(version: UUID, user: User, role: str) -> bool:
    opens(version, user)
    return acts.approve(
        cursor(), version, role=role, base=content(version).sha256, user=user.id, method="password", now=NOW
    )


def reviewers() -> dict[str, User]:
    return {
        "medical_reviewer": cast.medical_reviewer(),
        "legal_reviewer": cast.legal_reviewer(),
        "information_officer": cast.information_officer(),
    }


def released(kind: str = "article") -> UUID:
    version = submitted(kind)
    for role, user in reviewers().items():
        approves(version, user, role)
    return version
