"""Questions and facts written by hand: the vectors inside the packs, and the cases that a lawyer brings. Pure.

What a case does not say is filled in on the strict side: nothing granted, nothing verified, nothing authorised.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.loop.gate.outcome import Outcome, moment
from einklang.loop.gate.packs import Rule
from einklang.loop.gate.question import Facts, Question, Recipient

PERSON = UUID(int=1)
CONTENT = UUID(int=4)
THURSDAY = "2026-11-19T10:00:00+01:00"  # quiet hours, Sundays and holidays are far

PRODUCT: Mapping[str, Any] = {
    "id": "A",
    "brand": "B",
    "market": "DE",
    "rx": True,
    "status": "pending",
    "authorised_from": "2020-01-01T00:00:00+01:00",
    "indications": [],
    "btm_annex": "",
    "t_rezept": False,
    "un_psychotropic": False,
    "smpc": None,
    "mandatory_text": None,
}
PARTS: Mapping[str, Mapping[str, Any]] = {
    "person": {"profession": "", "land": ""},
    "verified": {"level": "third_party", "valid_until": None},
    "content": {
        "id": str(CONTENT),
        "kind": "article",
        "market": "DE",
        "promotional": False,
        "rx": False,
        "audience": "public",
        "state": "draft",
        "valid_from": None,
        "valid_to": None,
        "indications": [],
        "authorisation": None,
        "mandatory_text": None,
        "disguised_subject": False,
        "product": None,
    },
    "pack": {"id": "K", "authorisation": "A", "is_smallest": False, "label_confirmed": False, "product": {}},
    "sender": {"qualified": False, "territory": False},
    "staff": {"roles": []},
    "wish": {"frequency": "normal", "paused_until": None, "channels": {}, "pause_visits": False},
}
UNKNOWN: Mapping[str, Any] = {
    "market": "DE",
    "given": {},
    "consent": {},
    "grades": {},
    "person": None,
    "verified": None,
    "content": None,
    "pack": None,
    "smpc": {},
    "contacts": [],
    "sender": None,
    "wish": None,
    "origin": None,
    "staff": None,
}
FACTS_OF = {"consent": ("consent", "grades"), "verification": ("verified",)}


def question(ask: Mapping[str, Any]) -> Question:
    person = UUID(ask["person"]) if "person" in ask else PERSON
    kind = ask.get("recipient", "person")
    return Question(
        ask["act"],
        Recipient(kind, person)
        if kind == "person"
        else Recipient(kind, about=UUID(ask["person"]) if "person" in ask else None),
        ask["channel"],
        ask["purpose"],
        content=CONTENT,
        pack=UUID(ask["pack"]) if "pack" in ask else None,
        quantity=ask.get("quantity", 0),
        permission=ask.get("permission"),
        at=moment(ask["at"]),
    )


def facts(given: Mapping[str, Any], recipient: UUID | None = PERSON) -> Facts:
    """Every fact, whether the rules need it or not."""
    known = {**UNKNOWN, "recipient": str(recipient), **given}
    for name, defaults in PARTS.items():
        if known[name] is not None:
            known[name] = {**defaults, **known[name]}
    for name in ("content", "pack"):
        if known[name] and known[name]["product"] is not None:
            known[name] = {**known[name], "product": {**PRODUCT, **known[name]["product"]}}
    return known


def try_vector(rule: Rule, vector: Mapping[str, Any]) -> Outcome:
    """The rule's answer to one of its vectors, with no other facts than the rule says it needs."""
    ask = {
        "act": min(rule.acts, key=("send", "show", "record", "disclose", "visit", "hand_over").index),
        "channel": "email" if rule.channels is None or "email" in rule.channels else "visit",
        "purpose": "promotional" if rule.purposes is None or "promotional" in rule.purposes else "service",
        "at": THURSDAY,
        **vector.get("ask", {}),
    }
    known = facts(vector.get("given", {}))
    needed = {"market", "given"} | {fact for need in rule.needs for fact in FACTS_OF.get(need, (need,))}
    return rule.check(question(ask), {name: known[name] for name in needed}, rule.params)


def disagreements(rule: Rule, vector: Mapping[str, Any]) -> list[str]:
    """What the rule answers otherwise than the vector says; empty where they agree."""
    outcome = try_vector(rule, vector)
    wrong = [f"answers {outcome.kind}, not {vector['then']}"] if outcome.kind != vector["then"] else []
    if "flags" in vector and dict(outcome.flags) != vector["flags"]:
        wrong.append(f"flags {dict(outcome.flags)}, not {vector['flags']}")
    if "not_before" in vector and outcome.not_before != datetime.fromisoformat(vector["not_before"]):
        wrong.append(f"not before {outcome.not_before}, not {vector['not_before']}")
    return wrong
