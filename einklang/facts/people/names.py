"""How a person is named and addressed, in German and English."""

from __future__ import annotations

import unicodedata

DOCTOR = "Dr."
PROFESSOR = "Prof."
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa"})


def display_name(title: str, given_name: str, family_name: str) -> str:
    return " ".join(part for part in (title, given_name, family_name) if part)


def short_name(salutation: str, title: str, family_name: str, locale: str = "de") -> str:
    """ "Dr. Albrecht", "Prof. Seidel", "Frau Lorenz"; in English "Dr Albrecht", "Ms Lorenz"."""
    return " ".join(part for part in (_form(salutation, title, locale), family_name) if part)


def greeting(salutation: str, title: str, given_name: str, family_name: str, locale: str = "de") -> str:
    """Opens a letter: "Sehr geehrte Frau Dr. Albrecht", "Dear Dr Albrecht"."""
    if locale == "en":
        form = _form(salutation, title, locale)
        return f"Dear {form or given_name} {family_name}"
    name = " ".join(part for part in (salutation, _short_title(title), family_name) if part)
    opening = {"Frau": "Sehr geehrte", "Herr": "Sehr geehrter"}.get(salutation)
    return f"{opening} {name}" if opening else f"Guten Tag {display_name(title, given_name, family_name)}"


def initials(given_name: str, family_name: str) -> str:
    return (given_name[:1] + family_name[:1]).upper()


def sort_key(family_name: str, given_name: str) -> str:
    """DIN 5007, variant 2 (names): ä sorts as ae, ß as ss, accents do not count."""
    return " ".join(part for part in (fold(family_name), fold(given_name)) if part)


def fold(text: str) -> str:
    """Lower case without accents, for sorting and searching."""
    plain = unicodedata.normalize("NFC", text).lower().translate(UMLAUTS)
    decomposed = unicodedata.normalize("NFKD", plain)
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def _short_title(title: str) -> str:
    if PROFESSOR in title:
        return PROFESSOR
    return DOCTOR if DOCTOR in title else ""


def _form(salutation: str, title: str, locale: str) -> str:
    short = _short_title(title)
    if locale == "en":
        return {PROFESSOR: "Professor", DOCTOR: "Dr"}.get(short) or {"Frau": "Ms", "Herr": "Mr"}.get(salutation, "")
    return short or salutation
