"""The gate's words in German and English: one word per thing, filled into the sentences of the packs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from einklang.core.clock import ZONE
from einklang.ui.calendar import SHORT_MONTHS, SHORT_WEEKDAYS

LOCALES = ("de", "en")
PERSON = {"de": "die Person", "en": "the person"}
WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "channel": {
        "email": ("E-Mail", "e-mail"),
        "sms": ("SMS", "text messages"),
        "push": ("Push-Nachrichten", "push messages"),
        "messenger": ("Messenger", "messengers"),
        "phone": ("Telefon", "phone"),
        "post": ("Post", "post"),
        "visit": ("Besuche", "visits"),
        "portal": ("das Portal", "the portal"),
        "event": ("Veranstaltungen", "events"),
    },
    "contact": {  # what somebody objects to; German wants the dative
        "visit": ("Besuchen", "visits"),
        "phone": ("Anrufen", "calls"),
        "post": ("Briefen", "letters"),
    },
    "permission": {
        "tracking": ("Lesen im Portal festhalten", "recording what is read in the portal"),
        "mail_tracking": ("Öffnen und Klicken in E-Mails messen", "measuring opens and clicks in e-mails"),
        "rep_visibility": ("Einsicht des Außendienstes", "sight by the rep"),
        "email": ("E-Mail", "e-mail"),
        "rx_audience": ("Fachkreis für verschreibungspflichtige Arzneimittel", "audience for prescription medicines"),
        "visit": ("Besuche", "visits"),
        "sample_request": ("Musteranforderung", "sample request"),
    },
    "role": {
        "physician": ("Ärztin oder Arzt", "physician"),
        "dentist": ("Zahnärztin oder Zahnarzt", "dentist"),
        "veterinarian": ("Tierärztin oder Tierarzt", "veterinarian"),
        "pharmacist": ("Apothekerin oder Apotheker", "pharmacist"),
        "nurse": ("Pflegefachkraft", "nurse"),
        "pta": ("PTA", "pharmaceutical technical assistant"),
        "mfa": ("MFA", "medical assistant"),
        "heilpraktiker": ("Heilpraktikerin oder Heilpraktiker", "naturopath"),
        "licensed_trader": ("Arzneimittelhändlerin oder -händler", "licensed trader"),
        "student": ("Studierende", "student"),
        "none": ("kein gültiger Nachweis", "no valid proof"),
    },
    "used": {"unknown": ("unbekannt", "unknown")},
}


def say(
    sentences: Mapping[str, str],
    locale: str,
    fill: Mapping[str, str | int],
    *,
    person: Mapping[str, str],
    moment: datetime | None = None,
) -> str:
    """An unknown locale reads English; a sentence begins with a capital, whatever was filled in."""
    language = "de" if locale.startswith("de") else "en"
    filled: dict[str, str | int] = {key: word(key, value, language) for key, value in fill.items()}
    filled["person"] = person.get(language) or PERSON[language]
    filled["moment"] = spoken(moment, language) if moment else ""
    text = sentences[language].format_map(filled)
    return text[:1].upper() + text[1:]


def word(kind: str, value: str | int, language: str) -> str | int:
    pair = WORDS.get(kind, {}).get(str(value))
    return pair[LOCALES.index(language)] if pair else value


def spoken(moment: datetime, language: str) -> str:
    """Mo., 23. Nov., 10:30 / Mon 23 Nov, 10:30, in Berlin time, with no-break spaces inside."""
    local = moment.astimezone(ZONE)
    day, month = SHORT_WEEKDAYS[language][local.weekday()], SHORT_MONTHS[language][local.month - 1]
    date = f"{day}, {local.day}. {month}" if language == "de" else f"{day} {local.day} {month}"
    return f"{date}, {local:%H:%M}".replace(" ", "\N{NO-BREAK SPACE}")
