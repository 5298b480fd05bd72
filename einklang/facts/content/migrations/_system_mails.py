"""The system mails that a new installation begins with, as version 0: a company's own version 1 takes their place.

A migration writes them, so they change by another migration and not here.
"""

from __future__ import annotations

from typing import Any

NAME = "Einklang"
MEANING = "Mit dem Produkt ausgeliefert: Systemmail, frei von Werbung"

OPT_IN: dict[str, Any] = {
    "de": {
        "subject": "Bitte bestätigen Sie Ihre Einwilligung",
        "greeting": "{salutation},",
        "paragraphs": [
            "Sie haben gewählt, wie {company} Sie ansprechen darf. Erst mit Ihrer Bestätigung gilt diese Wahl.",
            "Der Link gilt sieben Tage. Ohne Bestätigung bleibt alles, wie es war, und Sie müssen nichts tun.",
        ],
        "links": [{"label": "Angaben ansehen und bestätigen", "kind": "opt_in", "url": "{confirm_url}"}],
        "closing": "{company}",
    },
    "en": {
        "subject": "Please confirm your consent",
        "greeting": "{salutation},",
        "paragraphs": [
            "You have chosen how {company} may contact you. The choice counts only once you confirm it.",
            "The link is valid for seven days. Without a confirmation everything stays as it was and you need do "
            "nothing.",
        ],
        "links": [{"label": "See and confirm the choices", "kind": "opt_in", "url": "{confirm_url}"}],
        "closing": "{company}",
    },
}
SAFETY_REPORT: dict[str, Any] = {
    "de": {
        "subject": "Sicherheitsmeldung {report}",
        "paragraphs": [
            "Eine Meldung zur Arzneimittelsicherheit ist eingegangen. Sie steht unverändert im System; der Vertrieb "
            "sieht sie nicht.",
            "Gesagt wurde: {statement}",
            "Arzneimittel: {product}",
            "Gehört: {heard_at}. Eingegangen: {received_at}. Weg: {source}.",
        ],
    },
    "en": {
        "subject": "Safety report {report}",
        "paragraphs": [
            "A report on the safety of a medicine has come in. It is stored unchanged; sales does not see it.",
            "What was said: {statement}",
            "Medicine: {product}",
            "Heard: {heard_at}. Received: {received_at}. Way: {source}.",
        ],
    },
}
PASSWORD_RESET: dict[str, Any] = {
    "de": {
        "subject": "Ein neues Passwort für Ihren Zugang",
        "greeting": "{salutation},",
        "paragraphs": [
            "Sie möchten ein neues Passwort wählen. Der Link gilt eine Stunde und nur einmal.",
            "Kam die Bitte nicht von Ihnen, müssen Sie nichts tun: Ihr Passwort bleibt, wie es ist.",
        ],
        "links": [{"label": "Neues Passwort wählen", "kind": "reset", "url": "{reset_url}"}],
        "closing": "{company}",
    },
    "en": {
        "subject": "A new password for your access",
        "greeting": "{salutation},",
        "paragraphs": [
            "You would like to choose a new password. The link is valid for one hour and only once.",
            "If you did not ask for it, you need do nothing: your password stays as it is.",
        ],
        "links": [{"label": "Choose a new password", "kind": "reset", "url": "{reset_url}"}],
        "closing": "{company}",
    },
}
SYSTEM_MAILS = {"opt-in": OPT_IN, "safety-report": SAFETY_REPORT, "password-reset": PASSWORD_RESET}
