"""Checks of what is entered about people. A line break in an address would become a header of a mail."""

from __future__ import annotations

import re
import unicodedata

from einklang.core.errors import InputError
from einklang.core.words import Words

ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+")
MAX_ADDRESS = 254
ONE_LINE = (
    Words("Die Angabe steht in einer Zeile.", "This is a single line."),
    Words("Bitte entfernen Sie den Zeilenumbruch.", "Please remove the line break."),
)
NO_ADDRESS = (
    Words("Das ist keine E-Mail-Adresse.", "This is not an e-mail address."),
    Words("Sie sieht aus wie name@praxis.example.", "It looks like name@practice.example."),
)


def line(field: str, value: str) -> str:
    if not value.isprintable() and any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in value):
        raise InputError(field, *ONE_LINE)
    return value.strip()


def email(value: str, field: str = "email") -> str:
    """The address in lower case."""
    address = line(field, value).lower()
    if len(address) > MAX_ADDRESS or not ADDRESS.fullmatch(address):
        raise InputError(field, *NO_ADDRESS)
    return address
