"""A text as the passages that people talk about: each with its place in the body and what it says, as plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from einklang.facts.content import ready, references

HEADS = ("title", "lede", "subject", "preheader", "greeting")
FEET = ("closing",)


@dataclass(frozen=True, slots=True)
class Passage:
    """`path` is the place below the language, such as `blocks[2]`; `block` is there where it is one."""

    path: str
    kind: str
    text: str
    block: Mapping[str, Any] | None = None


def of(words: Mapping[str, Any], locale: str) -> list[Passage]:
    return [
        *_fields(words, HEADS),
        *_lines(words.get("paragraphs", ()), "paragraphs", "p"),
        *_blocks(words),
        *_fields(words, FEET),
        *(
            Passage(f"links[{index}]", "link", f"{link['label']} → {link.get('content_slug') or link.get('url')}")
            for index, link in enumerate(words.get("links", ()))
        ),
        *(
            Passage(f"chapters[{index}]", "chapter", f"{chapter['at']} s: {chapter['title']}")
            for index, chapter in enumerate(words.get("chapters", ()))
        ),
        *_lines(words.get("transcript", ()), "transcript", "transcript"),
        *(
            Passage(f"claims[{index}]", "claim", f"{claim['text']} [{', '.join(map(str, claim['references']))}]")
            for index, claim in enumerate(words.get("claims", ()))
        ),
        *_lines(references.lines(words, locale), "references", "reference"),
    ]


def plain(block: Mapping[str, Any]) -> str:
    """What a block says, without its form."""
    return str(_PLAIN[block["type"]](block))


def _fields(words: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Passage]:
    for name in names:
        if words.get(name):
            yield Passage(name, name, str(words[name]))


def _lines(lines: Any, path: str, kind: str) -> Iterator[Passage]:
    for index, text in enumerate(lines):
        yield Passage(f"{path}[{index}]", kind, text)


def _blocks(words: Mapping[str, Any]) -> Iterator[Passage]:
    for number, slide in enumerate(words.get("slides", ())):
        yield Passage(f"slides[{number}].title", "slide", slide["title"])
        for index, block in enumerate(slide["blocks"]):
            yield Passage(f"slides[{number}].blocks[{index}]", block["type"], plain(block), block)
        if slide.get("notes"):
            yield Passage(f"slides[{number}].notes", "notes", slide["notes"])
    for path, block in ready.passages({"blocks": words.get("blocks", ())}):
        yield Passage(path, block["type"], plain(block), block)


def _bars(block: Mapping[str, Any]) -> str:
    unit = f" {block['unit']}" if block.get("unit") else ""
    bars = (
        f"{bar['label']}: {bar['value']}{unit}"
        + (f" ({bar['low']}–{bar['high']})" if "low" in bar and "high" in bar else "")
        for bar in block["bars"]
    )
    return "\n".join([block["title"], *([block["finding"]] if block.get("finding") else []), *bars])


_PLAIN = {
    "p": lambda block: block["text"],
    "h": lambda block: block["text"],
    "list": lambda block: "\n".join(block["items"]),
    "quote": lambda block: f"„{block['text']}“ {block['source']}",
    "table": lambda block: "\n".join(
        [
            *([block["caption"]] if block.get("caption") else []),
            *(" | ".join(row) for row in (block["head"], *block["rows"])),
        ]
    ),
    "figure": lambda block: " ".join([block["alt"], block.get("caption", ""), f"({block['asset']})"]).replace(
        "  ", " "
    ),
    "video": lambda block: " ".join([block.get("title", ""), f"({block['asset']})"]).strip(),
    "chart": _bars,
}
