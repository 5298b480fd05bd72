"""Tests of a journey, written beside it as YAML: given somebody, when this happens, then that follows. Pure.

    - name: Without consent she gets no mail, and the rep hears of her
      given: {profession: physician, without: [email], at: "2026-03-02T10:00:00+01:00"}
      when:
        - {after: P1D, happens: content.viewed, with: {content_slug: velunor-studie}}
        - {after: P3D, clicks: mail}
      then:
        - {withheld: mail, rule: DE-CON-01}
        - {suggested: visit, after: P5D}
        - {ends: done}

The clock is virtual, the steps are the journey's own, and the gate judges by the rules of today. What `given` does not
say is favourable: a verified physician who allowed everything, approved content, no contacts so far.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from einklang.core.errors import InputError
from einklang.core.words import Words
from einklang.loop.decide.journeys.document import Journey, duration
from einklang.loop.decide.journeys.trial import Happening, Someone, run

LONGEST = 100_000
MOST = 100
LINE = "__line__"
SENT, WITHHELD, SUGGESTED, WAY, ENDS = "sent", "withheld", "suggested", "way", "ends"
PHRASES = {
    SENT: Words("„{step}“ gesendet", "“{step}” sent"),
    WITHHELD: Words("„{step}“ zurückgehalten", "“{step}” withheld"),
    SUGGESTED: Words("„{step}“ vorgeschlagen", "“{step}” suggested"),
    WAY: Words("Weg „{detail}“ bei „{step}“", "way “{detail}” at “{step}”"),
}
ENDINGS = {
    "goal": Words("Ende mit dem Ziel", "end with the goal"),
    "exited": Words("Austritt", "exit"),
    "done": Words("Ende ohne Ziel", "end without the goal"),
}
NEVER = {
    SENT: Words("nie etwas gesendet", "never anything sent"),
    SUGGESTED: Words("nie etwas vorgeschlagen", "never anything suggested"),
}
ANYTHING = Words("irgendetwas", "anything")
SPAN = {"type": "string", "pattern": r"^P.+$"}
TEXT = {"type": "string", "minLength": 1}
NAMES = {"type": "array", "items": TEXT}
OPEN = {"type": "object"}


def _object(needs: Sequence[str] = (), **properties: Mapping[str, Any]) -> dict[str, Any]:
    known = {**properties, LINE: {"type": "integer"}}
    return {"type": "object", "additionalProperties": False, "required": list(needs), "properties": known}


GIVEN = _object(
    profession=TEXT, specialty=TEXT, land=TEXT, at=TEXT, without=NAMES, ways=OPEN, content=OPEN, facts=OPEN
)  # fmt: skip
WITH: Mapping[str, Mapping[str, Any]] = {"with": OPEN}  # a word of Python's own
WHEN = _object(("after",), after=SPAN, happens=TEXT, clicks=TEXT, **WITH)
THEN = _object(
    sent=TEXT, withheld=TEXT, rule=TEXT, suggested=TEXT, way=OPEN, ends={"enum": ["goal", "exited", "done"]},
    after=SPAN, never={"enum": [SENT, SUGGESTED]},
)  # fmt: skip
SCHEMA = {
    "type": "array",
    "maxItems": MOST,
    "items": _object(
        ("name", "then"),
        name=TEXT,
        given=GIVEN,
        when={"type": "array", "items": WHEN},
        then={"type": "array", "minItems": 1, "items": THEN},
    ),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`line` is where it failed, or where the test begins; `text` is empty where all came as written."""

    name: str
    line: int
    text: Words | None = None

    @property
    def passed(self) -> bool:
        return self.text is None


def outcomes(plan: Journey, text: str) -> list[Outcome]:
    """One for each test; one alone where the text cannot be read. None for an empty text."""
    if not text.strip():
        return []
    try:
        tests = _read(text)
    except _Unreadable as wrong:
        return [Outcome("", wrong.line, wrong.text)]
    return [_tried(plan, test) for test in tests]


class _Unreadable(ValueError):
    def __init__(self, line: int, text: Words) -> None:
        self.line, self.text = line, text


class _Loader(yaml.SafeLoader):
    """Every mapping knows on which line it begins. Times stay text."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        return {**super().construct_mapping(node, deep=True), LINE: node.start_mark.line + 1}


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: str(node.value))


def _read(text: str) -> list[dict[str, Any]]:
    if len(text) > LONGEST:
        raise _Unreadable(1, Words("Die Tests sind zu lang.", "The tests are too long."))
    try:
        tests = yaml.load(text, _Loader)  # noqa: S506 - a safe loader of our own
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise _Unreadable(line, Words("Das ist kein gültiges YAML.", "This is no valid YAML.")) from error
    for wrong in _validator().iter_errors(tests):
        raise _Unreadable(_line(tests, list(wrong.absolute_path)), _said(wrong.message, list(wrong.absolute_path)))
    return list(tests)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(SCHEMA)


def _line(tests: Any, path: Sequence[Any]) -> int:
    """Of the innermost mapping on the way to what is wrong."""
    line = 1
    for part in path:
        tests = tests[part]
        line = tests.get(LINE, line) if isinstance(tests, dict) else line
    return line


def _said(message: str, path: Sequence[Any]) -> Words:
    place = ".".join(map(str, path)) or "Test"
    return Words(f"{place} hat nicht die richtige Form: {message}", f"{place} does not have the right form: {message}")


def _tried(plan: Journey, test: Mapping[str, Any]) -> Outcome:
    given = test.get("given", {})
    try:
        person = Someone(**{name: value for name, value in given.items() if name != LINE})
        happenings = [_happening(each) for each in test.get("when", ())]
        story = run(plan, person, happenings)
    except (ValueError, InputError) as error:  # a time, a duration or a way that does not exist
        said = error.args[0] if error.args and isinstance(error.args[0], Words) else Words(str(error), str(error))
        return Outcome(test["name"], given.get(LINE, test[LINE]), said)
    return next(_missed(test, story, person.entered), Outcome(test["name"], test[LINE]))


def _happening(each: Mapping[str, Any]) -> Happening:
    return Happening(duration(each["after"]), each.get("happens", ""), each.get("with", {}), each.get("clicks", ""))


def _missed(
    test: Mapping[str, Any], story: Sequence[tuple[str, str, str, datetime]], began: datetime
) -> Iterator[Outcome]:
    """What is written comes in the order in which it is written."""
    rest = list(story)
    for wanted in test["then"]:
        if never := wanted.get("never"):
            if any(kind == never for kind, *_ in story):
                yield Outcome(test["name"], wanted[LINE], _told(wanted, story, began))
            continue
        place = next((number for number, each in enumerate(rest) if _is(wanted, each, began)), None)
        if place is None:
            yield Outcome(test["name"], wanted[LINE], _told(wanted, story, began))
            return
        rest = rest[place + 1 :]


def _is(wanted: Mapping[str, Any], happened: tuple[str, str, str, datetime], began: datetime) -> bool:
    kind, step, detail, at = happened
    known = {kind: {step: detail} if kind == WAY else detail if kind == ENDS else step, "rule": detail}
    asked = {name: value for name, value in wanted.items() if name not in (LINE, "after")}
    if kind == WAY and isinstance(asked.get(WAY), dict):
        asked[WAY] = {name: value for name, value in asked[WAY].items() if name != LINE}
    in_time = "after" not in wanted or at - began == duration(wanted["after"])
    return in_time and all(known.get(name) == value for name, value in asked.items())


def _told(wanted: Mapping[str, Any], story: Sequence[tuple[str, str, str, datetime]], began: datetime) -> Words:
    """What was asked for, and what came instead."""
    asked = _phrase(wanted)
    came = [_happened(kind, step, detail, _span(at - began)) for kind, step, detail, at in story]
    de, en = "; ".join(each.de for each in came), "; ".join(each.en for each in came)
    return Words(f"Verlangt: {asked.de}. Es kam: {de or 'nichts'}.", f"Asked for: {asked.en}. Came: {en or 'nothing'}.")


def _phrase(wanted: Mapping[str, Any]) -> Words:
    if never := wanted.get("never"):
        return NEVER[never]
    kind = next((each for each in (*PHRASES, ENDS) if each in wanted), "")
    named = wanted.get(kind, "")
    step, detail = named if isinstance(named, str) else "", wanted.get("rule", "")
    if kind == WAY:
        step, detail = next(((name, way) for name, way in named.items() if name != LINE), ("", ""))
    return _happened(kind, step, step if kind == ENDS else detail, wanted.get("after", ""))


def _happened(kind: str, step: str, detail: str, after: str) -> Words:
    """`detail` is the way, the ending, or the rule that withheld."""
    phrase = ENDINGS[detail] if kind == ENDS else PHRASES.get(kind, ANYTHING)
    rule = f", {detail}" if detail and kind not in (WAY, ENDS) else ""
    more = f"{rule} ({after})" if after else rule
    de, en = (each.format(step=step, detail=detail) + more for each in phrase)
    return Words(de, en)


def _span(span: timedelta) -> str:
    """PT3H, P2DT12H: as it is written in `after`."""
    minutes = int(span / timedelta(minutes=1))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    time = "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M")) if value)
    return f"P{f'{days}D' if days or not time else ''}{f'T{time}' if time else ''}"
