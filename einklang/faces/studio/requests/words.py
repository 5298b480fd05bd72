"""Requests by Art. 15 to 17 GDPR in words."""

from __future__ import annotations

KINDS = {
    "access": ("Auskunft", "Access"),
    "correction": ("Berichtigung", "Correction"),
    "erasure": ("Löschung", "Erasure"),
}
SOURCES = {
    "letter": ("Brief", "Letter"),
    "mail": ("E\u2011Mail", "E\u2011mail"),
    "phone": ("Anruf", "Phone call"),
    "in_person": ("Persönlich, etwa beim Besuch", "In person, at a visit for example"),
    "portal": ("Portal", "Portal"),
}
IDENTITIES = {
    "address": ("Brief mit der Anschrift, die wir kennen", "Letter with the address that we know"),
    "mail": ("E\u2011Mail von der Adresse, die wir kennen", "E\u2011mail from the address that we know"),
    "callback": ("Rückruf unter der Nummer, die wir kennen", "Called back at the number that we know"),
    "document": ("Ausweis oder Arztausweis gesehen", "ID or professional card seen"),
    "known": ("Der Person bekannt, die es aufnahm", "Known to whoever took it down"),
}
