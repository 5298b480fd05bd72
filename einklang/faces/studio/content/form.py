"""A text as fields of a form and back. Blocks are rows in their order; a slide is a row that begins one.

Nothing here needs a script: adding, moving and removing a row is a button that sends the form and gets it back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from einklang.faces.studio.content.fields import BLOCKS, FIELDS, Part
from einklang.ui.text import t

Post = Mapping[str, Any]

LOCALES = ("de", "en")
MOST_ROWS = 200
PLACE = re.compile(r"body\.(?P<locale>de|en)\.(?P<name>\w+)(?:\[(?P<first>\d+)\])?(?:\.blocks\[(?P<second>\d+)\])?")
PARTS = re.compile(r"\s*\|\s*")


@dataclass
class Row:
    """A block in the form, with what is wrong with it."""

    kind: str
    values: dict[str, str]
    error: str = ""

    @property
    def parts(self) -> list[tuple[Part, str]]:
        return [(part, self.values.get(part.name, "")) for part in BLOCKS[self.kind]]


@dataclass
class Text:
    """One language of the form."""

    locale: str
    kind: str
    values: dict[str, str]
    rows: list[Row]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> list[tuple[Part, str, str]]:
        return [(part, self.values.get(part.name, ""), self.errors.get(part.name, "")) for part in FIELDS[self.kind]]

    @property
    def has_rows(self) -> bool:
        return self.kind not in ("mail", "system_mail")

    @property
    def kinds(self) -> list[str]:
        return [name for name in BLOCKS if name != "slide" or self.kind == "slides"]

    @property
    def empty(self) -> bool:
        return not self.rows and not any(self.values.values())


def read(post: Post, kind: str) -> list[Text]:
    """The form as it was sent, with its one act on a row done."""
    texts = [_read(post, kind, locale) for locale in LOCALES]
    act, _, rest = str(post.get("act", "")).partition(":")
    locale, _, place = rest.partition(":")
    if act in _ACTS and locale in LOCALES:
        _ACTS[act](texts[LOCALES.index(locale)].rows, place)
    return texts


def show(body: Mapping[str, Any], kind: str) -> list[Text]:
    return [_show(body.get(locale, {}), kind, locale) for locale in LOCALES]


def body(texts: Sequence[Text]) -> dict[str, Any]:
    return {text.locale: _body(text) for text in texts if text.locale == LOCALES[0] or not text.empty}


def place(texts: Sequence[Text], path: str, message: str) -> str:
    """Puts `message` where `path` of a body points; returns the field's id, empty where the form has none."""
    found = PLACE.match(path)
    if found is None:
        return ""
    text = texts[LOCALES.index(found["locale"])]
    if found["name"] in ("blocks", "slides") and found["first"] is not None and text.rows:
        number = _row(text, found)
        text.rows[number].error = message
        return f"{text.locale}-{number}"
    text.errors[found["name"]] = message
    return f"{text.locale}-{found['name']}"


def _row(text: Text, found: re.Match[str]) -> int:
    first = int(found["first"])
    if found["name"] == "blocks":
        return min(first, len(text.rows) - 1)
    starts = [number for number, row in enumerate(text.rows) if row.kind == "slide"]
    start = starts[first] if first < len(starts) else 0
    return min(start + (int(found["second"]) + 1 if found["second"] else 0), len(text.rows) - 1)


def _read(post: Post, kind: str, locale: str) -> Text:
    values = {part.name: _plain(post, f"{locale}-{part.name}") for part in FIELDS[kind]}
    rows = []
    for number in range(min(_number(_plain(post, f"{locale}-rows")) or 0, MOST_ROWS)):
        block = _plain(post, f"{locale}-{number}-kind")
        if block in BLOCKS:
            rows.append(
                Row(block, {part.name: _plain(post, f"{locale}-{number}-{part.name}") for part in BLOCKS[block]})
            )
    return Text(locale, kind, values, rows)


def _plain(post: Post, name: str) -> str:
    return str(post.get(name, "")).replace("\0", "").replace("\r\n", "\n").strip()


def _add(rows: list[Row], kind: str) -> None:
    if kind in BLOCKS and len(rows) < MOST_ROWS:
        rows.append(Row(kind, {}))


def _move(by: int) -> Callable[[list[Row], str], None]:
    def move(rows: list[Row], place: str) -> None:
        number = _number(place)
        if number is not None and number < len(rows) and 0 <= number + by < len(rows):
            rows[number], rows[number + by] = rows[number + by], rows[number]

    return move


def _remove(rows: list[Row], place: str) -> None:
    number = _number(place)
    if number is not None and number < len(rows):
        del rows[number]


_ACTS: dict[str, Callable[[list[Row], str], None]] = {
    "add": _add,
    "up": _move(-1),
    "down": _move(1),
    "remove": _remove,
}


# From the form to a body


def _body(text: Text) -> dict[str, Any]:
    words = {name: value for name, told in text.values.items() if told and (value := _value(name, told)) is not None}
    if text.kind in ("mail", "system_mail"):
        return {"paragraphs": [], **words}
    if text.kind == "slides":
        return {**words, "slides": _slides(text.rows)}
    return {**words, "blocks": [_block(row) for row in text.rows], **_spoken(text.kind, words)}


def _spoken(kind: str, words: Mapping[str, Any]) -> dict[str, Any]:
    return {"transcript": words.get("transcript", [])} if kind == "video" else {}


def _value(name: str, told: str) -> Any:
    return _VALUES.get(name, str)(told)


def _slides(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What stands before the first slide belongs to one without a title, which the check refuses by name."""
    slides: list[dict[str, Any]] = []
    for row in rows:
        if row.kind == "slide":
            notes = {"notes": row.values["notes"]} if row.values.get("notes") else {}
            slides.append({"title": row.values.get("title", ""), "blocks": [], **notes})
        else:
            slides = slides or [{"title": "", "blocks": []}]
            slides[-1]["blocks"].append(_block(row))
    return slides


def _block(row: Row) -> dict[str, Any]:
    told = {name: value for name, value in row.values.items() if value}
    made: dict[str, Any] = {"type": row.kind, **told}
    if row.kind == "list":
        made = {
            "type": "list",
            "items": _lines(told.get("items", "")),
            **({"ordered": True} if "ordered" in told else {}),
        }
    elif row.kind == "table":
        rows = [PARTS.split(line) for line in _lines(made.pop("rows", ""))]
        made |= {"head": rows[0] if rows else [], "rows": rows[1:]}
    elif row.kind == "chart":
        made["bars"] = [_bar(line) for line in _lines(told.get("bars", ""))]
    elif row.kind == "video":
        named = [(locale, made.pop(f"captions_{locale}", "")) for locale in LOCALES]
        made |= (
            {"captions": captions}
            if (captions := [{"locale": at, "asset": file} for at, file in named if file])
            else {}
        )
    return made


def _bar(line: str) -> dict[str, Any]:
    return dict(zip(("label", "value", "low", "high"), map(_amount, PARTS.split(line)[:4], range(4)), strict=False))


def _amount(text: str, column: int) -> Any:
    try:
        return float(text.replace(",", ".")) if column else text
    except ValueError:
        return text  # refused by name where the body is checked


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _count(text: str) -> Any:
    number = _number(text)
    return text if number is None else number


def _reference(line: str) -> Any:
    parts = PARTS.split(line)
    if len(parts) != 4:
        return line
    author, year, source, about = parts
    return {"author": author, "year": _count(year), "source": source, "about_product": about.lower() in ("ja", "yes")}


def _claim(line: str) -> dict[str, Any]:
    text, _, numbers = line.rpartition("|")
    return {"text": text.strip(), "references": [_count(number) for number in re.findall(r"\w+", numbers)]}


def _link(line: str) -> dict[str, Any]:
    label, target, kind = (*PARTS.split(line), "", "")[:3]
    leads = {"url": target} if ":" in target or target.startswith("{") else {"content_slug": target}
    return {"label": label, "kind": kind or "content", **leads}


def _chapter(line: str) -> dict[str, Any]:
    at, _, title = line.partition("|")
    return {"at": _count(at.strip()), "title": title.strip()}


_VALUES: dict[str, Callable[[str], Any]] = {
    "minutes": _count,
    "seconds": _count,
    "paragraphs": _paragraphs,
    "transcript": _paragraphs,
    "links": lambda told: [_link(line) for line in _lines(told)],
    "chapters": lambda told: [_chapter(line) for line in _lines(told)],
    "references": lambda told: [_reference(line) for line in _lines(told)],
    "claims": lambda told: [_claim(line) for line in _lines(told)],
}


# From a body to the form


def _show(words: Mapping[str, Any], kind: str, locale: str) -> Text:
    values = {part.name: _told(part.name, words[part.name]) for part in FIELDS[kind] if part.name in words}
    rows = [_shown(block) for block in words.get("blocks", ())]
    for slide in words.get("slides", ()):
        rows.append(Row("slide", {"title": slide["title"], "notes": slide.get("notes", "")}))
        rows += [_shown(block) for block in slide["blocks"]]
    return Text(locale, kind, values, rows)


def _told(name: str, value: Any) -> str:
    if name in ("paragraphs", "transcript"):
        return "\n\n".join(value)
    return "\n".join(_LINES[name](each) for each in value) if name in _LINES else str(value)


_LINES: dict[str, Callable[[Any], str]] = {
    "links": lambda link: " | ".join((link["label"], link.get("content_slug") or link["url"], link["kind"])),
    "chapters": lambda chapter: f"{chapter['at']} | {chapter['title']}",
    "references": lambda one: one if isinstance(one, str) else " | ".join(
        (one["author"], str(one["year"]), one["source"], t("ja", "yes") if one["about_product"] else t("nein", "no"))
    ),
    "claims": lambda claim: f"{claim['text']} | {', '.join(map(str, claim['references']))}",
}  # fmt: skip


def _shown(block: Mapping[str, Any]) -> Row:
    kind = block["type"]
    values = {name: str(value) for name, value in block.items() if isinstance(value, str) and name != "type"}
    if kind == "list":
        values = {"items": "\n".join(block["items"]), "ordered": "on" if block.get("ordered") else ""}
    elif kind == "table":
        values["rows"] = "\n".join(" | ".join(row) for row in (block["head"], *block["rows"]))
    elif kind == "chart":
        values["bars"] = "\n".join(
            " | ".join(
                f"{bar[name]:g}" if name != "label" else bar[name]
                for name in ("label", "value", "low", "high")
                if name in bar
            )
            for bar in block["bars"]
        )
    elif kind == "video":
        values |= {f"captions_{each['locale']}": each["asset"] for each in block.get("captions", ())}
    return Row(kind, values)
