"""Double opt-in (DE-CON-05): a consent stands as pending until its owner confirms it by a link in a mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core import tokens
from einklang.core.errors import BadToken, InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.consent import proofs, wordings
from einklang.facts.consent import status as consent
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.consent.status import Status
from einklang.facts.people import lock
from einklang.facts.people import read as people
from einklang.facts.people.errors import LockError
from einklang.loop.gate import changes as decisions
from einklang.loop.gate import door, system_mail
from einklang.loop.gate.changes import Change, Evidence
from einklang.loop.gate.question import Recipient
from einklang.services.privacy.record import asked_by
from einklang.ui import places

MAIL = "opt-in"
TOKEN = "opt-in"  # noqa: S105  the purpose that the link is signed for
VALID = timedelta(days=7)

NEEDS_NONE = Words("Diese Erlaubnis braucht keine Bestätigung.", "This permission needs no confirmation.")
NO_ADDRESS = (
    Words("Es fehlt Ihre E-Mail-Adresse.", "Your e-mail address is missing."),
    Words("Bitte teilen Sie sie Ihrem Ansprechpartner mit.", "Please tell it to your contact."),
)
FORGED = (
    Words("Dieser Link ist unvollständig oder nicht von uns.", "This link is incomplete or not ours."),
    Words("Bitte öffnen Sie den ganzen Link aus der E-Mail.", "Please open the whole link from the e-mail."),
)
ASK_AGAIN = Words(
    "Bitte fordern Sie in den Einstellungen einen neuen Link an.", "Please request a new link in the preferences."
)
EXPIRED = (
    Words("Dieser Link ist abgelaufen: Er gilt sieben Tage.", "This link has expired: it is valid for seven days."),
    ASK_AGAIN,
)
OVERTAKEN = (
    Words("Diese Einwilligung hat sich inzwischen geändert.", "This consent has changed since."),
    ASK_AGAIN,
)


@dataclass(frozen=True, slots=True)
class Requested:
    """What was asked anew; nothing where `permissions` is empty."""

    permissions: tuple[str, ...]
    message: UUID | None = None
    verdict_id: UUID | None = None


def request(
    cur: Cursor,
    *,
    person: UUID,
    permissions: Sequence[str],
    locale: str,
    by: UUID,
    evidence: Evidence,
    now: datetime,
    channel: str = "portal",
) -> Requested:
    """`by` is the user who filled in the form. What is granted, or was asked within seven days, is not asked again."""
    if not all(name in PERMISSIONS and PERMISSIONS[name].confirmed for name in permissions):
        raise InputError("permissions", NEEDS_NONE)
    lock.hold(cur, [person])
    known = consent.status(cur, [person])[person]
    wanted = tuple(sorted({name for name in permissions if _may_ask(known.get(name), now)}))
    if not wanted:
        return Requested(())
    shown = wordings.current_all(cur, wanted, locale, now)
    changes = [
        Change(
            subject=person,
            permission=name,
            state="pending",
            wording=shown[name].id,
            locale=locale,
            evidence={**evidence, "by": str(by)},
            channel=channel,
        )
        for name in wanted
    ]
    entered = decisions.append(cur, changes, now)
    asked = _send(cur, person, dict(zip(wanted, entered, strict=True)), now)
    decisions.tell(cur, changes, entered, now, asked.message)
    return Requested(wanted, asked.message, asked.verdict_id)


def confirm(cur: Cursor, token: str, evidence: Evidence, now: datetime) -> list[UUID]:
    """Grants what the link was sent for, once. It never overrides what the person decided later."""
    person, entries = _read(token, now)
    try:
        lock.hold(cur, [person])
    except LockError as error:
        raise InputError("token", *FORGED) from error
    known = consent.status(cur, [person])[person]
    pending = {name: entry for name, entry in entries.items() if _is_pending(known.get(name), entry)}
    if not pending and not all(name in known and known[name].granted for name in entries):
        raise InputError("token", *OVERTAKEN)
    requested = {proof.id: proof for proof in proofs.history(cur, person)}
    changes = [
        Change(
            subject=person,
            permission=name,
            state="granted",
            wording=requested[entry].wording,
            locale=requested[entry].locale,
            evidence={**evidence, "confirms": str(entry), "mail": str(asked_by(cur, person, entry))},
            channel="email",
        )
        for name, entry in pending.items()
    ]
    return decisions.write(cur, changes, now) if changes else []


def _may_ask(status: Status | None, now: datetime) -> bool:
    if status is None or status.state == "withdrawn":
        return True
    return status.state == "pending" and status.since + VALID < now


def _is_pending(status: Status | None, entry: UUID) -> bool:
    return status is not None and status.state == "pending" and status.entry == entry


def _send(cur: Cursor, person: UUID, entries: Mapping[str, UUID], now: datetime) -> door.Asked:
    """One mail for all that was asked, without advertising and without measuring."""
    if not people.cards(cur, [person])[person].email:
        raise InputError("email", *NO_ADDRESS)
    link = {"confirm_url": places.CONFIRM.url(_sign(person, entries, now))}
    reader, first = Recipient("person", person), next(iter(entries))
    return system_mail.plan(cur, MAIL, reader, variables=link, permission=first, now=now)


def _sign(person: UUID, entries: Mapping[str, UUID], now: datetime) -> str:
    payload = {"person": str(person), "entries": {name: str(entry) for name, entry in entries.items()}}
    return tokens.sign(TOKEN, payload, expires=int((now + VALID).timestamp()))


def _read(token: str, now: datetime) -> tuple[UUID, dict[str, UUID]]:
    try:
        payload = tokens.read(TOKEN, token, now=int(now.timestamp()))
    except BadToken as error:
        raise InputError("token", *(EXPIRED if str(error) == "expired" else FORGED)) from error
    return UUID(payload["person"]), {name: UUID(entry) for name, entry in payload["entries"].items()}
