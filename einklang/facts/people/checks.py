"""Checks of what is entered about people. A line break in an address would become a header of a mail."""

from __future__ import annotations

import re
import unicodedata

from einklang.core.errors import InputError

ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+")
MAX_ADDRESS = 254


def line(field: str, value: str) -> str:
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in value):
        raise InputError(field, "Die Angabe steht in einer Zeile.", "Bitte entfernen Sie den Zeilenumbruch.")
    return value.strip()


def email(value: str, field: str = "email") -> str:
    """The address in lower case."""
    address = line(field, value).lower()
    if len(address) > MAX_ADDRESS or not ADDRESS.fullmatch(address):
        raise InputError(field, "Das ist keine E-Mail-Adresse.", "Sie sieht aus wie name@praxis.example.")
    return address
