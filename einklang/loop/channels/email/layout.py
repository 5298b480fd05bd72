"""The quiet look of our mails: MJML in the colours of the design system's tokens, by day."""

from __future__ import annotations

from html import escape

import mjml

from einklang.loop.channels.email import wording
from einklang.loop.channels.email.letter import Letter, LetterError

CANVAS, SURFACE, LINE = "#f3f5f2", "#ffffff", "#dde3df"
INK, INK_2, ACCENT, ON_ACCENT, TONE = "#10222a", "#3d5057", "#0a5560", "#ffffff", "#d9773f"
SERIF = "Georgia, 'Times New Roman', serif"
SANS = "Arial, Helvetica, sans-serif"

FRAME = """
<mjml lang="{locale}">
  <mj-head>
    <mj-title>{subject}</mj-title>
    {preview}
    <mj-attributes>
      <mj-all font-family="{sans}" />
      <mj-text font-size="16px" line-height="1.55" color="{ink}" padding="0 0 16px" />
      <mj-section padding="0 32px" background-color="{surface}" />
      <mj-column padding="0" />
    </mj-attributes>
    <mj-style inline="inline">a {{ color: {accent}; }}</mj-style>
  </mj-head>
  <mj-body background-color="{canvas}" width="600px">{sections}</mj-body>
</mjml>
"""


def html(letter: Letter) -> str:
    sections = (_head(letter), _text(letter), _mandatory(letter), _foot(letter))
    preheader = letter.words.get("preheader")
    source = FRAME.format(
        locale=letter.locale,
        subject=escape(letter.subject),
        preview=f"<mj-preview>{escape(preheader)}</mj-preview>" if preheader else "",
        sections="".join(sections),
        sans=SANS,
        ink=INK,
        surface=SURFACE,
        accent=ACCENT,
        canvas=CANVAS,
    )
    page = str(mjml.mjml2html(source))
    if "<mj-" in page:
        raise LetterError(f"The layout of {letter.version.slug} holds a part that MJML does not know.")
    return page


def _head(letter: Letter) -> str:
    kind = wording.PROMOTIONAL.in_(letter.locale) if letter.version.promotional else ""
    line = f'<br /><span style="font-size:13px;color:{INK_2}">{escape(kind)}</span>' if kind else ""
    return _section(
        f'<mj-text font-family="{SERIF}" font-size="20px" padding="28px 0 20px">{escape(letter.company.name)}{line}'
        "</mj-text>"
        f'<mj-divider border-width="2px" border-color="{TONE}" width="48px" align="left" padding="0 0 24px" />'
    )


def _text(letter: Letter) -> str:
    paragraphs = [letter.greeting, *letter.paragraphs]
    if letter.repeat:
        paragraphs.insert(0, wording.REPEATED.in_(letter.locale))
    parts = [_paragraph(paragraph) for paragraph in paragraphs]
    parts += [_link(label, href, first=index == 0) for index, (label, href) in enumerate(letter.links)]
    if letter.closing:
        parts.append(_paragraph(letter.closing))
    return _section("".join(parts))


def _mandatory(letter: Letter) -> str:
    """Set apart and delimited, as § 4 HWG asks."""
    if not letter.mandatory:
        return ""
    rows = "<br />".join(f"<b>{escape(label)}:</b> {escape(text)}" for label, text in letter.mandatory)
    return _section(
        f'<mj-text font-size="14px" line-height="1.5" padding="16px" container-background-color="{CANVAS}" '
        f'css-class="mandatory"><b>{wording.MANDATORY.in_(letter.locale)}</b><br />{rows}</mj-text>'
        '<mj-spacer height="16px" />'
    )


def _foot(letter: Letter) -> str:
    small = f'font-size="13px" color="{INK_2}" padding="0 0 12px"'
    parts = [f"<mj-text {small}>{text}</mj-text>" for text in _foot_lines(letter)]
    if letter.pixel:
        parts.append(
            f'<mj-raw><tr><td><img src="{escape(letter.pixel)}" alt="" width="1" height="1" /></td></tr></mj-raw>'
        )
    return _section(f'<mj-divider border-width="1px" border-color="{LINE}" padding="8px 0 16px" />{"".join(parts)}')


def _foot_lines(letter: Letter) -> list[str]:
    lines = []
    if letter.unsubscribe:
        why = wording.WHY.in_(letter.locale).format(company=letter.company.name)
        lines.append(f"{escape(why)} {_anchor(wording.UNSUBSCRIBE.in_(letter.locale), letter.unsubscribe)}.")
    if letter.objection:
        notice = f"<b>{escape(wording.OBJECTION.in_(letter.locale))}</b>"
        lines.append(f"{notice} {_anchor(wording.OBJECT.in_(letter.locale), letter.objection)}.")
    if letter.origin:
        told = escape(wording.origin(letter.locale, letter.origin.source, letter.origin.since))
        lines.append(f"{told} {_anchor(wording.PRIVACY.in_(letter.locale), letter.origin.privacy)}.")
    imprint = "<br />".join(escape(line) for line in letter.company.imprint)
    lines.append(f"{_anchor(wording.IMPRINT.in_(letter.locale), letter.imprint)}<br />{imprint}")
    return lines


def _section(parts: str) -> str:
    return f"<mj-section><mj-column>{parts}</mj-column></mj-section>"


def _paragraph(text: str) -> str:
    return f"<mj-text>{escape(text).replace(chr(10), '<br />')}</mj-text>"


def _link(label: str, href: str, *, first: bool) -> str:
    if not first:
        return f"<mj-text>{_anchor(label, href)}</mj-text>"
    return (
        f'<mj-button href="{escape(href)}" align="left" background-color="{ACCENT}" color="{ON_ACCENT}" '
        'border-radius="8px" font-size="16px" padding="4px 0 20px" inner-padding="12px 20px">'
        f"{escape(label)}</mj-button>"
    )


def _anchor(label: str, href: str) -> str:
    return f'<a href="{escape(href)}" style="color:{ACCENT}">{escape(label)}</a>'
