"""What a column can hold: how its text is read, and what is said where that fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from einklang.core.clock import ZONE
from einklang.core.errors import InputError
from einklang.core.words import Words
from einklang.facts.people import checks, identifiers, names

LONGEST = 300
DAYS = ("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y")
YES = frozenset({"ja", "j", "yes", "y", "1", "true", "wahr", "x"})
NO = frozenset({"nein", "n", "no", "0", "false", "falsch"})
EARLIEST, LATEST = 1900, 2200
LENGTHS = {"lanr": 9, "efn": 15, "bsnr": 9}

NOTHING = Words("", "")

Parse = Callable[[str, str], Any]
Warn = Callable[[Any], Words | None]


@dataclass(frozen=True, kw_only=True)
class Field:
    """`synonyms` are other names that files give the column. `samples` fill the two rows of the sample file."""

    name: str
    label: Words
    synonyms: tuple[str, ...] = ()
    parse: Parse
    required: bool = False
    hint: Words = NOTHING
    samples: tuple[str, str] = ("", "")
    warn: Warn | None = None


def text(field: str, value: str) -> str:
    line = checks.line(field, value)
    if len(line) > LONGEST:
        raise InputError(
            field,
            Words(f"Der Text ist länger als {LONGEST} Zeichen.", f"The text is longer than {LONGEST} characters."),
            Words("Bitte kürzen Sie ihn.", "Please shorten it."),
        )
    return line


def long_text(field: str, value: str) -> str:
    return value.strip()


def email(field: str, value: str) -> str:
    return checks.email(value, field)


def moment(field: str, value: str) -> datetime:
    """A day begins at midnight in Berlin; a time without a zone is Berlin's."""
    found = _day(value) or _iso(value)
    if found is None or not EARLIEST <= found.year <= LATEST:
        raise InputError(
            field,
            Words("Das ist kein Datum.", "This is no date."),
            Words("So sieht eines aus: 31.05.2026 oder 2026-05-31.", "One looks like this: 31.05.2026 or 2026-05-31."),
        )
    return (found if found.tzinfo else found.replace(tzinfo=ZONE)).astimezone(UTC)


def yes_no(field: str, value: str) -> bool:
    word = value.strip().lower()
    if word in YES | NO:
        return word in YES
    raise InputError(
        field,
        Words("Hier steht weder ja noch nein.", "This is neither yes nor no."),
        Words("Bitte schreiben Sie ja oder nein.", "Please write yes or no."),
    )


def several(field: str, value: str) -> list[str]:
    return [part for part in (each.strip() for each in text(field, value).split(",")) if part]


def choice(words: Mapping[str, tuple[str, ...]]) -> Parse:
    """`words`: value → how files write it."""
    known = {names.fold(word): value for value, spelled in words.items() for word in (value, *spelled)}

    def parse(field: str, value: str) -> str:
        found = known.get(names.fold(value))
        if found is None:
            listed = ", ".join(spelled[0] if spelled else value for value, spelled in words.items())
            raise InputError(
                field,
                Words("Diese Angabe kennen wir nicht.", "We do not know this entry."),
                Words(f"Möglich sind: {listed}.", f"Possible are: {', '.join(words)}."),
            )
        return found

    return parse


def postcode(field: str, value: str) -> str:
    """Spreadsheets take the leading zero of Saxony away."""
    code = text(field, value)
    return code.zfill(5) if code.isdecimal() and len(code) == 4 else code


def number(system: str) -> Parse:
    """An identifier; spreadsheets take leading zeros away. A substitute number is never taken (DE-ID-03)."""

    def parse(field: str, value: str) -> str:
        plain = re.sub(r"[\s.]", "", text(field, value))
        padded = plain.zfill(LENGTHS[system]) if system in LENGTHS and len(plain) == LENGTHS[system] - 1 else plain
        for problem in identifiers.check(system, padded, manual=False):
            if problem.severity == "BLOCK" or not _shaped(system, padded):
                raise InputError(field, problem.text)
        return padded

    return parse


def doubt(system: str) -> Warn:
    """What is imported is warned about, not refused (DE-ID-01)."""

    def warn(value: str) -> Words | None:
        found = identifiers.check(system, value, manual=False)
        return found[0].text if found else None

    return warn


def _shaped(system: str, value: str) -> bool:
    """A key must at least have the length: a number that is cut would tie two people together."""
    if system in LENGTHS:
        return len(value) == LENGTHS[system] and value.isascii() and value.isdigit()
    return identifiers.CHECKS[system](value)


def _day(value: str) -> datetime | None:
    for form in DAYS:
        try:
            return datetime.strptime(value.strip(), form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    return None


def _iso(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None
