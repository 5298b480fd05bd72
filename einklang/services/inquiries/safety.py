"""The minimal safety intake (DE-REP-03): keep the words, hand them on at once, show them to nobody in sales."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core import ids, settings
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.loop.gate import system_mail
from einklang.loop.gate.question import Recipient
from einklang.loop.gate.system_mail import NotReleased

MAIL = "safety-report"
ONE_FORM = "SELECT pg_advisory_xact_lock(hashtext('inquiries'), hashtext(%s))"
LONGEST_STATEMENT = 20_000
MISSING = Words("Es fehlt, was gesagt wurde.", "What was said is missing.")
ENOUGH = Words("Ein Satz genügt; alles andere darf fehlen.", "One sentence is enough; the rest may be missing.")
TOO_LONG = Words("Höchstens 20.000 Zeichen.", "At most 20,000 characters.")
NO_TOKEN = Words("Das Formular ist unvollständig.", "The form is incomplete.")
INVISIBLE = Words("Ein unsichtbares Zeichen ist nicht erlaubt.", "An invisible character is not allowed.")
IN_THE_FUTURE = Words("Der Zeitpunkt liegt in der Zukunft.", "The moment lies in the future.")


log = logging.getLogger("einklang.inquiries")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """`token` names the form that was filled in, so that a second click stores nothing twice."""

    token: str
    source: str
    statement: str
    product: str = ""
    heard_at: datetime | None = None
    reported_by: UUID | None = None
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class SafetyReport:
    id: UUID
    received_at: datetime


def report(cur: Cursor, heard: Heard, now: datetime) -> SafetyReport:
    """Stores the report and its mail in the caller's transaction. Raises `InputError`."""
    _check(heard, now)
    cur.execute(ONE_FORM, (heard.token,))
    if (known := _known(cur, heard.token)) is not None:
        return known
    report_id = ids.new()
    _store(cur, report_id, heard, now, _tell(cur, report_id, heard, now))
    return SafetyReport(report_id, now)


def _tell(cur: Cursor, report_id: UUID, heard: Heard, now: datetime) -> UUID | None:
    """Plans the mail; returns the gate's verdict. Where no mail is released yet, the report is kept all the same."""
    mailbox = Recipient("mailbox", address=settings.get().safety_mailbox, about=heard.person)
    said = _variables(report_id, heard, now)
    try:
        return system_mail.plan(cur, MAIL, mailbox, purpose="safety", variables=said, now=now).verdict_id
    except NotReleased as error:
        log.error("Safety report %s is stored, but nobody was told: content %r is not released.", report_id, error.slug)
        return None


def _check(heard: Heard, now: datetime) -> None:
    if not heard.token.strip():
        raise InputError("token", NO_TOKEN)
    if not heard.statement.strip():
        raise InputError("statement", MISSING, ENOUGH)
    if len(heard.statement) > LONGEST_STATEMENT:
        raise InputError("statement", TOO_LONG)
    for field in ("statement", "product", "token"):
        if "\0" in getattr(heard, field):
            raise InputError(field, INVISIBLE)
    if heard.heard_at and heard.heard_at > now:
        raise InputError("heard_at", IN_THE_FUTURE)


def _variables(report_id: UUID, heard: Heard, now: datetime) -> dict[str, str]:
    return {
        "report": str(report_id),
        "statement": heard.statement,
        "product": heard.product or "–",
        "heard_at": heard.heard_at.isoformat() if heard.heard_at else "–",
        "received_at": now.isoformat(),
        "source": heard.source,
    }


def _known(cur: Cursor, token: str) -> SafetyReport | None:
    row = cur.execute("SELECT id, received_at FROM inquiries_safetyreport WHERE token = %s", (token,)).fetchone()
    return SafetyReport(*row) if row else None


def _store(cur: Cursor, report_id: UUID, heard: Heard, now: datetime, verdict: UUID | None) -> None:
    cur.execute(
        """INSERT INTO inquiries_safetyreport
             (id, token, reported_by, person, source, product, statement, heard_at, received_at, verdict)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            report_id, heard.token, heard.reported_by, heard.person, heard.source,
            heard.product, heard.statement, heard.heard_at, now, verdict,
        ),
    )  # fmt: skip
