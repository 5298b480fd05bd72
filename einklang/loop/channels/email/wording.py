"""What our mails say around the signed text."""

from __future__ import annotations

from datetime import date

from einklang.core.words import Words

HELLO = Words("Guten Tag {name}", "Dear {name}")
PROMOTIONAL = Words("Werbliche Information für Fachkreise", "Promotional information for healthcare professionals")
MANDATORY = Words("Pflichtangaben", "Mandatory text")
WHY = Words(
    "Sie erhalten diese E-Mail, weil Sie E-Mails von {company} zugestimmt haben.",
    "You receive this e-mail because you agreed to e-mails from {company}.",
)
UNSUBSCRIBE = Words("E-Mails abbestellen", "Unsubscribe from e-mails")
OBJECTION = Words(
    "Sie können der Verwendung Ihrer Daten für Werbung jederzeit widersprechen, ganz oder für einzelne Wege. "
    "Das kostet nichts als die Übermittlung und braucht keine Begründung.",
    "You can object to the use of your data for advertising at any time, altogether or for single channels. "
    "It costs nothing but sending it and needs no reason.",
)
OBJECT = Words("Der Werbung widersprechen", "Object to advertising")
ORIGIN = Words(
    "Woher wir Ihre Daten haben: Ihre beruflichen Angaben und Ihre Adresse stammen seit dem {day} aus „{source}“. "
    "Wir verwenden sie, um Sie als Fachkreis zu informieren. Auskunft, Berichtigung, Löschung und Widerspruch stehen "
    "Ihnen jederzeit offen.",
    "Where your data come from: your professional details and your address have come from “{source}” since {day}. "
    "We use them to inform you as a healthcare professional. You can ask for a copy, have them corrected or erased, "
    "or object, at any time.",
)
PRIVACY = Words("Alles zum Umgang mit Ihren Daten", "All about how your data are used")
IMPRINT = Words("Impressum", "Imprint")
REPEAT = Words("Wiederholung", "Repeat")
REPEATED = Words(
    "Diese Meldung wird wiederholt, weil nicht bekannt ist, ob sie beim ersten Mal ankam. "
    "Die Nummer der Meldung ist dieselbe.",
    "This report is sent again because nobody knows whether it arrived the first time. Its number is the same.",
)


def origin(locale: str, source: str, since: date) -> str:
    day = f"{since.day} {since:%B %Y}" if locale == "en" else f"{since:%d.%m.%Y}"
    return ORIGIN.in_(locale).format(source=source, day=day)
