"""The mail server tried on the spot, in the way that each mail will go, with a test mail at its end."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from einklang.core import ids, settings
from einklang.core.errors import InputError
from einklang.core.words import Words
from einklang.loop.channels.email import adapter
from einklang.project import company_form

NO_PASSWORD = (
    Words("Der Mailserver verlangt ein Passwort.", "The mail server asks for a password."),
    Words("Setzen Sie EINKLANG_SMTP_PASSWORD.", "Set EINKLANG_SMTP_PASSWORD."),
)
SUBJECT = Words("Testmail von Einklang", "Test mail from Einklang")
TEXT = Words(
    "Diese Mail hat Einklang beim Einrichten von {company} gesendet. Ist sie bei Ihnen angekommen, dann sendet der "
    "Mailserver.\n\nZu tun ist nichts.\n",
    "Einklang sent this mail while {company} was set up. If you have received it, the mail server sends.\n\n"
    "There is nothing to do.\n",
)
SEE_PORT = Words("Prüfen Sie Port und Verschlüsselung.", "Check port and encryption.")
# Kind of error → field, what is wrong, way out; the first kind that fits.
PROBLEMS: Mapping[type[Exception], tuple[str, Words, Words]] = {
    smtplib.SMTPAuthenticationError: (
        "mail_user",
        Words("Der Mailserver weist die Anmeldung ab: {said}.", "The mail server refuses the login: {said}."),
        Words("Prüfen Sie Benutzer und EINKLANG_SMTP_PASSWORD.", "Check user and EINKLANG_SMTP_PASSWORD."),
    ),
    smtplib.SMTPNotSupportedError: (
        "mail_security",
        Words("Der Mailserver kann nicht, was verlangt ist: {said}", "The mail server lacks what is asked: {said}"),
        Words("Prüfen Sie Verschlüsselung und Benutzer.", "Check encryption and user."),
    ),
    smtplib.SMTPSenderRefused: (
        "mail_domain",
        Words(
            "Der Mailserver nimmt {sender} nicht als Absender: {said}.",
            "The server refuses {sender} as sender: {said}.",
        ),
        Words(
            "Prüfen Sie die Domain, oder lassen Sie sie dort freigeben.", "Check the domain, or have it allowed there."
        ),
    ),
    smtplib.SMTPRecipientsRefused: (
        "admin_email",
        Words("Der Mailserver nimmt diese Adresse nicht an: {said}.", "The mail server refuses this address: {said}."),
        Words("Prüfen Sie die Schreibweise.", "Check the spelling."),
    ),
    smtplib.SMTPResponseException: (
        "mail_host",
        Words("Der Mailserver weist die Testmail ab: {said}.", "The mail server refuses the test mail: {said}."),
        Words("Fragen Sie, wer ihn betreibt.", "Ask whoever runs it."),
    ),
    ssl.SSLCertVerificationError: (
        "mail_security",
        Words("Das Zertifikat von {host} gilt nicht: {said}.", "The certificate of {host} is not valid: {said}."),
        Words("Nehmen Sie den Namen, für den es gilt, oder erneuern Sie es.", "Use the name it is for, or renew it."),
    ),
    ssl.SSLError: (
        "mail_security",
        Words("Die Verschlüsselung kommt nicht zustande: {said}.", "The encryption fails: {said}."),
        SEE_PORT,
    ),
    socket.gaierror: (
        "mail_host",
        Words("Einen Rechner {host} gibt es nicht.", "There is no host {host}."),
        Words("Prüfen Sie die Schreibweise.", "Check the spelling."),
    ),
    ConnectionRefusedError: (
        "mail_port",
        Words("An {place} nimmt niemand ab.", "Nobody answers at {place}."),
        Words("Prüfen Sie den Port: meist 587, 465 oder 25.", "Check the port: mostly 587, 465 or 25."),
    ),
    TimeoutError: (
        "mail_host",
        Words(
            "{place} antwortet nicht innerhalb von {seconds} Sekunden.",
            "{place} does not answer within {seconds} seconds.",
        ),
        Words("Prüfen Sie Rechner, Port und Firewall.", "Check host, port and firewall."),
    ),
    Exception: (
        "mail_host",
        Words(
            "{place} antwortet nicht wie ein Mailserver: {said}.", "{place} does not answer as a mail server: {said}."
        ),
        SEE_PORT,
    ),
}


def try_mail(answers: Mapping[str, str], to: str, locale: str, now: datetime) -> bool:
    """Sends a test mail to `to`; without it, connects and logs in only. False where no server is named.

    Raises InputError with the field that is wrong.
    """
    if not answers.get("mail_host"):
        return False
    try:
        with adapter.connect(_url(answers)) as server:
            if to:
                server.send_message(_mail(answers, to, locale, now))
    except (smtplib.SMTPException, OSError) as error:
        raise InputError(*_problem(_cause(error), answers)) from error
    return True


def _url(answers: Mapping[str, str]) -> str:
    if not answers.get("mail_user"):
        return company_form.mail_url(answers)
    password = os.environ.get("EINKLANG_SMTP_PASSWORD") or urlsplit(settings.get().smtp_url or "").password
    if not password:
        raise InputError("mail_user", *NO_PASSWORD)
    return settings.with_password(company_form.mail_url(answers), unquote(password))


def _mail(answers: Mapping[str, str], to: str, locale: str, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = _sender(answers), to
    mail["Subject"] = SUBJECT.in_(locale)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{ids.new()}@{answers['mail_domain']}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(TEXT.in_(locale).format(company=answers["company"]))
    return mail


def _sender(answers: Mapping[str, str]) -> str:
    return f"post@{answers['mail_domain']}"


def _problem(error: Exception, answers: Mapping[str, str]) -> tuple[str, Words, Words]:
    field, what, way_out = next(told for kind, told in PROBLEMS.items() if isinstance(error, kind))
    known = {
        "host": answers["mail_host"],
        "place": f"{answers['mail_host']}:{answers['mail_port']}",
        "sender": _sender(answers),
        "seconds": adapter.TIMEOUT_SECONDS,
        "said": _said(error),
    }
    return field, Words(what.de.format(**known), what.en.format(**known)), way_out


def _cause(error: Exception) -> Exception:
    """smtplib tells silence as a closed connection."""
    before = error.__context__
    return before if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(before, TimeoutError) else error


def _said(error: Exception) -> str:
    """The server's own words, where it found some."""
    match error:
        case smtplib.SMTPResponseException():
            return _reply(error.smtp_code, error.smtp_error)
        case smtplib.SMTPRecipientsRefused():
            return " ".join(_reply(*reply) for reply in error.recipients.values())
        case ssl.SSLCertVerificationError():
            return str(error.verify_message)
        case ssl.SSLError():
            return str(error.reason or error)
    return str(error) or type(error).__name__


def _reply(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
