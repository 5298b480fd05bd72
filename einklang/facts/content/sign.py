"""Three named people sign a version, in the order of its kind; the last signature freezes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import Conflict, InputError, NotAllowed, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import blocks, digest, read, workflow
from einklang.facts.content.read import Version
from einklang.facts.people import read as people
from einklang.facts.products import read as products

ORDER = workflow.ROLES
MEANINGS = {
    "medical_reviewer": "Medizinisch geprüft",
    "legal_reviewer": "Rechtlich geprüft",
    "information_officer": "Freigegeben nach § 74a AMG",
}
ADVERTISING_SYSTEM_MAIL = Words(
    "Eine Systemmail enthält keine Werbung (DE-CON-10).", "A system mail contains no advertising (DE-CON-10)."
)
NOT_THERE = Words("Diese Fassung gibt es nicht.", "There is no such version.")
NOT_RELEASED = Words(
    "Nur eine freigegebene Fassung kann zurückgezogen werden.", "Only a released version can be withdrawn."
)
RELEASED = Words(
    "Diese Fassung ist freigegeben und ändert sich nicht mehr.", "This version is released and does not change."
)
NOT_IN_THIS_ROLE = Words("So unterschreibt nur, wer diese Rolle hat.", "Only who has this role signs like this.")
SIGNED_ALREADY = Words("Diese Unterschrift liegt schon vor.", "This signature is there already.")
NOT_YET = Words(
    "Vor Ihnen ist noch jemand an der Reihe; der Informationsbeauftragte unterschreibt zuletzt.",
    "Somebody else signs before you; the information officer signs last.",
)
BY_SOMEBODY_ELSE = Words(
    "Sie haben diese Fassung schon in einer anderen Rolle unterschrieben. Jede Rolle prüft jemand anderes.",
    "You have signed this version in another role already. Each role is held by somebody else.",
)
NO_MANDATORY_TEXT = (
    Words(
        "Werbung für ein Arzneimittel braucht dessen aktuelle Pflichtangaben (DE-HWG-04).",
        "Promotion of a medicine needs its current mandatory text (DE-HWG-04).",
    ),
    Words("Bitte binden Sie die aktuelle Fassung ein.", "Please bind the current version."),
)

LOCK = "SELECT id FROM content_contentversion WHERE id = %s FOR UPDATE"
SIGNED = "SELECT role, user_id FROM content_signature WHERE version_id = %s AND sha256 = %s"
SIGNATURES = """
SELECT id, version_id, role, user_id, name, meaning, at, sha256 FROM content_signature
WHERE version_id = ANY(%s) ORDER BY at, id
"""
INSERT = """
INSERT INTO content_signature (id, version_id, role, user_id, name, meaning, at, sha256)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
FREEZE = """
UPDATE content_contentversion SET state = 'frozen', review = '', frozen_at = %s, sha256 = %s WHERE id = %s
"""
WITHDRAW = """
UPDATE content_contentversion SET state = 'withdrawn' WHERE id = %s AND state = 'frozen' RETURNING slug, version, kind
"""
WITHDRAW_OLDER = """
UPDATE content_contentversion SET state = 'withdrawn' WHERE slug = %s AND version < %s AND state = 'frozen'
"""
LIMIT = "UPDATE content_contentversion SET valid_to = %s WHERE id = %s RETURNING id"


@dataclass(frozen=True, slots=True)
class Signed:
    id: UUID
    version: UUID
    role: str
    user: UUID | None
    name: str
    meaning: str
    at: datetime
    sha256: str

    def valid(self, content: Version) -> bool:
        """A signature stands for one text: it is void as soon as that changes (GXP-03)."""
        return self.sha256 == content.sha256


def sign(cur: Cursor, *, version: UUID, user: UUID, role: str, name: str, meaning: str, now: datetime) -> UUID:
    """A signature stands for the digest of the content: what is changed afterwards has to be signed anew."""
    content = _locked(cur, version)
    _require_role(cur, user, role)
    sha256 = digest.sha256(asdict(content))
    signed = _require_turn(cur, content, user, role, sha256)
    check_releasable(cur, content, now)
    signature = ids.new()
    cur.execute(INSERT, (signature, version, role, user, name, meaning, now, sha256))
    if not workflow.open_roles(content.kind, {*signed, role}):
        cur.execute(FREEZE, (now, sha256, version))
    return signature


def signatures(cur: Cursor, versions: Iterable[UUID]) -> dict[UUID, list[Signed]]:
    """In the order in which they were given; a version without any is missing."""
    found: dict[UUID, list[Signed]] = {}
    for row in cur.execute(SIGNATURES, (list(versions),)).fetchall():
        found.setdefault(row[1], []).append(Signed(*row))
    return found


def release(cur: Cursor, *, version: UUID, signers: Mapping[str, UUID], now: datetime) -> None:
    """All three signatures at once; `signers` maps each role of ORDER to a user who holds it."""
    users = people.users(cur, signers.values())
    for role in ORDER:
        user = users[signers[role]]
        sign(cur, version=version, user=user.id, role=role, name=user.name, meaning=MEANINGS[role], now=now)


def withdraw(cur: Cursor, version: UUID) -> None:
    """No channel shows it any more, from this moment on, nor an older one in its stead. Only a system mail falls back
    to the version before, since login and consent cannot do without."""
    row = cur.execute(WITHDRAW, (version,)).fetchone()
    if row is None:
        raise Conflict(NOT_RELEASED)
    slug, number, kind = row
    if kind != "system_mail":
        cur.execute(WITHDRAW_OLDER, (slug, number))


def limit(cur: Cursor, version: UUID, valid_to: datetime | None) -> None:
    if cur.execute(LIMIT, (valid_to, version)).fetchone() is None:
        raise NotFound(NOT_THERE)


def check_releasable(cur: Cursor, content: Version, now: datetime) -> None:
    """DE-HWG-04 and DE-CON-05, as far as they bind before release."""
    blocks.check(content.kind, content.body)
    if content.kind == "system_mail" and content.promotional:
        raise InputError("promotional", ADVERTISING_SYSTEM_MAIL)
    if not content.promotional or content.authorisation is None:
        return
    current = products.mandatory(cur, [content.authorisation], now).get(content.authorisation)
    if current is None or current.id != content.mandatory_text:
        raise InputError("mandatory_text", *NO_MANDATORY_TEXT)


def _locked(cur: Cursor, version: UUID) -> Version:
    if cur.execute(LOCK, (version,)).fetchone() is None:
        raise NotFound(NOT_THERE)
    content = read.versions(cur, [version])[version]
    if content.state != "draft":
        raise Conflict(RELEASED)
    return content


def _require_role(cur: Cursor, user: UUID, role: str) -> None:
    signer = people.user(cur, user)
    if role not in ORDER or signer is None or not signer.is_active or role not in signer.roles:
        raise NotAllowed(NOT_IN_THIS_ROLE)


def _require_turn(cur: Cursor, content: Version, user: UUID, role: str, sha256: str) -> set[str]:
    """The roles that have signed exactly this."""
    signed = dict(cur.execute(SIGNED, (content.id, sha256)).fetchall())
    if role in signed:
        raise Conflict(SIGNED_ALREADY)
    if user in signed.values():
        raise Conflict(BY_SOMEBODY_ELSE)
    if role not in workflow.open_roles(content.kind, signed):
        raise Conflict(NOT_YET)
    return set(signed)
