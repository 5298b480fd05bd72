"""What differs between two journey documents: step by step in words, and line by line. Pure."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from einklang.loop.decide.journeys.problems import Document, targets

Sign = Literal["added", "removed", "changed"]
HEAD = ("title", "timezone", "trigger", "reentry", "holdout_percent", "start", "goal", "goals", "exit")
CONTEXT = 3
NAMES = (
    *("format", "key", "kind", "kinds", "title", "de", "en", "timezone", "trigger", "reentry", "holdout_percent"),
    *("start", "steps", "goal", "goals", "exit", "name", "share", "split", "order", "between"),
    *("wait", "wait_for", "branch", "message", "suggest", "if", "for", "until", "outcome", "of", "is"),
    *("content", "channel", "purpose", "unit", "where", "at_most", "within_days", "once_in_days", "after_days"),
    *("products", "content_slugs", "next", "then", "else"),
)
ORDER = {name: number for number, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True)
class Change:
    """`step` is empty for the document's head; `before` and `after` are compact JSON, empty where there is none."""

    sign: Sign
    step: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison; a gap stands for equal lines that are left out."""

    sign: Literal["same", "added", "removed", "gap"]
    before: int | None
    after: int | None
    text: str


def written(document: Document) -> str:
    """As people edit it: in the order of the format and of the way, short objects on one line."""
    return "\n".join(_written(_ordered(document), 0)) + "\n"


def changes(before: Document, after: Document) -> list[Change]:
    found = [_change("", name, before.get(name), after.get(name)) for name in HEAD]
    old, new = before.get("steps", {}), after.get("steps", {})
    for step in [*old, *(name for name in new if name not in old)]:
        if step not in old or step not in new:
            found.append(_change(step, "", old.get(step), new.get(step)))
        else:
            fields = [*old[step], *(name for name in new[step] if name not in old[step])]
            found += [_change(step, name, old[step].get(name), new[step].get(name)) for name in fields]
    return [each for each in found if each is not None]


def lines(before: str, after: str) -> list[Line]:
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    end = 0
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        if group[0][1] > end:
            found.append(Line("gap", None, None, ""))
        for tag, i1, i2, j1, j2 in group:
            found += _lines(tag, (old, i1, i2), (new, j1, j2))
        end = group[-1][2]
    return found if not found or end == len(old) else [*found, Line("gap", None, None, "")]


def _lines(tag: str, old: tuple[list[str], int, int], new: tuple[list[str], int, int]) -> Iterator[Line]:
    before, i1, i2 = old
    after, j1, j2 = new
    if tag == "equal":
        yield from (Line("same", i1 + n + 1, j1 + n + 1, before[i1 + n]) for n in range(i2 - i1))
        return
    yield from (Line("removed", n + 1, None, before[n]) for n in range(i1, i2))
    yield from (Line("added", None, n + 1, after[n]) for n in range(j1, j2))


def _change(step: str, field: str, before: Any, after: Any) -> Change | None:
    if before == after:
        return None
    sign: Sign = "added" if before is None else "removed" if after is None else "changed"
    return Change(sign, step, field, _compact(before), _compact(after))


def _compact(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _ordered(value: Any, names: Sequence[str] = ()) -> Any:
    """The database keeps no order of names."""
    if isinstance(value, list):
        return [_ordered(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    inner = {"steps": _way(value)} if isinstance(value.get("steps"), Mapping) else {}
    last = len(ORDER)
    found = names or sorted(value, key=lambda name: (ORDER.get(name, last), name))
    return {name: _ordered(value[name], inner.get(name, ())) for name in found}


def _way(document: Document) -> list[str]:
    """The steps as a person meets them, then those that nobody meets."""
    steps, found, front = document["steps"], list[str](), [document.get("start", "")]
    while front:
        name = front.pop(0)
        if name in steps and name not in found:
            found.append(name)
            front += targets(steps[name])
    return [*found, *sorted(name for name in steps if name not in found)]


def _written(value: Any, depth: int, name: str = "", comma: str = "") -> Iterator[str]:
    pad, head = "  " * depth, f"{json.dumps(name, ensure_ascii=False)}: " if name else ""
    plain = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, Mapping) or not value or (depth > 1 and len(pad + head + plain) <= 100):
        yield f"{pad}{head}{plain}{comma}"
        return
    yield f"{pad}{head}{{"
    last = len(value) - 1
    for number, (key, each) in enumerate(value.items()):
        yield from _written(each, depth + 1, key, "," if number < last else "")
    yield f"{pad}}}{comma}"
