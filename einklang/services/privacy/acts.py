"""What people decide about their data: allow, withdraw, object, wish. Each act is one transaction of the caller over
consent ledger, log and message queue, takes the person's lock first, and does nothing where nothing changes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.consent import preferences, wordings
from einklang.facts.consent.permissions import PERMISSIONS, Permission
from einklang.facts.consent.preferences import Preference
from einklang.facts.consent.wordings import Wording
from einklang.facts.people import lock
from einklang.loop.gate import changes
from einklang.loop.gate.changes import CHANGED, Change, Evidence, Subject
from einklang.loop.gate.queue import Message
from einklang.loop.interactions import log, make
from einklang.services.privacy.record import current

PORTAL = "portal"
PREFERENCES = "preferences"
UNKNOWN = Words("Diese Erlaubnis gibt es nicht.", "There is no such permission.")
ONLY_CONFIRMED = Words("Diese Erlaubnis braucht eine Bestätigung.", "This permission needs a confirmation.")
BY_MAIL = Words("Wir bitten per E-Mail darum.", "We ask for it by e-mail.")
OTHER_WORDING = Words("Der Text gehört nicht zu dieser Erlaubnis.", "This text does not belong to this permission.")
RELOAD = Words("Bitte laden Sie die Seite neu.", "Please reload the page.")
NOT_TO_OBJECT = Words("Eine Einwilligung wird widerrufen.", "A consent is withdrawn.")
NOBODY = Words("Es fehlt, um wen es geht.", "Whom this is about is missing.")


def grant(
    cur: Cursor,
    *,
    person: UUID | None = None,
    anonymous: str | None = None,
    permission: str,
    grade: str | None = None,
    wording: UUID,
    evidence: Evidence,
    now: datetime,
    channel: str = PORTAL,
) -> UUID:
    """For what needs no confirmation by mail. Returns the ledger entry by which it holds."""
    if _known(permission).confirmed:
        raise InputError("permission", ONLY_CONFIRMED, BY_MAIL)
    shown = _wording(cur, wording, permission)
    subject = _held(cur, person, anonymous)
    before = current(cur, subject, permission)
    if before and before.granted and before.grade == grade:
        return before.entry
    change = Change(
        subject=subject,
        permission=permission,
        state="granted",
        grade=grade,
        wording=shown.id,
        locale=shown.locale,
        evidence=evidence,
        channel=channel,
    )
    return _write(cur, change, now)


def withdraw(
    cur: Cursor,
    *,
    person: UUID | None = None,
    anonymous: str | None = None,
    permission: str,
    evidence: Evidence,
    now: datetime,
    channel: str = PORTAL,
    mail: Message | None = None,
) -> UUID:
    """A consent ends, and what waits to be sent on its ground is withheld; an objection is taken back.
    `mail` is what she answered."""
    state = "withdrawn" if _known(permission).consent else "granted"
    subject = _held(cur, person, anonymous)
    before = current(cur, subject, permission)
    if before and before.state == state:
        return before.entry
    change = Change(
        subject=subject,
        permission=permission,
        state=state,
        evidence=evidence,
        channel=channel,
        message=mail.id if mail else None,
        journey=mail.journey if mail else None,
    )
    return _write(cur, change, now)


def object_to(
    cur: Cursor, *, person: UUID, permission: str, evidence: Evidence, now: datetime, channel: str = PORTAL
) -> UUID:
    """Against what needs no consent: visits, or all marketing (Art. 21 GDPR)."""
    if _known(permission).consent:
        raise InputError("permission", NOT_TO_OBJECT)
    lock.hold(cur, [person])
    before = current(cur, person, permission)
    if before and before.state == "objected":
        return before.entry
    change = Change(subject=person, permission=permission, state="objected", evidence=evidence, channel=channel)
    return _write(cur, change, now)


def prefer(cur: Cursor, *, person: UUID, preference: Preference, now: datetime, channel: str = PORTAL) -> None:
    """How often, and not before when; what waits is judged by it when its time comes."""
    lock.hold(cur, [person])
    if preferences.read(cur, [person]).get(person, Preference()) == preference:
        return
    preferences.write(cur, person, preference, now)
    wish = {"permission": PREFERENCES, "state": preference.frequency}
    log.record(
        cur, [make.interaction(CHANGED, now=now, purpose="service", person=person, channel=channel, properties=wish)]
    )


def _known(permission: str) -> Permission:
    if permission not in PERMISSIONS:
        raise InputError("permission", UNKNOWN)
    return PERMISSIONS[permission]


def _wording(cur: Cursor, wording: UUID, permission: str) -> Wording:
    found = wordings.get(cur, wording)
    if found is None or found.permission != permission:
        raise InputError("wording", OTHER_WORDING, RELOAD)
    return found


def _held(cur: Cursor, person: UUID | None, anonymous: str | None) -> Subject:
    """A browser without a person has no lock but the one on its chain in the ledger."""
    if person:
        lock.hold(cur, [person])
        return person
    if not anonymous:
        raise InputError("person", NOBODY)
    return anonymous


def _write(cur: Cursor, change: Change, now: datetime) -> UUID:
    (entry,) = changes.write(cur, [change], now)
    return entry
