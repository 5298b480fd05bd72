"""A message that may go becomes a finished mail. All that it needs is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core import clock, company, settings
from einklang.facts.content.blocks import MAIN_LOCALE
from einklang.facts.content.read import Version
from einklang.facts.people.origin import Source
from einklang.facts.people.read import PersonCard, UserCard
from einklang.facts.products.read import Mandatory
from einklang.loop.channels.contract import Outgoing
from einklang.loop.channels.email import config, letter, links, verp, wording
from einklang.loop.channels.email.letter import Letter, Link, Origin
from einklang.loop.channels.email.render import render
from einklang.ui import places

SENDER = "post"
INTERNAL = "internal"  # a proof looks as what it proves


@dataclass(frozen=True, slots=True)
class Addressee:
    address: str
    name: str = ""
    locale: str = MAIN_LOCALE
    salutation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`flags` are the verdict's: what the mail may do, and what it has to say."""

    id: UUID
    message_id: str
    to: Addressee
    purpose: str
    version: Version
    flags: Mapping[str, Any]
    variables: Mapping[str, Any]
    person: UUID | None = None
    mandatory: Mandatory | None = None
    origin: Source | None = None
    repeat: bool = False

    @property
    def locale(self) -> str:
        return letter.language(self.version, self.to.locale)

    @property
    def promotional(self) -> bool:
        return self.purpose == "promotional" or (self.purpose == INTERNAL and self.version.promotional)

    @property
    def tracking(self) -> bool:
        return bool(self.flags.get("mail_tracking"))


def to_person(card: PersonCard) -> Addressee:
    return Addressee(card.email, card.display_name, card.locale, card.greeting(card.locale))


def to_user(user: UserCard) -> Addressee:
    return Addressee(user.email, user.name, user.locale, wording.HELLO.in_(user.locale).format(name=user.name))


def compose(draft: Draft, now: datetime) -> Outgoing:
    """Raises `LetterError` where no mail can be made of it."""
    sender = f"{SENDER}@{settings.get().mail_domain}"
    written = _letter(draft, sender, now)
    return_path = _return_path(draft.id) or sender
    return Outgoing(draft.id, draft.message_id, return_path, draft.to.address, render(written), written.subject)


def _return_path(message: UUID) -> str | None:
    """Where mail servers send it back to, when they cannot deliver it; None where nobody listens there."""
    domain = config.get().bounce_domain
    return verp.address(message, domain) if domain else None


def _letter(draft: Draft, sender: str, now: datetime) -> Letter:
    own = company.current()
    variables = {"salutation": draft.to.salutation, "company": own.name, **draft.variables}
    return Letter(
        version=draft.version,
        locale=draft.locale,
        message_id=draft.message_id,
        sender=sender,
        recipient=draft.to.address,
        name=draft.to.name,
        company=own,
        now=now,
        imprint=places.IMPRINT.url(),
        variables=variables,
        hrefs=_hrefs(draft, variables),
        mandatory=draft.mandatory.lines(draft.locale) if draft.mandatory else [],
        unsubscribe=links.unsubscribe(draft.id, draft.person) if draft.promotional else None,
        one_click=links.one_click(draft.id, draft.person) if draft.promotional else None,
        objection=places.PREFERENCES.url() if draft.flags.get("objection_notice") else None,
        origin=_origin(draft.origin) if draft.origin else None,
        pixel=links.pixel(draft.id) if draft.tracking else None,
        repeat=draft.repeat,
        test=bool(draft.flags.get("test")),
    )


def _origin(source: Source) -> Origin:
    return Origin(source.name, source.obtained_at.astimezone(clock.ZONE).date(), places.PRIVACY.url())


def _hrefs(draft: Draft, variables: Mapping[str, Any]) -> Sequence[str]:
    targets = letter.links(draft.version, draft.locale)
    return [_href(draft, target, index, variables) for index, target in enumerate(targets)]


def _href(draft: Draft, target: Link, index: int, variables: Mapping[str, Any]) -> str:
    place = links.path(target)
    if place is None:
        return letter.fill(target.url or "", variables)
    return links.tracked(draft.id, index, draft.locale) if draft.tracking else links.absolute(place)
