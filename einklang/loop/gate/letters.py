"""What messages need to become mails, read for a whole batch; the mail is made by its channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.content import read as contents
from einklang.facts.content.read import Version
from einklang.facts.people import origin
from einklang.facts.people import read as people
from einklang.facts.people.origin import Source
from einklang.facts.people.read import PersonCard, UserCard
from einklang.facts.products import read as products
from einklang.facts.products.read import Mandatory
from einklang.loop.channels.contract import Outgoing
from einklang.loop.channels.email import compose as mails
from einklang.loop.channels.email.compose import Addressee, Draft
from einklang.loop.channels.email.letter import LetterError
from einklang.loop.gate import notes, suppression
from einklang.loop.gate.outbox import Message
from einklang.loop.gate.question import Verdict


class Suppressed(LetterError):
    """The address takes no mail."""


@dataclass(frozen=True, slots=True)
class Material:
    versions: Mapping[UUID, Version]
    persons: Mapping[UUID, PersonCard]
    users: Mapping[UUID, UserCard]
    mandatory: Mapping[UUID, Mandatory]
    suppressed: frozenset[str]
    origins: Mapping[UUID, Source]


def load(cur: Cursor, messages: Sequence[Message]) -> Material:
    versions = contents.versions(cur, {message.content for message in messages})
    persons = people.cards(cur, {message.person for message in messages if message.person})
    users = people.users(cur, _recipients(messages, "user"))
    addresses = [*(card.email for card in persons.values()), *(card.email for card in users.values())]
    return Material(
        versions,
        persons,
        users,
        products.mandatory_texts(cur, {each.mandatory_text for each in versions.values() if each.mandatory_text}),
        suppression.among(cur, addresses),
        origin.from_others(cur, persons) if persons else {},
    )


def compose(message: Message, verdict: Verdict, material: Material, now: datetime) -> Outgoing:
    """Raises `LetterError` where no mail can be made of it."""
    to = addressee(message, material)
    if suppression.digest(to.address) in material.suppressed and message.purpose != "safety":
        raise Suppressed(notes.BLOCKED)
    version = material.versions[message.content]
    draft = Draft(
        id=message.id,
        message_id=message.wire_id,
        to=to,
        purpose=message.purpose,
        version=version,
        flags=verdict.flags,
        variables=message.variables,
        person=message.person,
        mandatory=_mandatory(version, material),
        origin=_origin(message, material) if verdict.flags.get("origin_notice") else None,
        repeat=message.repeats > 0,
    )
    return mails.compose(draft, now)


def addressee(message: Message, material: Material) -> Addressee:
    if message.recipient_kind == "mailbox":
        return Addressee(message.address or "")
    try:
        if message.recipient_kind == "user":
            return mails.to_user(material.users[_id(message)])
        card = material.persons[_id(message)]
    except KeyError as error:
        raise LetterError(notes.UNKNOWN_PERSON) from error
    if not card.email:
        raise LetterError(notes.NO_ADDRESS)
    return mails.to_person(card)


def _origin(message: Message, material: Material) -> Source:
    """A mail that has to say where the data came from goes out with it or not at all (Art. 14 GDPR)."""
    source = material.origins.get(message.person) if message.person else None
    if source is None:
        raise LetterError(notes.NO_SOURCE)
    return source


def _mandatory(version: Version, material: Material) -> Mandatory | None:
    """What is promotional and names a product goes out with its mandatory text or not at all (§ 4 HWG)."""
    bound = material.mandatory.get(version.mandatory_text) if version.mandatory_text else None
    if bound is None and version.promotional and version.authorisation:
        raise LetterError(notes.note(notes.NO_MANDATORY_TEXT, version.slug))
    return bound


def _recipients(messages: Sequence[Message], kind: str) -> set[UUID]:
    return {message.recipient for message in messages if message.recipient_kind == kind and message.recipient}


def _id(message: Message) -> UUID:
    assert message.recipient is not None, "the table demands it of persons and users"
    return message.recipient
