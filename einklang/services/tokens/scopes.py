"""What a token may be given, and which act of `people.roles` somebody of the company would need for the same."""

from __future__ import annotations

from typing import NamedTuple

from einklang.core.words import Words


class Scope(NamedTuple):
    act: str
    words: Words


SCOPES: dict[str, Scope] = {
    "people:read": Scope("studio.people", Words("Personen lesen", "Read people")),
    "people:write": Scope("studio.requests.control", Words("Personen berichtigen", "Correct people")),
    "consents:read": Scope("studio.consents", Words("Einwilligungen lesen", "Read consents")),
    "consents:write": Scope(
        "studio.requests.control", Words("Einwilligungen eintragen und beenden", "Record and end consents")
    ),
    "interactions:read": Scope("studio.timeline", Words("Interaktionen lesen", "Read interactions")),
    "interactions:write": Scope("studio.imports", Words("Interaktionen melden", "Tell interactions")),
    "contents:read": Scope("content.read", Words("Gültige Inhalte lesen", "Read valid contents")),
    "verdicts:ask": Scope("studio.verdicts", Words("Das Tor zur Probe fragen", "Ask the gate for a trial")),
    "verdicts:read": Scope("studio.verdicts", Words("Urteile lesen und nachrechnen", "Read and replay verdicts")),
    "messages:read": Scope("studio.messages", Words("Nachrichten lesen", "Read messages")),
    "journeys:read": Scope("studio.journeys", Words("Journeys lesen", "Read journeys")),
    "journeys:write": Scope("studio.journeys.control", Words("Journeys anhalten", "Pause journeys")),
    "orders:read": Scope("studio.dispatch", Words("Bestellungen lesen", "Read orders")),
    "requests:read": Scope("studio.requests", Words("Anträge lesen", "Read requests")),
    "requests:write": Scope("studio.requests.control", Words("Anträge aufnehmen", "Take down requests")),
    "medical:read": Scope(
        "studio.audit", Words("Auch Medizinisches, nie Sicherheit", "Also what is medical, never safety")
    ),
}
