"""A letter becomes a mail: text and HTML part, headers of its own, nothing that the verdict does not allow. Pure.

The parts are put together here: `email.message` takes ten times as long for the same bytes and folds the long address
of List-Unsubscribe into something that no mail program understands.
"""

from __future__ import annotations

import binascii
import re
import textwrap
from email.header import Header
from email.utils import format_datetime, formataddr

from einklang.core import ids
from einklang.loop.channels.email import layout, wording
from einklang.loop.channels.email.letter import Letter, LetterError

WIDTH = 72
RULE = "-" * WIDTH
ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9.-]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
LINE_END = "\r\n"


def render(letter: Letter) -> bytes:
    boundary = f"part-{ids.digest(letter.message_id.encode())[:24]}"
    headers = {**_headers(letter), "Content-Type": f'multipart/alternative; boundary="{boundary}"'}
    head = LINE_END.join(f"{name}: {value}" for name, value in headers.items())
    parts = (_part("plain", text(letter)), _part("html", layout.html(letter)))
    body = "".join(f"--{boundary}{LINE_END}{part}{LINE_END}" for part in parts)
    return f"{head}{LINE_END * 2}{body}--{boundary}--{LINE_END}".encode("ascii")


def _headers(letter: Letter) -> dict[str, str]:
    headers = {
        "From": _address(letter.company.name, letter.sender),
        "To": _address(letter.name, letter.recipient),
        "Subject": _words("Subject", _subject(letter)),
        "Date": format_datetime(letter.now),
        "Message-ID": letter.message_id,
        "Content-Language": letter.locale,
        "MIME-Version": "1.0",
    }
    if letter.one_click is None:
        return {**headers, "Auto-Submitted": "auto-generated"}
    one_click = {"List-Unsubscribe": f"<{letter.one_click}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return {**headers, **one_click}


def _part(kind: str, content: str) -> str:
    lines = LINE_END.join(content.splitlines()) + LINE_END
    coded = binascii.b2a_qp(lines.encode(), istext=True).decode("ascii")
    head = (f'Content-Type: text/{kind}; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable")
    return f"{LINE_END.join(head)}{LINE_END * 2}{coded}"


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
    if letter.origin:
        told = _wrapped(wording.origin(letter.locale, letter.origin.source, letter.origin.since))
        parts.append(f"{told}\n{wording.PRIVACY.in_(letter.locale)}: {letter.origin.privacy}")
    imprint = f"{wording.IMPRINT.in_(letter.locale)}: {letter.imprint}"
    return [*parts, "\n".join((imprint, *letter.company.imprint))]


def _subject(letter: Letter) -> str:
    prefix = f"{wording.REPEAT.in_(letter.locale)}: " if letter.repeat else ""
    return prefix + " ".join(letter.subject.split())


def _address(name: str, address: str) -> str:
    """A line break would become a header, so only what looks like an address is one."""
    if not ADDRESS.fullmatch(address):
        raise LetterError("What is kept as the address is no address for a mail.")
    return formataddr((CONTROL.sub(" ", name), address))


def _words(name: str, value: str) -> str:
    plain = CONTROL.sub(" ", value)
    return plain if plain.isascii() else Header(plain, "utf-8", header_name=name).encode(linesep=LINE_END)


def _wrapped(paragraph: str) -> str:
    lines = paragraph.splitlines()
    return "\n".join(textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False) for line in lines)
