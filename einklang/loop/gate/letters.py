"""Messages that may go become finished mails: everything they need is read for the whole batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from einklang.core import company, settings
from einklang.core.pg import Cursor
from einklang.facts.content import read as contents
from einklang.facts.content.blocks import MAIN_LOCALE
from einklang.facts.content.read import Version
from einklang.facts.people import origin
from einklang.facts.people import read as people
from einklang.facts.people.origin import Source
from einklang.facts.people.read import PersonCard, UserCard
from einklang.facts.products import read as products
from einklang.facts.products.read import Mandatory
from einklang.loop.channels.contract import Outgoing
from einklang.loop.channels.email import config, letter, verp
from einklang.loop.channels.email.letter import Letter, LetterError, Link, Origin
from einklang.loop.channels.email.render import render
from einklang.loop.gate import links, notes, suppression
from einklang.loop.gate.outbox import Message
from einklang.loop.gate.question import Verdict
from einklang.loop.gate.words import ZONE

SENDER = "post"
INTERNAL = "internal"  # a proof looks as what it proves


class Suppressed(LetterError):
    """The address takes no mail."""


@dataclass(frozen=True, slots=True)
class Addressee:
    address: str
    name: str
    locale: str
    salutation: str = ""


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
    sender = f"{SENDER}@{settings.get().mail_domain}"
    written = _letter(message, flags=verdict.flags, material=material, to=to, sender=sender, now=now)
    return_path = _return_path(message) or sender
    return Outgoing(message.id, message.wire_id, return_path, to.address, render(written), written.subject)


def _return_path(message: Message) -> str | None:
    """Where mail servers send it back to, when they cannot deliver it; None where nobody listens there."""
    domain = config.get().bounce_domain
    return verp.address(message.id, domain) if domain else None


def addressee(message: Message, material: Material) -> Addressee:
    if message.recipient_kind == "mailbox":
        return Addressee(message.address or "", "", MAIN_LOCALE)
    try:
        if message.recipient_kind == "user":
            user = material.users[_id(message)]
            return Addressee(user.email, user.name, user.locale, _hello(user))
        card = material.persons[_id(message)]
    except KeyError as error:
        raise LetterError(notes.UNKNOWN_PERSON) from error
    if not card.email:
        raise LetterError(notes.NO_ADDRESS)
    return Addressee(card.email, card.display_name, card.locale, card.greeting(card.locale))


def _origin(message: Message, material: Material) -> Origin:
    """A mail that has to say where the data came from goes out with it or not at all (Art. 14 GDPR)."""
    source = material.origins.get(message.person) if message.person else None
    if source is None:
        raise LetterError(notes.NO_SOURCE)
    return Origin(source.name, source.obtained_at.astimezone(ZoneInfo(ZONE)).date(), links.absolute("/datenschutz"))


def _variables(message: Message, to: Addressee) -> dict[str, Any]:
    return {"salutation": to.salutation, "company": company.current().name, **message.variables}


def _letter(
    message: Message, *, flags: Mapping[str, Any], material: Material, to: Addressee, sender: str, now: datetime
) -> Letter:
    version = material.versions[message.content]
    locale = letter.language(version, to.locale)
    variables = _variables(message, to)
    promotional = message.purpose == "promotional" or (message.purpose == INTERNAL and version.promotional)
    tracking = bool(flags.get("mail_tracking"))
    return Letter(
        version=version,
        locale=locale,
        message_id=message.wire_id,
        sender=sender,
        recipient=to.address,
        name=to.name,
        company=company.current(),
        now=now,
        imprint=links.absolute("/impressum"),
        variables=variables,
        hrefs=_hrefs(message, letter.links(version, locale), variables, tracking=locale if tracking else None),
        mandatory=_mandatory(version, material, locale),
        unsubscribe=links.unsubscribe(message.id, message.person) if promotional else None,
        one_click=links.one_click(message.id, message.person) if promotional else None,
        objection=links.absolute("/einstellungen") if flags.get("objection_notice") else None,
        origin=_origin(message, material) if flags.get("origin_notice") else None,
        pixel=links.pixel(message.id) if tracking else None,
        repeat=message.repeats > 0,
        test=bool(flags.get("test")),
    )


def _hrefs(
    message: Message, targets: Sequence[Link], variables: Mapping[str, Any], *, tracking: str | None
) -> list[str]:
    return [_href(message, target, index, variables, tracking=tracking) for index, target in enumerate(targets)]


def _href(message: Message, target: Link, index: int, variables: Mapping[str, Any], *, tracking: str | None) -> str:
    """`tracking` is the language of a mail that is measured."""
    place = links.path(target)
    if place is None:
        return letter.fill(target.url or "", variables)
    return links.tracked(message.id, index, tracking) if tracking else links.absolute(place)


def _mandatory(version: Version, material: Material, locale: str) -> list[tuple[str, str]]:
    """What is promotional and names a product goes out with its mandatory text or not at all (§ 4 HWG)."""
    bound = material.mandatory.get(version.mandatory_text) if version.mandatory_text else None
    if bound is None and version.promotional and version.authorisation:
        raise LetterError(notes.note(notes.NO_MANDATORY_TEXT, version.slug))
    return bound.lines(locale) if bound else []


def _recipients(messages: Sequence[Message], kind: str) -> set[UUID]:
    return {message.recipient for message in messages if message.recipient_kind == kind and message.recipient}


def _id(message: Message) -> UUID:
    assert message.recipient is not None, "the table demands it of persons and users"
    return message.recipient


def _hello(user: UserCard) -> str:
    return f"Dear {user.name}" if user.locale == "en" else f"Guten Tag {user.name}"
