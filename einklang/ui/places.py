"""Pages that stand in mails: their addresses are written down here once, and a test asks each for its view.

Rooms below the faces cannot ask Django for a route, and a mail that went out keeps its links for ever.
"""

from __future__ import annotations

from typing import NamedTuple

from einklang.core import settings


class Place(NamedTuple):
    pattern: str
    view: str

    def path(self, part: str = "") -> str:
        return self.pattern.format(part)

    def url(self, part: str = "") -> str:
        return settings.get().public_url + self.path(part)


ARTICLE = Place("/inhalt/{}", "portal:article")
CONFIRM = Place("/bestaetigen/{}", "portal:confirm")
IMPRINT = Place("/impressum", "portal:imprint")
PASSWORD = Place("/passwort/{}", "password_choose")
PREFERENCES = Place("/einstellungen", "portal:preferences")
PRIVACY = Place("/datenschutz", "portal:privacy")
UNSUBSCRIBE = Place("/abmelden/{}", "portal:unsubscribe")

CLICKED = Place("/m/c/{}", "api:clicked")
ONE_CLICK = Place("/m/u/{}", "api:unsubscribe")
OPENED = Place("/m/o/{}.gif", "api:opened")

ALL = (
    ARTICLE, CONFIRM, IMPRINT, PASSWORD, PREFERENCES, PRIVACY, UNSUBSCRIBE,
    CLICKED, ONE_CLICK, OPENED,
)  # fmt: skip
