"""What is wrong with a journey document: every problem names its step and field, in German and English."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from einklang.core.clock import ZONE
from einklang.core.words import Words
from einklang.loop.decide.journeys.order import JOINT, copies, expanded
from einklang.loop.interactions.kinds import KINDS

END = "end"
PRIMARY = "goal"  # what the results call the goal that ends a journey
DEFAULT_ZONE = ZONE.key
ACTIONS = ("wait", "wait_for", "branch", "split", "order", "message", "suggest")
SCHEMA = Path(__file__).with_name("journey.schema.json")

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """`step` is empty where the document as a whole is meant; `field` is a path with dots."""

    step: str
    field: str
    text: Words

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else str(self.text)

    @property
    def place(self) -> str:
        return " ".join(part for part in (self.step, self.field) if part)


def check(doc: Any) -> list[Problem]:
    """Form first; the way through the steps is looked at only where the form is right."""
    return list(_form(doc)) or list(_way(doc))


def targets(step: Mapping[str, Any]) -> list[str]:
    ways = [way["next"] for way in step.get("split", ())]
    return [*(step[key] for key in ("next", "then", "else") if key in step), *ways]


# Form


@cache
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text())
    return loaded


@cache
def _validator(definition: str = "") -> Draft202012Validator:
    root = schema()
    if not definition:
        return Draft202012Validator(root)
    return Draft202012Validator({**root["$defs"][definition], "$defs": root["$defs"]})


def _form(doc: Any) -> Iterator[Problem]:
    for error in _validator().iter_errors(doc):
        path = list(error.absolute_path)
        if error.validator == "oneOf":
            yield from _step_form(str(path[1]), error.instance)
        else:
            yield from _problems("", path, error)


def _step_form(name: str, step: Any) -> Iterator[Problem]:
    """`oneOf` says only that nothing fits; the action which the author named tells what she meant."""
    named = [action for action in ACTIONS if isinstance(step, dict) and action in step]
    if len(named) != 1:
        choice = ", ".join(ACTIONS)
        text = Words(f"Ein Schritt nennt genau eines von: {choice}.", f"A step names exactly one of: {choice}.")
        yield Problem(name, "", text)
        return
    for error in _validator(named[0]).iter_errors(step):
        yield from _problems(name, list(error.absolute_path), error)


def _problems(step: str, path: list[str | int], error: ValidationError) -> Iterator[Problem]:
    if not step and path[:1] == ["steps"] and len(path) > 1:
        step, path = str(path[1]), path[2:]
    field = ".".join(str(part) for part in path)
    for extra, text in _texts(error):
        yield Problem(step, ".".join(part for part in (field, extra) if part), text)


def _texts(error: ValidationError) -> Iterator[tuple[str, Words]]:
    """(name of the field below the path, what is wrong with it)"""
    expected, found, allowed = (
        cast("Any", error.validator_value),
        cast("Any", error.instance),
        cast("Any", error.schema),
    )
    match str(error.validator):
        case "additionalProperties":
            for name in sorted(set(found) - set(allowed["properties"])):
                yield name, Words("Dieses Feld gibt es nicht.", "There is no such field.")
        case "required":
            for name in expected:
                if name not in found:
                    yield name, Words("Dieses Feld fehlt.", "This field is missing.")
        case "const" | "enum":
            choice = ", ".join(map(str, expected)) if isinstance(expected, list) else str(expected)
            yield "", Words(f"{found!r} steht nicht zur Wahl: {choice}.", f"{found!r} is not among: {choice}.")
        case "pattern":
            yield "", _shape(found, str(expected))
        case _:
            yield "", Words(f"{found!r} ist hier nicht möglich.", f"{found!r} is not possible here.")


def _shape(found: Any, pattern: str) -> Words:
    de, en = f"{found!r} hat nicht die richtige Form", f"{found!r} does not have the right form"
    examples = {
        schema()["$defs"]["duration"]["pattern"]: ("eine Dauer wie P2D oder PT3H", "a duration such as P2D or PT3H"),
        schema()["$defs"]["name"]["pattern"]: ("ein Name wie mail-1", "a name such as mail-1"),
        schema()["properties"]["reentry"]["pattern"]: (
            '"never", "always" oder {"after_days": 30}',
            '"never", "always" or {"after_days": 30}',
        ),
        schema()["$defs"]["kind"]["pattern"]: ("eine Art wie content.viewed", "a kind such as content.viewed"),
    }
    example_de, example_en = examples.get(pattern, ("eine Uhrzeit wie 09:00", "a time of day such as 09:00"))
    return Words(f"{de}: Gebraucht wird {example_de}.", f"{en}: needed is {example_en}.")


# Way


def _way(doc: Document) -> Iterator[Problem]:
    steps: Mapping[str, Any] = expanded(doc["steps"])
    yield from _zone(doc)
    yield from _names(doc)
    yield from _kinds(doc, steps)
    yield from _dangling(doc, steps)
    yield from _loops(doc["start"], steps)
    yield from _unreachable(doc["start"], steps)
    yield from _references(doc, steps)


def _zone(doc: Document) -> Iterator[Problem]:
    name = doc.get("timezone", DEFAULT_ZONE)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        text = Words(f"Die Zeitzone {name!r} gibt es nicht.", f"There is no time zone {name!r}.")
        yield Problem("", "timezone", text)


def _names(doc: Document) -> Iterator[Problem]:
    """What is said twice, or under a name that means something else."""
    if "reentry" in doc and "once_in_days" in doc["trigger"]:
        text = Words("Das steht schon in trigger.once_in_days.", "trigger.once_in_days says this already.")
        yield Problem("", "reentry", text)
    yield from _twice("", "goals", [PRIMARY, *(goal["name"] for goal in doc.get("goals", ()))])
    for name, step in doc["steps"].items():
        yield from _twice(name, "split", [way["name"] for way in step.get("split", ())])
        yield from _twice(name, "order.steps", [each["name"] for each in step.get("order", {}).get("steps", ())])
        if JOINT in name:
            text = Words(f"{JOINT} steht in keinem Namen.", f"No name holds {JOINT}.")
            yield Problem(name, "", text)


def _twice(step: str, field: str, names: Sequence[str]) -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name in names[:number]:
            yield Problem(step, field, Words(f"Den Namen {name!r} gibt es schon.", f"There is a {name!r} already."))


def _kinds(doc: Document, steps: Mapping[str, Any]) -> Iterator[Problem]:
    places = [("", "trigger", doc["trigger"]), ("", "goal", doc.get("goal", {}))]
    places += [("", f"goals.{number}", each) for number, each in enumerate(doc.get("goals", []))]
    places += [("", f"exit.{number}", each) for number, each in enumerate(doc.get("exit", []))]
    places += [(name, "wait_for", step["wait_for"]) for name, step in steps.items() if "wait_for" in step]
    for step, field, place in places:
        for kind in {*place.get("kinds", ()), place.get("kind", "")} - {*KINDS, ""}:
            text = Words(f"Das Protokoll kennt {kind!r} nicht.", f"The log knows no {kind!r}.")
            yield Problem(step, f"{field}.kind", text)


def _dangling(doc: Document, steps: Mapping[str, Any]) -> Iterator[Problem]:
    if END in steps:
        yield Problem(END, "", Words(f"{END} ist kein Name für einen Schritt.", f"{END} is no name for a step."))
    if doc["start"] not in steps:
        yield _missing("", "start", doc["start"])
    for name, step in steps.items():
        fields = [(key, step[key]) for key in ("next", "then", "else") if key in step]
        fields += [(f"split.{number}.next", way["next"]) for number, way in enumerate(step.get("split", ()))]
        for field, target in fields:
            if target != END and target not in steps:
                yield _missing(name, field, target)


def _missing(step: str, field: str, target: str) -> Problem:
    return Problem(step, field, Words(f"Den Schritt {target!r} gibt es nicht.", f"There is no step {target!r}."))


def _loops(start: str, steps: Mapping[str, Any]) -> Iterator[Problem]:
    """Depth first with an own stack: a step that is met again on the way that led to it closes a loop."""
    done: set[str] = set()
    for root in (start, *steps):
        way: list[str] = []
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                done.add(way.pop())
            elif name in way:
                yield _loop(way[-1], [*way[way.index(name) :], name])
            elif name in steps and name not in done:
                way.append(name)
                stack.append((name, True))
                stack.extend((target, False) for target in targets(steps[name]))


def _loop(step: str, ring: list[str]) -> Problem:
    way = " → ".join(ring)
    return Problem(step, "", Words(f"Der Weg läuft im Kreis: {way}.", f"The way runs in a loop: {way}."))


def _unreachable(start: str, steps: Mapping[str, Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    front = [start]
    while front:
        name = front.pop()
        if name in steps and name not in seen:
            seen.add(name)
            front.extend(targets(steps[name]))
    for name in sorted(set(steps) - seen):
        yield Problem(name, "", Words("Kein Weg führt zu diesem Schritt.", "No way leads to this step."))


def _references(doc: Document, steps: Mapping[str, Any]) -> Iterator[Problem]:
    """What a step says about another: the message whose links it waits for, the step whose outcome it asks."""
    for place in (doc["trigger"], doc.get("goal", {}), *doc.get("goals", []), *doc.get("exit", [])):
        if "linked_by" in place.get("where", {}):
            text = Words("Das geht nur in wait_for.", "This is possible in wait_for only.")
            yield Problem("", "where.linked_by", text)
    for name, step in steps.items():
        linked = step.get("wait_for", {}).get("where", {}).get("linked_by")
        if linked and not any("message" in steps.get(each, {}) for each in copies(linked, steps)):
            text = Words(f"{linked!r} ist kein Schritt mit einer Nachricht.", f"{linked!r} is no step with a message.")
            yield Problem(name, "wait_for.where.linked_by", text)
        asked = step.get("branch", {}).get("if", {}).get("outcome")
        if asked and not any(asked["is"] in _outcomes(steps.get(each, {})) for each in copies(asked["of"], steps)):
            of, ending = asked["of"], asked["is"]
            text = Words(f"Der Schritt {of!r} endet nie mit {ending!r}.", f"Step {of!r} never ends with {ending!r}.")
            yield Problem(name, "branch.if.outcome", text)


def _outcomes(step: Mapping[str, Any]) -> tuple[str, ...]:
    if "message" in step:
        return ("planned", "withheld")
    if "split" in step:
        return tuple(way["name"] for way in step["split"])
    return ("happened", "timeout") if "wait_for" in step else ()
