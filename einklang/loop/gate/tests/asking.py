"""The questions of these tests, each of them a yes until something is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from einklang.loop.gate import cases, packs
from einklang.loop.gate.judge import judge_one
from einklang.loop.gate.question import Question, Recipient, Verdict
from tests import cast

AT = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)  # a Thursday, ten o'clock in Berlin

FIELDS = [
    "company",
    "name",
    "composition",
    "indications",
    "contraindications",
    "side_effects",
    "warnings",
    "prescription",
]
PRODUCT: dict[str, Any] = {
    "id": "A",
    "status": "authorised",
    "indications": ["heart failure"],
    "smpc": {"id": "S12", "version": 12},
    "mandatory_text": {"id": "M2", "fields": FIELDS},
}
RX_MAIL: dict[str, Any] = {
    "kind": "mail",
    "promotional": True,
    "rx": True,
    "audience": "rx",
    "state": "frozen",
    "authorisation": "A",
    "mandatory_text": "M2",
    "indications": ["heart failure"],
    "product": PRODUCT,
}
PHYSICIAN: dict[str, Any] = {
    "person": {"profession": "physician", "land": "DE-NI"},
    "verified": {"role": "physician", "level": "document", "valid_until": "2027-06-01T00:00:00+02:00"},
}
MAIL: dict[str, Any] = {
    "ask": {"act": "send", "channel": "email", "purpose": "promotional", "at": AT.isoformat()},
    "given": {**PHYSICIAN, "consent": {"email": "granted"}, "content": RX_MAIL},
}
SAMPLE: dict[str, Any] = {
    "ask": {"act": "hand_over", "channel": "visit", "purpose": "service", "at": AT.isoformat(), "quantity": 1},
    "given": {
        **PHYSICIAN,
        "pack": {"authorisation": "A", "is_smallest": True, "label_confirmed": True, "product": PRODUCT},
        "given": {
            "request": {
                "id": "R",
                "person": str(cases.PERSON),
                "authorisation": "A",
                "at": "2026-11-19T09:00:00+01:00",
            },
            "quota_used": 1,
            "count_key": "brand_family",
        },
    },
}
VISIT: dict[str, Any] = {
    "ask": {"act": "visit", "channel": "visit", "purpose": "promotional", "at": AT.isoformat()},
    "given": {
        **PHYSICIAN,
        "sender": {"qualified": True, "territory": True},
        "smpc": {"A": "S12"},
        "given": {"products": ["A"], "smpc_presented": {"A": "S12"}, "safety_answered": False},
    },
}
DISCLOSURE: dict[str, Any] = {
    "ask": {
        "act": "disclose",
        "channel": "visit",
        "purpose": "promotional",
        "at": AT.isoformat(),
        "permission": "rep_visibility",
        "recipient": "user",
        "person": str(cases.PERSON),
    },
    "given": {
        "consent": {"rep_visibility": "granted"},
        "grades": {"rep_visibility": "title"},
        "sender": {"qualified": True, "territory": True},
    },
}
READING: dict[str, Any] = {
    "ask": {"act": "record", "channel": "portal", "purpose": "service", "at": AT.isoformat(), "permission": "tracking"},
    "given": {"consent": {"tracking": "granted"}},
}
PAGE: dict[str, Any] = {
    "ask": {"act": "show", "channel": "portal", "purpose": "promotional", "at": AT.isoformat()},
    "given": {**PHYSICIAN, "content": RX_MAIL},
}
EVERY_YES: dict[str, dict[str, Any]] = {
    "mail": MAIL,
    "sample": SAMPLE,
    "visit": VISIT,
    "disclosure": DISCLOSURE,
    "reading": READING,
    "page": PAGE,
}


def verdict(case: Mapping[str, Any], changes: Mapping[str, Any] | None = None, **ask: Any) -> Verdict:
    """The case with deeper `changes` to its facts, and with other values of the question."""
    question = cases.question({**case["ask"], **ask})
    return judge_one(question, cases.facts(merged(case["given"], changes or {})), packs.current())


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in changes.items():
        old = both.get(key)
        both[key] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) and value else value
    return both


def mail_to(person: Any, **changes: Any) -> Question:
    fields = {"content": cast.mail().id, "at": AT, "unit": "marketing", **changes}
    return Question("send", Recipient("person", person.id), "email", "promotional", **fields)
