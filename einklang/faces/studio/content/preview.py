"""A version as each channel would show it: the portal's article, the mail that goes out, slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from einklang.core import company, settings
from einklang.core.pg import Cursor
from einklang.facts.content.read import Version
from einklang.facts.products import read as products
from einklang.loop.channels.email import letter, render
from einklang.loop.channels.email.letter import Letter, LetterError
from einklang.ui import charts, locale
from einklang.ui.components import Mandatory
from einklang.ui.text import t

CHANNELS = {
    "portal": ("Portal", "Portal", "portal"),
    "email": ("E\u2011Mail", "E\u2011mail", "email"),
    "desk": ("Tablet", "Tablet", "visit"),
}
SAMPLE = "https://portal.example/…"
VARIABLES = ("confirm_url", "access_url", "reset_url", "report", "product", "statement", "heard_at", "reporter")


@dataclass(frozen=True)
class Preview:
    """`language` is the text's own, where the reader's is not there."""

    channel: str
    language: str
    words: dict[str, Any]
    blocks: Sequence[dict[str, Any]] = ()
    slides: Sequence[dict[str, Any]] = ()
    mandatory: Mandatory | None = None
    mail: Letter | None = None
    plain: str = ""
    refused: str = ""
    files: dict[str, Any] = field(default_factory=dict)


def channels(kind: str) -> list[str]:
    return {"mail": ["email"], "system_mail": ["email"], "slides": ["desk"]}.get(kind, ["portal", "desk"])


def of(cur: Cursor, content: Version, channel: str, now: datetime) -> Preview:
    language = locale.current() if locale.current() in content.body else "de"
    words = content.text(language)
    if channel == "email":
        return _mail(cur, content, language, now)
    return Preview(
        channel=channel,
        language=language,
        words=words,
        blocks=[drawn(block) for block in words.get("blocks", ())],
        slides=[{**slide, "blocks": [drawn(block) for block in slide["blocks"]]} for slide in words.get("slides", ())],
        mandatory=mandatory(cur, content),
        files=content.assets,
    )


def drawn(block: dict[str, Any]) -> dict[str, Any]:
    """A chart comes with its part."""
    return {**block, "part": charts.chart(block)} if block["type"] == "chart" else block


def mandatory(cur: Cursor, content: Version) -> Mandatory | None:
    if content.mandatory_text is None or content.authorisation is None:
        return None
    text = products.mandatory_texts(cur, [content.mandatory_text])[content.mandatory_text]
    product = products.product(cur, [content.authorisation])[content.authorisation]
    return Mandatory(
        title=t("Pflichtangaben: {}", "Mandatory information: {}").format(product.name),
        fields=text.lines(locale.current()),
        foot=t("Fassung {}", "Version {}").format(text.version),
    )


def _mail(cur: Cursor, content: Version, language: str, now: datetime) -> Preview:
    bound = mandatory(cur, content)
    sample = _letter(content, language, bound, now)
    try:
        return Preview(
            "email", language, content.text(language), mandatory=bound, mail=sample, plain=render.text(sample)
        )
    except LetterError as error:
        return Preview("email", language, content.text(language), mandatory=bound, refused=str(error))


def _letter(content: Version, language: str, bound: Mandatory | None, now: datetime) -> Letter:
    """To nobody: as it would leave for a person who has agreed."""
    promotional = content.promotional
    greeting = "Dear Dr Example" if language == "en" else "Sehr geehrte Frau Dr. Beispiel"
    return Letter(
        version=content,
        locale=language,
        message_id="<preview@einklang>",
        sender=f"post@{settings.get().mail_domain}",
        recipient="praxis@example.org",
        name="Dr. Erika Beispiel",
        company=company.current(),
        now=now,
        imprint=SAMPLE,
        variables={
            "salutation": greeting,
            "company": company.current().name,
            **{name: f"({name})" for name in VARIABLES},
        },
        hrefs=[SAMPLE for _ in letter.links(content, language)],
        mandatory=list(bound.fields) if bound else [],
        unsubscribe=SAMPLE if promotional else None,
        one_click=SAMPLE if promotional else None,
    )
