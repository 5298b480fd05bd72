"""Two steps in either order, by chance: a short way to write what a split, four steps and two waits say. Pure.

Each way has copies of both steps under names of its own, such as `order__1__mail`; what other steps say about `mail`
is said about both copies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JOINT = "__"


def expanded(steps: Mapping[str, Any]) -> dict[str, Any]:
    """The same steps with every `order` spelled out; they are sound in form."""
    found: dict[str, Any] = {}
    for name, step in steps.items():
        found |= _spelled(name, step) if "order" in step else {name: step}
    return found


def copies(name: str, steps: Mapping[str, Any]) -> list[str]:
    """The names under which a step stands: its own, or those of its copies."""
    inside = [each for each in steps if JOINT in each and each.rsplit(JOINT, 1)[1] == name]
    return [name] if name in steps or not inside else inside


def origin(name: str) -> tuple[str, str]:
    """(step of the document, name inside its order), the second one empty for any other step."""
    before, _, inside = name.rpartition(JOINT)
    return (before.rsplit(JOINT, 1)[0], inside) if before else (name, "")


def _spelled(name: str, step: Mapping[str, Any]) -> dict[str, Any]:
    first, second = step["order"]["steps"]
    ways = {"1": (first, second), "2": (second, first)}
    found: dict[str, Any] = {
        name: {
            "split": [
                {"name": ways[way][0]["name"], "share": 1, "next": _copy(name, way, ways[way][0])} for way in ways
            ]
        }
    }
    for way, (early, late) in ways.items():
        found |= _way(name, way, early, late, step)
    return found


def _way(
    name: str, way: str, early: Mapping[str, Any], late: Mapping[str, Any], step: Mapping[str, Any]
) -> dict[str, Any]:
    after = _copy(name, way, late)
    found = {after: _bare(late, step["next"])}
    if between := step["order"].get("between"):
        wait = JOINT.join((name, way, "wait"))
        found[wait] = {"wait": {"for": between}, "next": after}
        after = wait
    return {_copy(name, way, early): _bare(early, after), **found}


def _copy(name: str, way: str, step: Mapping[str, Any]) -> str:
    return JOINT.join((name, way, step["name"]))


def _bare(step: Mapping[str, Any], target: str) -> dict[str, Any]:
    return {**{key: value for key, value in step.items() if key != "name"}, "next": target}
