"""The registry of what can stand in the log. Pure: no Django, no clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CUSTOM = "custom."
IDENTIFIED = "person.identified"
LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`de` and `en` complete a sentence whose subject is the person or the company, by `initiator`."""

    de: str
    en: str
    channel: str
    initiator: str
    depth: int
    unit: str
    counts: bool = False  # towards contact limits, when promotional
    required: Mapping[str, type] = field(default_factory=dict)
    told_by: str = "system"  # browser: anybody may tell us; server: who holds a server key; system: only we ourselves


KINDS: dict[str, Kind] = {
    "content.viewed": Kind(
        de="hat „{title}“ gelesen",
        en="read “{title}”",
        channel="portal",
        initiator="customer",
        depth=1,
        unit="marketing",
        required={"content_slug": str, "topics": list},
        told_by="browser",
    ),
    "email.sent": Kind(
        de="hat die E-Mail „{subject}“ gesendet",
        en="sent the e-mail “{subject}”",
        channel="email",
        initiator="company",
        depth=0,
        unit="marketing",
        counts=True,
        required={"subject": str},
        told_by="server",
    ),
    "email.opened": Kind(
        de="hat die E-Mail geöffnet",
        en="opened the e-mail",
        channel="email",
        initiator="customer",
        depth=1,
        unit="marketing",
        told_by="server",
    ),
    "email.clicked": Kind(
        de="hat in der E-Mail auf „{link}“ geklickt",
        en="clicked “{link}” in the e-mail",
        channel="email",
        initiator="customer",
        depth=2,
        unit="marketing",
        required={"link": str},
        told_by="server",
    ),
    "email.bounced": Kind(
        de="hat die E-Mail nicht erhalten: Das Postfach nahm sie nicht an",
        en="did not receive the e-mail: the mailbox refused it",
        channel="email",
        initiator="unknown",
        depth=0,
        unit="marketing",
        told_by="server",
    ),
    "email.complained": Kind(
        de="hat die E-Mail dem Postfach als unerwünscht gemeldet",
        en="reported the e-mail to the mailbox as unwanted",
        channel="email",
        initiator="customer",
        depth=0,
        unit="marketing",
    ),
    "email.unsubscribed": Kind(
        de="hat E-Mails beim Versender abbestellt",
        en="unsubscribed from e-mails at the mail service",
        channel="email",
        initiator="customer",
        depth=0,
        unit="marketing",
    ),
    "visit.held": Kind(
        de="hat einen Besuch gemacht",
        en="paid a visit",
        channel="visit",
        initiator="company",
        depth=3,
        unit="sales",
        counts=True,
        required={"products": list},
        told_by="server",
    ),
    "call.held": Kind(
        de="hat angerufen",
        en="called",
        channel="phone",
        initiator="company",
        depth=3,
        unit="sales",
        counts=True,
        required={"products": list},
        told_by="server",
    ),
    "sample.requested": Kind(
        de="hat ein Muster angefordert",
        en="requested a sample",
        channel="visit",
        initiator="customer",
        depth=3,
        unit="sales",
        required={"pack": str, "quantity": int, "order": str},
        told_by="server",
    ),
    "sample.dispatched": Kind(
        de="hat das Muster versandt",
        en="dispatched the sample",
        channel="post",
        initiator="company",
        depth=0,
        unit="support",
        told_by="server",
    ),
    "consent.changed": Kind(
        de="hat eine Einwilligung geändert",
        en="changed a consent",
        channel="portal",
        initiator="customer",
        depth=0,
        unit="system",
        required={"permission": str, "state": str},
    ),
    "recommendation.shown": Kind(
        de="hat Empfehlungen gezeigt",
        en="showed recommendations",
        channel="visit",
        initiator="company",
        depth=0,
        unit="sales",
    ),
    "suggestion.made": Kind(
        de="schlägt einen Besuch vor",
        en="suggests a visit",
        channel="visit",
        initiator="company",
        depth=0,
        unit="system",
    ),
    "person.merged": Kind(
        de="hat zwei Datensätze zusammengeführt",
        en="merged two records",
        channel="system",
        initiator="company",
        depth=0,
        unit="system",
    ),
    "person.corrected": Kind(
        de="hat Stammdaten berichtigt",
        en="corrected master data",
        channel="system",
        initiator="company",
        depth=0,
        unit="system",
    ),
    "person.exported": Kind(
        de="hat eine Kopie der Daten ausgehändigt",
        en="handed out a copy of the data",
        channel="system",
        initiator="company",
        depth=0,
        unit="system",
    ),
    "person.erased": Kind(
        de="hat eine Person gelöscht",
        en="erased a person",
        channel="system",
        initiator="company",
        depth=0,
        unit="system",
    ),
    IDENTIFIED: Kind(
        de="wurde wiedererkannt",
        en="was recognised",
        channel="system",
        initiator="unknown",
        depth=0,
        unit="system",
    ),
}
UNREGISTERED = Kind(
    de="hat etwas getan: {event}",
    en="did something: {event}",
    channel="web",
    initiator="unknown",
    depth=0,
    unit="system",
    told_by="browser",
)
COUNTED = tuple(name for name, kind in KINDS.items() if kind.counts)


def kind(name: str) -> Kind:
    """Raises `KeyError` for a name that is neither registered nor custom."""
    return UNREGISTERED if name.startswith(CUSTOM) else KINDS[name]


def custom(event: str) -> str:
    """`Video Played!` becomes `custom.video-played`."""
    plain = unicodedata.normalize("NFKD", event).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-")
    return CUSTOM + (slug or "event")


def check(name: str, properties: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Problems as (property, reason)."""
    return [
        (f"properties.{key}", reason)
        for key, expected in kind(name).required.items()
        if (reason := _problem(properties.get(key), expected))
    ]


def sentence(name: str, properties: Mapping[str, Any], locale: str) -> str:
    told = kind(name)
    return (told.en if locale == "en" else told.de).format_map(_Told(properties))


def _problem(value: Any, expected: type) -> str | None:
    if value is None or value == "":
        return "is required"
    if not isinstance(value, expected) or isinstance(value, bool):
        return f"must be {NAMES[expected]}"
    if isinstance(value, list) and not all(isinstance(part, str) for part in value):
        return "must be a list of strings"
    return None


NAMES = {str: "a string", int: "a whole number", list: "a list of strings"}


class _Told(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
