"""The journey of the story, as a document that tests change."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

STORY: dict[str, Any] = {
    "format": 1,
    "key": "lesen-vertiefen-besuchen",
    "title": {"de": "Lesen, vertiefen, besuchen", "en": "Read, deepen, visit"},
    "trigger": {"kind": "content.viewed", "where": {"topics": ["herzinsuffizienz"]}, "once_in_days": 180},
    "start": "pause",
    "steps": {
        "pause": {"wait": {"for": "P2D"}, "next": "mail"},
        "mail": {
            "message": {
                "content": "vertiefung-herzinsuffizienz",
                "channel": "email",
                "purpose": "promotional",
                "unit": "marketing",
            },
            "next": "listen",
        },
        "listen": {
            "wait_for": {
                "kinds": ["email.clicked", "content.viewed"],
                "where": {"linked_by": "mail"},
                "at_most": "P3D",
            },
            "then": "visit",
            "else": "visit",
        },
        "visit": {
            "suggest": {
                "kind": "visit",
                "title": {"de": "Die Studie besprechen.", "en": "Discuss the study."},
                "products": ["velunor"],
                "content_slugs": ["velunor-studie"],
            },
            "next": "end",
        },
    },
    "goal": {"kind": "visit.held", "within_days": 30},
}


def story(**changes: Any) -> dict[str, Any]:
    """`changes` replace top-level fields."""
    return {**deepcopy(STORY), **changes}


def with_steps(**steps: Any) -> dict[str, Any]:
    """The story with these steps replaced or added."""
    document = story()
    document["steps"].update(steps)
    return document
