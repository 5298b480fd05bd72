"""How a channel looks: its icon, its hue in the style sheet and its name; and the signs of what is more than that."""

from __future__ import annotations

from typing import NamedTuple

from einklang.ui.text import t


class Look(NamedTuple):
    icon: str
    hue: str
    de: str
    en: str

    @property
    def name(self) -> str:
        return t(self.de, self.en)


CHANNELS = {
    "visit": Look("handshake", "visit", "Besuch", "Visit"),
    "phone": Look("phone", "phone", "Telefon", "Phone"),
    "video": Look("video-camera", "video", "Videogespräch", "Video call"),
    "email": Look("envelope-simple", "email", "E\u2011Mail", "E\u2011mail"),
    "portal": Look("globe-simple", "portal", "Portal", "Portal"),
    "event": Look("calendar-check", "event", "Veranstaltung", "Event"),
    "service": Look("chats-circle", "service", "Service", "Service"),
    "post": Look("package", "service", "Versand", "Post"),
    "ads": Look("megaphone-simple", "paid", "Anzeige", "Advertisement"),
}
SIGNS = {
    "content.viewed": "book-open-text",
    "sample.requested": "signature",
    "sample.dispatched": "package",
    "consent.changed": "shield-check",
    "recommendation.shown": "presentation-chart",
    "suggestion.made": "lightbulb",
    "person.identified": "identification-card",
}
UNKNOWN = Look("dots-three-circle", "", "Anderer Kanal", "Other channel")


def look(channel: str) -> Look:
    return CHANNELS.get(channel, UNKNOWN)


def sign(kind: str) -> str:
    """Of a kind of interaction; empty where its channel says it all."""
    return SIGNS.get(kind, "")
