"""Plausibility of German identifiers (regulation.md §8). A number that passes proves nothing about a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from einklang.core.words import Words

PSEUDO_LANR = frozenset({"999999900", "555555500", "444444400", "333333300"})
LANR_WEIGHTS = (4, 9, 4, 9, 4, 9)
EFN_DOCTOR_GERMANY = "80276"
TELEMATIK = re.compile(r"[1-9][0-9]?-[\x21-\x7E]+")
SYSTEMS = ("lanr", "efn", "bsnr", "telematik")

Severity = Literal["WARN", "BLOCK"]


@dataclass(frozen=True, slots=True)
class Problem:
    severity: Severity
    text: Words


WORDS = {
    "lanr": Words(
        "Die LANR stimmt nicht: Sie hat neun Ziffern, die siebte prüft die ersten sechs. "
        "Sie steht auf Ihrem Vertragsarztstempel.",
        "This LANR is not right: it has nine digits, the seventh checks the first six. "
        "It is on the panel doctor's stamp.",
    ),
    "efn": Words(
        "Die EFN stimmt nicht: Sie hat 15 Ziffern und beginnt mit 80276. Sie steht auf dem Fortbildungsausweis.",
        "This EFN is not right: it has 15 digits and begins with 80276. It is on the CME card.",
    ),
    "bsnr": Words(
        "Die BSNR stimmt nicht: Sie hat neun Ziffern. Sie steht auf dem Praxisstempel.",
        "This BSNR is not right: it has nine digits. It is on the practice's stamp.",
    ),
    "telematik": Words(
        "Die Telematik-ID stimmt nicht: Sie beginnt mit einer Zahl und einem Bindestrich, etwa 1-.",
        "This Telematik-ID is not right: it begins with a number and a hyphen, such as 1-.",
    ),
}
PSEUDO = Words(
    "Das ist eine Ersatznummer, die viele verwenden. Bitte geben Sie die eigene LANR an.",
    "This is a substitute number that many people use. Please enter the personal LANR.",
)
UNKNOWN = Words("Diese Art von Nummer kennen wir nicht.", "We do not know this kind of number.")


def lanr_ok(value: str) -> bool:
    return _digits(value, 9) and value not in PSEUDO_LANR and int(value[6]) == _lanr_digit(value)


def efn_ok(value: str) -> bool:
    return _digits(value, 15) and value.startswith(EFN_DOCTOR_GERMANY) and int(value[14]) == _luhn(value[:14])


def bsnr_ok(value: str) -> bool:
    return _digits(value, 9)


def telematik_ok(value: str) -> bool:
    return TELEMATIK.fullmatch(value) is not None


CHECKS = {"lanr": lanr_ok, "efn": efn_ok, "bsnr": bsnr_ok, "telematik": telematik_ok}


def check(system: str, value: str, *, manual: bool = True) -> list[Problem]:
    """What is typed by hand is blocked, what is imported is only warned about (DE-ID-01). The EFN only warns:
    its check digit was never compared with a real one (DE-ID-04). A pseudo number never becomes a key (DE-ID-03)."""
    if system not in CHECKS:
        return [Problem("BLOCK", UNKNOWN)]
    if system == "lanr" and value in PSEUDO_LANR:
        return [Problem("BLOCK", PSEUDO)]
    if CHECKS[system](value):
        return []
    return [Problem("BLOCK" if manual and system != "efn" else "WARN", WORDS[system])]


def _digits(value: str, length: int) -> bool:
    """`isdigit` alone accepts "²"."""
    return len(value) == length and value.isascii() and value.isdigit()


def _lanr_digit(value: str) -> int:
    return (10 - sum(int(digit) * weight for digit, weight in zip(value[:6], LANR_WEIGHTS, strict=True)) % 10) % 10


def _luhn(payload: str) -> int:
    total = 0
    for position, char in enumerate(reversed(payload)):
        digit = int(char) * (2 if position % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return (10 - total % 10) % 10
