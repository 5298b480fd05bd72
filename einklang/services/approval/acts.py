"""The way of a draft to its release: laid before the reviewers, signed, sent back or rejected. Each act is audited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.errors import Conflict, EinklangError, InputError, NotAllowed, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.audit import trail
from einklang.facts.content import drafts, read, ready, sign, workflow
from einklang.facts.content.read import Version
from einklang.facts.people import read as people
from einklang.facts.people import roles
from einklang.services.approval import comments, duties, evidence

AUTHORS = roles.MARKETING
DECLARATION = Words(
    "Ich erkläre, dass meine elektronische Unterschrift in diesem Unternehmen dieselbe Wirkung hat wie meine "
    "eigenhändige.",
    "I declare that my electronic signature has the same effect in this company as my handwritten one.",
)
NOT_THERE = Words("Diese Fassung gibt es nicht.", "There is no such version.")
NOT_WRITING = Words(
    "Diese Fassung liegt schon zur Prüfung oder ist freigegeben.", "This version is under review already, or released."
)
NOT_IN_REVIEW = Words("Diese Fassung liegt nicht zur Prüfung.", "This version is not under review.")
CHANGED = Words(
    "Der Text hat sich geändert, seit Sie ihn geöffnet haben. Bitte prüfen Sie ihn neu.",
    "The text has changed since you opened it. Please review it again.",
)
NOT_OPENED = (
    Words(
        "Sie haben noch nicht alles geöffnet, was zu prüfen ist.",
        "You have not opened everything that is to be reviewed.",
    ),
    Words(
        "Bitte öffnen Sie Vergleich, Belege und Fachinformation.",
        "Please open comparison, references and Fachinformation.",
    ),
)
NOT_DECLARED = (
    Words("Vor der ersten Unterschrift steht Ihre Erklärung.", "Your declaration comes before the first signature."),
    Words("Bitte bestätigen Sie sie.", "Please confirm it."),
)
OPEN_COMMENTS = (
    Words("Es gibt noch offene Anmerkungen.", "There are open comments."),
    Words("Bitte klären Sie sie vor der Freigabe.", "Please settle them before the release."),
)
OWN_TEXT = Words("Wer am Text geschrieben hat, unterschreibt ihn nicht.", "Who has written the text does not sign it.")
NOT_YOUR_TURN = Words("Sie sind hier nicht an der Reihe.", "It is not your turn here.")
NO_REASON = (
    Words("Es fehlt der Grund.", "The reason is missing."),
    Words("Die Verfasser lesen ihn zuerst.", "It is what the authors read first."),
)


class NotReady(EinklangError):
    """Everything that is still missing, so that nobody mends one thing after the other."""

    def __init__(self, problems: list[InputError]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


def create(cur: Cursor, *, slug: str, kind: str, fields: Mapping[str, Any], user: UUID, now: datetime) -> UUID:
    version = drafts.create(cur, slug=slug, kind=kind, fields=fields, user=user, now=now)
    _note(cur, "content.create", version, user, now)
    return version


def renew(cur: Cursor, version: UUID, *, user: UUID, now: datetime) -> UUID:
    draft = drafts.renew(cur, version, user=user, now=now)
    _note(cur, "content.renew", draft, user, now, old=str(version))
    return draft


def save(cur: Cursor, version: UUID, fields: Mapping[str, Any], *, base: str, user: UUID, now: datetime) -> str:
    """A change under review voids the signatures, so the reviewers are asked anew (GXP-03)."""
    ended = get(cur, version).valid_to
    sha256 = drafts.save(cur, version, fields, base=base, user=user, now=now)
    content = get(cur, version)
    if sha256 != base:
        if content.review == "in_review":
            _ask_reviewers(cur, content, now)
        _note(cur, "content.change", version, user, now, old=base, new=sha256)
    elif content.valid_to != ended:
        old, new = (str(end) if end else None for end in (ended, content.valid_to))
        _note(cur, "content.change", version, user, now, field="valid_to", old=old, new=new)
    return sha256


def submit(cur: Cursor, version: UUID, *, base: str, user: UUID, now: datetime) -> None:
    content = _locked(cur, version)
    if content.state != "draft" or content.review == "in_review":
        raise Conflict(NOT_WRITING)
    if content.sha256 != base:
        raise Conflict(CHANGED)
    if problems := ready.problems(cur, content, now):
        raise NotReady(problems)
    drafts.mark(cur, version, "in_review")
    duties.close(cur, version, now, user=user, kinds=[duties.CHANGES])
    _ask_reviewers(cur, content, now)
    _note(cur, "content.submit", version, user, now, new=base)


def approve(cur: Cursor, version: UUID, *, role: str, base: str, user: UUID, method: str, now: datetime) -> bool:
    """The signature of one role, after `method` has proved who signs. True where it was the last one."""
    content = _in_review(cur, version, base)
    _require_reviewed(cur, content, role, user, now)
    signer = people.user(cur, user)
    if signer is None:
        raise NotAllowed(sign.NOT_IN_THIS_ROLE)
    signature = sign.sign(
        cur, version=version, user=user, role=role, name=signer.name, meaning=sign.MEANINGS[role], now=now
    )
    duties.close(cur, version, now, user=user, kinds=[duties.REVIEW], role=role)
    released = get(cur, version).state == "frozen"
    if released:
        duties.close(cur, version, now)
    else:
        _ask_reviewers(cur, content, now)
    act = "content.release" if released else "content.sign"
    _note(cur, act, version, user, now, field=role, old=method, new=f"{signature} {base}")
    return released


def send_back(
    cur: Cursor, version: UUID, *, role: str, base: str, user: UUID, reason: str, reject: bool, now: datetime
) -> None:
    """Changes are asked for, or the draft is rejected."""
    content = _in_review(cur, version, base)
    signer = people.user(cur, user)
    if (
        signer is None
        or role not in signer.roles
        or role not in workflow.open_roles(content.kind, _signed(cur, content))
    ):
        raise NotAllowed(NOT_YOUR_TURN)
    if not reason.strip():
        raise InputError("reason", *NO_REASON)
    drafts.mark(cur, version, "rejected" if reject else "changes_requested")
    duties.close(cur, version, now, user=user, kinds=[duties.REVIEW])
    duties.add(cur, duties.CHANGES, [AUTHORS], now, version=version)
    act = "content.reject" if reject else "content.request_changes"
    _note(cur, act, version, user, now, field=role, new=base, reason=reason.strip())


def take_back(cur: Cursor, version: UUID, *, user: UUID, now: datetime) -> None:
    """The authors go on writing; what was signed stays signed as long as the text stays."""
    content = _locked(cur, version)
    if content.state != "draft" or content.review != "in_review":
        raise Conflict(NOT_IN_REVIEW)
    drafts.mark(cur, version, "")
    duties.close(cur, version, now, user=user, kinds=[duties.REVIEW])
    _note(cur, "content.take_back", version, user, now)


def roles_of(cur: Cursor, content: Version, held: frozenset[str] | set[str]) -> list[str]:
    """In which roles somebody who holds `held` may sign now."""
    if content.state != "draft" or content.review != "in_review":
        return []
    return [role for role in workflow.open_roles(content.kind, _signed(cur, content)) if role in held]


def get(cur: Cursor, version: UUID) -> Version:
    found = read.versions(cur, [version]).get(version)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def _require_reviewed(cur: Cursor, content: Version, role: str, user: UUID, now: datetime) -> None:
    if any(by == user for _, _, by, _ in drafts.revisions(cur, content.id)):
        raise NotAllowed(OWN_TEXT)
    if None in evidence.seen(cur, content, user, now).values():
        raise InputError("opened", *NOT_OPENED)
    if evidence.declared(cur, user) is None:
        raise InputError("declaration", *NOT_DECLARED)
    if role == roles.INFORMATION_OFFICER:
        if comments.unresolved(cur, content.id):
            raise InputError("comments", *OPEN_COMMENTS)
        if problems := ready.problems(cur, content, now):
            raise NotReady(problems)


def _ask_reviewers(cur: Cursor, content: Version, now: datetime) -> None:
    waiting = workflow.open_roles(content.kind, _signed(cur, get(cur, content.id)))
    duties.add(cur, duties.REVIEW, waiting, now, version=content.id)


def _signed(cur: Cursor, content: Version) -> set[str]:
    given = sign.signatures(cur, [content.id]).get(content.id, [])
    return {each.role for each in given if each.valid(content)}


def _in_review(cur: Cursor, version: UUID, base: str) -> Version:
    content = _locked(cur, version)
    if content.state != "draft" or content.review != "in_review":
        raise Conflict(NOT_IN_REVIEW)
    if content.sha256 != base:
        raise Conflict(CHANGED)
    return content


def _locked(cur: Cursor, version: UUID) -> Version:
    drafts.lock(cur, version)
    return get(cur, version)


def _note(cur: Cursor, act: str, version: UUID, user: UUID | None, now: datetime, **told: Any) -> None:
    trail.write(cur, [trail.Act(act=act, object=f"content:{version}", who=user, **told)], now)
