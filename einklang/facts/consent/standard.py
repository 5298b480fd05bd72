"""The wordings that a new installation begins with; a company publishes its own as the next version."""

from __future__ import annotations

WORDINGS = {
    "tracking": {
        "de": "Ich bin einverstanden, dass gespeichert wird, welche Beiträge ich im Portal öffne, und dass mir danach "
        "passende Beiträge gezeigt werden. Ich kann das jederzeit in den Einstellungen widerrufen.",
        "en": "I agree that it is stored which items I open in the portal, and that items are chosen for me "
        "accordingly. I can withdraw this at any time in the preferences.",
    },
    "mail_tracking": {
        "de": "Ich bin einverstanden, dass gemessen wird, ob ich eine E-Mail öffne und welchen Link ich darin wähle. "
        "Ich kann das jederzeit in den Einstellungen widerrufen.",
        "en": "I agree that it is measured whether I open an e-mail and which link I choose in it. I can withdraw "
        "this at any time in the preferences.",
    },
    "rep_visibility": {
        "de": "Ich bin einverstanden, dass der Außendienst, der mich besucht, sieht, wofür ich mich im Portal und in "
        "E-Mails interessiert habe: nach meiner Wahl nur Thema und Monat oder auch Titel und Datum. Was er sieht, "
        "sehe ich selbst in den Einstellungen. Dort kann ich das jederzeit widerrufen.",
        "en": "I agree that the rep who visits me sees what interested me in the portal and in e-mails: as I choose, "
        "topic and month only, or title and date as well. I see in the preferences exactly what the rep sees. "
        "I can withdraw this there at any time.",
    },
    "email": {
        "de": "Ich möchte Informationen zu Arzneimitteln und Fortbildungen per E-Mail erhalten. Ich kann das jederzeit "
        "widerrufen, mit einem Klick in jeder E-Mail oder in den Einstellungen.",
        "en": "I would like to receive information on medicines and medical education by e-mail. I can withdraw this "
        "at any time, with one click in every e-mail or in the preferences.",
    },
    "phone": {
        "de": "Ich bin einverstanden, zu Arzneimitteln und Fortbildungen angerufen zu werden. Ich kann das jederzeit "
        "in den Einstellungen widerrufen.",
        "en": "I agree to be called about medicines and medical education. I can withdraw this at any time in the "
        "preferences.",
    },
    "visit": {
        "de": "Ich möchte keine Besuche des Außendienstes.",
        "en": "I do not want to be visited by a rep.",
    },
    "marketing": {
        "de": "Ich widerspreche jeder Werbung und der Auswertung meiner Daten dafür.",
        "en": "I object to all marketing and to the use of my data for it.",
    },
}
