"""What can be wrong with a way out, and what people do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from einklang.core.words import Words
from einklang.loop.channels.contract import Fault


class Told(NamedTuple):
    what: Words
    way_out: Words


FAULTS: Mapping[Fault, Told] = {
    "unreachable": Told(
        Words("Der Mailserver ist nicht zu erreichen.", "The mail server cannot be reached."),
        Words(
            "Läuft er, und stimmt die Adresse in EINKLANG_SMTP_URL?",
            "Is it up, and is the address in EINKLANG_SMTP_URL right?",
        ),
    ),
    "login": Told(
        Words("Der Mailserver weist unsere Anmeldung ab.", "The mail server refuses our login."),
        Words(
            "Benutzer und Passwort in EINKLANG_SMTP_URL berichtigen, dann neu starten.",
            "Put user and password in EINKLANG_SMTP_URL right, then restart.",
        ),
    ),
    "unwritten": Told(
        Words("Unser eigener Datenträger nimmt nichts mehr auf.", "Our own disk takes nothing any more."),
        Words(
            "Platz schaffen. Was hinausgeht, muss vorher notiert sein, damit nichts doppelt geht.",
            "Make room. What leaves must be written down before, so that nothing goes twice.",
        ),
    ),
    "refused": Told(
        Words("Der Mailserver weist uns ab.", "The mail server turns us away."),
        Words(
            "Sein Protokoll sagt, warum: zu viele Verbindungen, Wartung oder ein Absender, den er nicht kennt.",
            "Its log says why: too many connections, maintenance, or a sender that it does not know.",
        ),
    ),
    "broken": Told(
        Words(
            "Der Mailserver bricht ab, nachdem er die Mail bekommen hat.",
            "The mail server hangs up after it was given the mail.",
        ),
        Words(
            "In seinem Protokoll nachsehen; über die ungewissen Nachrichten entscheiden Menschen.",
            "Look into its log; people decide about the uncertain messages.",
        ),
    ),
    "failed": Told(
        Words(
            "Der Mailserver lehnt eine Mail nach der anderen ab.",
            "The mail server turns down one mail after another.",
        ),
        Words(
            "Steht unsere Adresse auf einer Sperrliste, dürfen wir über ihn senden, stimmt die Liste der Adressen?",
            "Are we on a block list, may we send through it, is the list of addresses good?",
        ),
    ),
}
