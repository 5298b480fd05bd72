"""The proof of one consent on paper, also of what was withdrawn since (DE-CON-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from einklang.core import company
from einklang.core.errors import NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words, speak
from einklang.facts.consent import proofs
from einklang.facts.consent.proofs import Proof
from einklang.facts.people import read as people
from einklang.services.privacy import paper
from einklang.ui import documents

WORDS = {
    "title": Words("Nachweis einer Einwilligung", "Proof of a consent"),
    "wording": Words("Wortlaut, wie er gezeigt wurde", "Wording as it was shown"),
    "no_wording": Words("Zu diesem Eintrag gehört kein Wortlaut.", "No wording belongs to this entry."),
    "evidence": Words("Umstände", "Circumstances"),
    "no_evidence": Words(
        "Der Klartext ist nach Ablauf der Frist gelöscht; seine Prüfsumme steht in der Kette.",
        "The plain text was deleted after its time; its digest stands in the chain.",
    ),
    "after": Words("Was danach geschah", "What happened later"),
    "chain": Words("Kette", "Chain"),
    "chain_text": Words(
        "Jeder Eintrag trägt die Prüfsumme des Eintrags davor. Eine Änderung würde auffallen.",
        "Each entry carries the digest of the one before it. A change would be noticed.",
    ),
}
STATES = {
    "granted": Words("erteilt", "granted"),
    "pending": Words("angefragt, noch nicht bestätigt", "requested, not confirmed yet"),
    "withdrawn": Words("widerrufen", "withdrawn"),
    "objected": Words("widersprochen", "objected"),
}
NAMES = {
    "permission": Words("Erlaubnis", "Permission"),
    "state": Words("Zustand", "State"),
    "grade": Words("Stufe", "Grade"),
    "at": Words("Zeitpunkt (Berlin)", "Moment (Berlin)"),
    "utc": Words("Zeitpunkt (UTC)", "Moment (UTC)"),
    "source": Words("Wo", "Where"),
    "channel": Words("Kanal", "Channel"),
    "purpose": Words("Zweck", "Purpose"),
    "locale": Words("Sprache", "Language"),
    "legal_entity": Words("Gegenüber", "Towards"),
    "position": Words("Platz in der Kette", "Place in the chain"),
    "sha256": Words("Prüfsumme", "Digest"),
    "previous": Words("Prüfsumme davor", "Digest before"),
}
FACTS = ("permission", "grade", "source", "channel", "purpose", "locale", "legal_entity")
CHAIN = ("position", "previous", "sha256")
SENTENCE = Words("{who}: {permission} {state} am {at}.", "{who}: {permission} {state} on {at}.")
ERASED = Words("Gelöschte Person {id}", "Erased person {id}")
VERSION = Words("Fassung {version}, Prüfsumme {sha256}", "Version {version}, digest {sha256}")
NOTHING = Words("Nichts: Dieser Eintrag ist der letzte.", "Nothing: this entry is the last one.")


@dataclass(frozen=True, slots=True)
class Paper:
    name: str
    pdf: bytes


def pdf(cur: Cursor, entry: UUID, now: datetime, language: str) -> Paper:
    """Raises `NotFound`."""
    found = proofs.get(cur, entry)
    if found is None:
        raise NotFound(str(entry))
    said, later = found
    firm = company.current()
    data = {
        "language": language,
        "words": {name: each.in_(language) for name, each in WORDS.items()},
        "controller": {"name": firm.name, "address": list(firm.address)},
        "made": paper.moment(now),
        "sentence": _sentence(cur, said, language),
        "facts": [*_moments(said, language), *_named(said, FACTS, language)],
        "wording": said.wording_text,
        "wording_version": VERSION.in_(language).format(version=said.wording_version, sha256=said.wording_sha256),
        "evidence": paper.flat(orjson.loads(said.evidence), language) if said.evidence else None,
        "after": _after(later, language),
        "chain": _named(said, CHAIN, language),
    }
    return Paper(f"{said.permission}-{said.at:%Y-%m-%d}", documents.pdf(paper.HERE / "proof.typ", data))


def _sentence(cur: Cursor, said: Proof, language: str) -> str:
    card = people.cards(cur, [said.person]).get(said.person) if said.person else None
    who = card.display_name if card else ERASED.in_(language).format(id=said.subject.partition(":")[2])
    return SENTENCE.in_(language).format(
        who=who, permission=said.permission, state=speak(STATES[said.state], language), at=paper.moment(said.at)
    )


def _moments(said: Proof, language: str) -> list[list[str]]:
    return [
        [NAMES["at"].in_(language), paper.moment(said.at)],
        [NAMES["utc"].in_(language), said.at.isoformat()],
        [NAMES["state"].in_(language), STATES[said.state].in_(language)],
    ]


def _named(said: Proof, names: Sequence[str], language: str) -> list[list[str]]:
    values: list[tuple[str, Any]] = [(name, getattr(said, name)) for name in names]
    return [[NAMES[name].in_(language), str(value)] for name, value in values if value not in (None, "")]


def _after(later: Sequence[Proof], language: str) -> list[list[str]]:
    told = [[paper.moment(each.at), f"{STATES[each.state].in_(language)} ({each.source})"] for each in later]
    return told or [["", NOTHING.in_(language)]]
