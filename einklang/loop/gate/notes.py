"""What is noted at a message beside its state: a code with what fills its sentence (`gave_up:8`), or rule ids.

Codes stand in the table, sentences here. What a mail server said is kept as it said it.
"""

from __future__ import annotations

from einklang.core.words import Words

BY_HAND = "by_hand"
JOURNEY_PAUSED = "journey_paused"
JOURNEY_STOPPED = "journey_stopped"
MAILING_STOPPED = "mailing_stopped"
CONTENT_WITHDRAWN = "content_withdrawn"
NO_TIME = "no_time"
CHANNEL_RESTS = "channel_rests"
MAIL_DNS = "mail_dns"
MAIL_PACE = "mail_pace"
GAVE_UP = "gave_up"
REPEAT = "repeat"
CRASH_BEFORE = "crash_before"
CRASH_WHILE = "crash_while"
FOUND = "found"
RESTORED = "restored"
UNKNOWN_PERSON = "unknown_person"
NO_ADDRESS = "no_address"
BLOCKED = "blocked"
NO_SOURCE = "no_source"
NO_MANDATORY_TEXT = "no_mandatory_text"

SENTENCES = {
    BY_HAND: Words("Von Hand", "By hand"),
    JOURNEY_PAUSED: Words("Die Journey ist angehalten.", "The journey is paused."),
    JOURNEY_STOPPED: Words("Die Journey wurde beendet.", "The journey was stopped."),
    MAILING_STOPPED: Words("Die Aussendung wurde beendet.", "The mailing was stopped."),
    CONTENT_WITHDRAWN: Words("Der Inhalt wurde zurückgezogen: {}", "The content was withdrawn: {}"),
    NO_TIME: Words("Die Zeit reichte nicht; geht im nächsten Durchgang.", "There was no time left; goes next."),
    CHANNEL_RESTS: Words(
        "Der Kanal ruht; geht, sobald er wieder sendet.", "The channel rests; goes when it sends again."
    ),
    MAIL_DNS: Words(
        "Werbung wartet, bis das DNS unsere Domain als Absender ausweist.",
        "Advertising waits until the DNS shows our domain as a sender.",
    ),
    MAIL_PACE: Words(
        "Für {} sind in dieser Stunde alle {} Plätze vergeben.",
        "For {} all {} places of this hour are taken.",
    ),
    GAVE_UP: Words("Nach {} Versuchen aufgegeben. {}", "Given up after {} attempts. {}"),
    REPEAT: Words("Wiederholung. {}", "Repeat. {}"),
    CRASH_BEFORE: Words("Vor dem Senden abgestürzt; wird noch gesendet.", "A crash before sending; still to be sent."),
    CRASH_WHILE: Words("Beim Senden abgestürzt", "A crash while sending"),
    FOUND: Words("Nach einem Absturz im Postausgang gefunden", "Found in the outbox after a crash"),
    RESTORED: Words(
        "Nach der Sicherung, aus der dieses Haus kommt, kann sie schon hinausgegangen sein.",
        "It may have left already, after the backup that this house comes from.",
    ),
    UNKNOWN_PERSON: Words("Die Person ist nicht mehr bekannt.", "The person is not known any more."),
    NO_ADDRESS: Words("Es gibt keine Adresse.", "There is no address."),
    BLOCKED: Words("Diese Adresse nimmt keine Mail an.", "This address takes no mail."),
    NO_SOURCE: Words("Die Herkunft der Daten ist nicht mehr bekannt.", "The source of the data is not known any more."),
    NO_MANDATORY_TEXT: Words("Die Pflichtangaben fehlen: {}", "The mandatory text is missing: {}"),
}
MARK = "|"


def note(code: str, *fill: object) -> str:
    return f"{code}:{MARK.join(map(str, fill))}" if fill else code


def say(detail: str, locale: str) -> str:
    """Rule ids, what a mail server said, and codes that nobody knows any more are shown as they are."""
    code, _, rest = detail.partition(":")
    if code not in SENTENCES:
        return detail
    sentence = SENTENCES[code].in_(locale)
    places = sentence.count("{}")
    fill = rest.split(MARK, places - 1) if places else []
    told = [say(each, locale) for each in fill] + [""] * (places - len(fill))
    return sentence.format(*told).strip()
