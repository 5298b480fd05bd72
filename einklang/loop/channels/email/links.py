"""Links in mails: signed names of a message and what was touched in it. None of them logs anybody in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from einklang.core import settings, tokens
from einklang.core.errors import BadToken
from einklang.facts.content.blocks import MAIN_LOCALE
from einklang.loop.channels.email.letter import Link
from einklang.ui import places

PURPOSE = "mail"
Kind = Literal["open", "click", "stop"]


@dataclass(frozen=True, slots=True)
class MailLink:
    message: UUID
    kind: Kind
    index: int = 0
    person: UUID | None = None
    locale: str = MAIN_LOCALE


def open_token(message: UUID) -> str:
    return _sign(MailLink(message, "open"))


def click_token(message: UUID, index: int, locale: str = MAIN_LOCALE) -> str:
    """With the language of the mail, whose links may be others than in another language."""
    return _sign(MailLink(message, "click", index, locale=locale))


def unsubscribe_token(message: UUID, person: UUID | None = None) -> str:
    """With whom it went to: it is good for longer than the message is kept."""
    return _sign(MailLink(message, "stop", person=person))


def read(token: str, *kinds: Kind) -> MailLink:
    """Raises `BadToken` where the token is forged or made for another kind of link."""
    content = tokens.read(PURPOSE, token, now=None)
    try:
        person = UUID(content["p"]) if "p" in content else None
        locale = str(content.get("l", MAIN_LOCALE))
        link = MailLink(UUID(content["m"]), content["k"], int(content["i"]), person, locale)
    except (KeyError, TypeError, ValueError) as error:
        raise BadToken("forged") from error
    if kinds and link.kind not in kinds:
        raise BadToken("forged")
    return link


def pixel(message: UUID) -> str:
    return places.OPENED.url(open_token(message))


def tracked(message: UUID, index: int, locale: str) -> str:
    return places.CLICKED.url(click_token(message, index, locale))


def one_click(message: UUID, person: UUID | None) -> str:
    return places.ONE_CLICK.url(unsubscribe_token(message, person))


def unsubscribe(message: UUID, person: UUID | None) -> str:
    return places.UNSUBSCRIBE.url(unsubscribe_token(message, person))


def path(link: Link) -> str | None:
    """Where in the portal it leads; None for what lies outside or is known only to its message."""
    if link.content_slug:
        return places.ARTICLE.path(link.content_slug)
    return link.url if link.url and link.url.startswith("/") and not link.url.startswith("//") else None


def absolute(place: str) -> str:
    return f"{settings.get().public_url}{place}"


def _sign(link: MailLink) -> str:
    content = {"m": str(link.message), "k": link.kind, "i": link.index}
    more = ({"p": str(link.person)} if link.person else {}) | ({"l": link.locale} if link.kind == "click" else {})
    return tokens.sign(PURPOSE, content | more, expires=None)
