"""A mail before it has a form: frozen text, recipient and what the verdict's flags allow. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from einklang.core.company import Company
from einklang.core.errors import EinklangError
from einklang.facts.content.blocks import MAIN_LOCALE
from einklang.facts.content.read import Version

PLACE = re.compile(r"\{(\w+)\}")
TEST = "[Test]"
DISGUISE = re.compile(r"\s*(re|aw|fwd?|wg)\s*:", re.IGNORECASE)


class LetterError(EinklangError):
    """The content cannot become a mail to this recipient."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the portal (`content_slug`) or an address of its own (`url`)."""

    label: str
    content_slug: str | None = None
    url: str | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """From where the recipient's data came, since when, and where all about their use stands."""

    source: str
    since: date
    privacy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`hrefs` stand for the text's links, in their order. What is None or empty does not appear in the mail."""

    version: Version
    locale: str
    message_id: str
    sender: str
    recipient: str
    name: str
    company: Company
    now: datetime
    imprint: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    hrefs: Sequence[str] = ()
    mandatory: Sequence[tuple[str, str]] = ()
    unsubscribe: str | None = None
    one_click: str | None = None
    objection: str | None = None
    origin: Origin | None = None
    pixel: str | None = None
    repeat: bool = False
    test: bool = False

    @property
    def words(self) -> dict[str, Any]:
        return self.version.text(self.locale)

    @property
    def subject(self) -> str:
        subject = fill(self.words["subject"], self.variables)
        if DISGUISE.match(subject):
            raise LetterError(f"The subject of {self.version.slug} pretends to be an answer: {subject}")
        return f"{TEST} {subject}" if self.test else subject

    @property
    def greeting(self) -> str:
        return fill(self.words.get("greeting") or "{salutation},", self.variables)

    @property
    def paragraphs(self) -> list[str]:
        return [fill(paragraph, self.variables) for paragraph in self.words["paragraphs"]]

    @property
    def closing(self) -> str:
        return fill(self.words.get("closing") or "", self.variables)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Label and address."""
        labels = [fill(link.label, self.variables) for link in links(self.version, self.locale)]
        return list(zip(labels, self.hrefs, strict=True))


def language(version: Version, locale: str) -> str:
    """The recipient's language where the text has it; a letter never mixes two."""
    return locale if locale in version.body else MAIN_LOCALE


def links(version: Version, locale: str) -> list[Link]:
    return [Link(**link) for link in version.text(locale).get("links", ())]


def fill(text: str, variables: Mapping[str, Any]) -> str:
    """Puts a value into each {place}; raises `LetterError` where none is known."""
    try:
        return PLACE.sub(lambda place: str(variables[place[1]]), text)
    except KeyError as error:
        raise LetterError(f"The text asks for {error}, which this message does not give.") from error
