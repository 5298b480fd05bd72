"""A letter becomes a mail: text and HTML part, headers of its own, nothing that the verdict does not allow. Pure."""

from __future__ import annotations

import re
import textwrap
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from einklang.core import ids
from einklang.loop.channels.email import layout, wording
from einklang.loop.channels.email.letter import Letter, LetterError

WIDTH = 72
RULE = "-" * WIDTH
ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9.-]+")
ON_ONE_LINE = {"list-unsubscribe", "list-unsubscribe-post"}


class WirePolicy(EmailPolicy):
    """Long addresses in List-Unsubscribe stay as they are; folding would encode them beyond recognition."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in ON_ONE_LINE:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


WIRE = WirePolicy(linesep=SMTP.linesep)


def render(letter: Letter) -> bytes:
    mail = EmailMessage(policy=WIRE)
    mail["From"] = _address(letter.company.name, letter.sender)
    mail["To"] = _address(letter.name, letter.recipient)
    mail["Subject"] = _subject(letter)
    mail["Date"] = format_datetime(letter.now)
    mail["Message-ID"] = letter.message_id
    mail["Content-Language"] = letter.locale
    if letter.one_click:
        mail["List-Unsubscribe"] = f"<{letter.one_click}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text(letter), cte="quoted-printable")
    mail.add_alternative(layout.html(letter), subtype="html", cte="quoted-printable")
    mail.set_boundary(f"part-{ids.digest(letter.message_id.encode())[:24]}")
    return mail.as_bytes()


def text(letter: Letter) -> str:
    kind = wording.PROMOTIONAL.in_(letter.locale) if letter.version.promotional else ""
    parts = ["\n".join(line for line in (letter.company.name, kind) if line)]
    if letter.repeat:
        parts.append(_wrapped(wording.REPEATED.in_(letter.locale)))
    parts += [_wrapped(paragraph) for paragraph in (letter.greeting, *letter.paragraphs)]
    parts += [f"{label}:\n{href}" for label, href in letter.links]
    parts += [_wrapped(letter.closing)] if letter.closing else []
    parts += _mandatory(letter)
    parts += _foot(letter)
    return "\n\n".join(parts) + "\n"


def _mandatory(letter: Letter) -> list[str]:
    if not letter.mandatory:
        return []
    lines = [_wrapped(f"{label}: {value}") for label, value in letter.mandatory]
    return [RULE, wording.MANDATORY.in_(letter.locale), *lines]


def _foot(letter: Letter) -> list[str]:
    parts = [RULE]
    if letter.unsubscribe:
        why = _wrapped(wording.WHY.in_(letter.locale).format(company=letter.company.name))
        parts.append(f"{why}\n{wording.UNSUBSCRIBE.in_(letter.locale)}: {letter.unsubscribe}")
    if letter.objection:
        notice = _wrapped(wording.OBJECTION.in_(letter.locale))
        parts.append(f"{notice}\n{wording.OBJECT.in_(letter.locale)}: {letter.objection}")
    imprint = f"{wording.IMPRINT.in_(letter.locale)}: {letter.imprint}"
    return [*parts, "\n".join((imprint, *letter.company.imprint))]


def _subject(letter: Letter) -> str:
    prefix = f"{wording.REPEAT.in_(letter.locale)}: " if letter.repeat else ""
    return prefix + " ".join(letter.subject.split())


def _address(name: str, address: str) -> Address:
    """A line break would become a header, so only what looks like an address is one."""
    if not ADDRESS.fullmatch(address):
        raise LetterError(f"{address!r} is no address for a mail.")
    return Address(name, addr_spec=address)


def _wrapped(paragraph: str) -> str:
    lines = paragraph.splitlines()
    return "\n".join(textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in lines)
