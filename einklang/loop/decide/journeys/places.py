"""On which line of a JSON text each of its values stands, so that a problem can be shown where it is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from einklang.core.words import Words
from einklang.loop.decide.journeys.order import origin
from einklang.loop.decide.journeys.problems import Problem

SPACE = re.compile(r"[ \t\n\r]*")
DECODER = json.JSONDecoder()
Path = tuple[str, ...]
LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Read:
    """A text as a document, and the lines of its values; `problems` where it is no JSON."""

    document: Any = None
    lines: dict[Path, int] | None = None
    problems: tuple[tuple[int, Problem], ...] = ()

    def line(self, problem: Problem) -> int:
        """The nearest place that exists: a missing field stands where it is missing."""
        own, inside = origin(problem.step)
        step = ("steps", own, *(("order", "steps") if inside else ())) if own else ()
        path: Path = (*step, *(part for part in problem.field.split(".") if part))
        known = self.lines or {}
        while path not in known and path:
            path = path[:-1]
        return known.get(path, 1)


def read(text: str) -> Read:
    if len(text) > LONGEST:
        return _broken(1, Words("Das Dokument ist zu lang.", "The document is too long."))
    try:
        document = json.loads(text, object_pairs_hook=_no_name_twice)
        lines: dict[Path, int] = {}
        _walk(text, _skip(text, 0), (), lines)
    except json.JSONDecodeError as error:
        return _broken(error.lineno, _said(error))
    except (_Twice, RecursionError) as error:
        twice = str(error) if isinstance(error, _Twice) else ""
        return _broken(_line_of(text, twice), _twice(twice))
    if not isinstance(document, dict):
        return _broken(1, Words("Das Dokument beginnt mit {.", "The document begins with {."))
    return Read(document, lines)


class _Twice(ValueError):
    """A name stands twice in one object; JSON would silently keep the last."""


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise _Twice(name)
        seen.add(name)
    return dict(pairs)


def _broken(line: int, text: Words) -> Read:
    return Read(problems=((line, Problem("", "", text)),))


def _line_of(text: str, name: str) -> int:
    found = list(re.finditer(rf'"{re.escape(name)}"\s*:', text))
    return text.count("\n", 0, found[-1].start()) + 1 if found else 1


def _twice(name: str) -> Words:
    if not name:
        return Words("Das Dokument ist zu tief verschachtelt.", "The document is nested too deeply.")
    return Words(
        f"Der Name {name!r} steht zweimal in derselben Klammer.",
        f"The name {name!r} stands twice in one pair of braces.",
    )


def _said(error: json.JSONDecodeError) -> Words:
    where = Words(f" (Zeichen {error.colno})", f" (character {error.colno})")
    known = {
        "Expecting ',' delimiter": ("Hier fehlt ein Komma oder eine Klammer.", "A comma or a bracket is missing here."),
        "Expecting ':' delimiter": ("Nach dem Namen fehlt ein Doppelpunkt.", "A colon is missing behind the name."),
        "Expecting property name enclosed in double quotes": (
            'Hier gehört ein Name in "Anführungszeichen" hin; nach dem letzten Eintrag steht kein Komma.',
            'A name in "double quotes" belongs here; there is no comma behind the last entry.',
        ),
        "Illegal trailing comma before end of object": (
            "Nach dem letzten Eintrag steht kein Komma.",
            "There is no comma behind the last entry.",
        ),
        "Expecting value": ("Hier fehlt ein Wert.", "A value is missing here."),
        "Extra data": ("Hinter der letzten Klammer steht noch etwas.", "There is something behind the last bracket."),
        "Unterminated string starting at": (
            "Das Anführungszeichen wird nicht geschlossen.",
            "The quotation mark is not closed.",
        ),
        "Invalid control character at": (
            "Ein Text in Anführungszeichen geht nicht über die Zeile hinaus.",
            "A text in quotation marks does not go beyond its line.",
        ),
    }
    de, en = known.get(error.msg, ("Das ist kein gültiges JSON.", "This is no valid JSON."))
    return Words(de + where.de, en + where.en)


def _walk(text: str, at: int, path: Path, lines: dict[Path, int]) -> int:
    """The text is known to be JSON. Returns where the value ends."""
    lines.setdefault(path, text.count("\n", 0, at) + 1)
    match text[at]:
        case "{":
            return _members(text, at, path, lines)
        case "[":
            return _items(text, at, path, lines)
    return DECODER.raw_decode(text, at)[1]


def _members(text: str, at: int, path: Path, lines: dict[Path, int]) -> int:
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, end = DECODER.raw_decode(text, at)
        own = (*path, name)
        lines[own] = text.count("\n", 0, at) + 1
        at = _skip(text, _walk(text, _skip(text, _skip(text, end) + 1), own, lines))
        at = _skip(text, at + 1) if text[at] == "," else at
    return at + 1


def _items(text: str, at: int, path: Path, lines: dict[Path, int]) -> int:
    at, number = _skip(text, at + 1), 0
    while text[at] != "]":
        at = _skip(text, _walk(text, at, (*path, str(number)), lines))
        at, number = (_skip(text, at + 1) if text[at] == "," else at), number + 1
    return at + 1


def _skip(text: str, at: int) -> int:
    return SPACE.match(text, at).end()  # type: ignore[union-attr]
