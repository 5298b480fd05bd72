"""Scanners, checkers and prefetchers, told from people by documented rules (`machines.yaml`). Pure.

A scanner that comes as a plain browser is recognised at its third link; `bursts.py` reads its first ones so, too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

RULES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))["rules"]
(BURST,) = (rule for rule in RULES if "links" in rule)
BURST_SECONDS: int = BURST["seconds"]
AGENTS = tuple((rule["id"], word) for rule in RULES if "touch" not in rule for word in rule.get("agent", ()))
LONGEST_AGENT = 500


@dataclass(frozen=True, kw_only=True)
class Touch:
    """A request for a mail's picture or link, or for what a page tells."""

    sort: str  # open, click, event
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    links: int = 1  # different links of this mail asked for within BURST_SECONDS, this one included
    links_of_mail: int = 1


def recognise(touch: Touch) -> str | None:
    """The rule by which it is a machine's; None for a person's."""
    return by_agent(_agent(touch)) or next((rule["id"] for rule in RULES if _holds(rule, touch)), None)


@lru_cache(4096)
def by_agent(agent: str) -> str | None:
    """By its name alone, for events of browsers and servers."""
    known = agent.lower()
    return next((rule for rule, word in AGENTS if word in known), None)


def _holds(rule: Mapping[str, Any], touch: Touch) -> bool:
    if rule.get("touch", touch.sort) != touch.sort:
        return False
    if "method" in rule:
        return bool(touch.method == rule["method"])
    if "header" in rule:
        return touch.headers.get(rule["header"], "").lower().startswith(tuple(rule["begins"]))
    if "exactly" in rule:
        return _agent(touch) in rule["exactly"]
    if "agent" in rule:
        return any(word in _agent(touch).lower() for word in rule["agent"])
    return touch.links >= min(int(rule["links"]), max(2, touch.links_of_mail))


def _agent(touch: Touch) -> str:
    return touch.headers.get("user-agent", "")[:LONGEST_AGENT]
