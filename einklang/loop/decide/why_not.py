"""What the gate would not let pass today: visit, e-mail, sample. Nothing is stored, nothing is promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import read as content
from einklang.facts.products import read as products
from einklang.loop.gate import judge
from einklang.loop.gate.question import Question, Recipient, Verdict

TITLES = {
    "visit": Words("Besuch", "Visit"),
    "send": Words("E-Mail senden", "Send an e-mail"),
    "hand_over": Words("Muster überreichen", "Hand over a sample"),
}


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The most final reason; `not_before` where time alone makes it a yes."""

    act: str
    title: Words
    rule: str
    text: Words
    way_out: Words
    not_before: datetime | None


def load(cur: Cursor, rep: UUID, persons: Sequence[UUID], now: datetime) -> dict[UUID, list[WhyNot]]:
    """For each person the acts that are not a plain yes."""
    mail = next(iter(content.listing(cur, now=now, kinds=["mail"])), None)
    pack = next(iter(products.sample_catalogue(cur, now)), None)
    asked = [
        (person, question)
        for person in persons
        for question in _questions(person, rep, mail.id if mail else None, pack.id if pack else None, now)
    ]
    verdicts = judge.ask_only(cur, [question for _, question in asked])
    found: dict[UUID, list[WhyNot]] = {person: [] for person in persons}
    for (person, question), verdict in zip(asked, verdicts, strict=True):
        if not verdict.yes:
            found[person].append(of(verdict, question.act, TITLES[question.act]))
    return found


def of(verdict: Verdict, act: str, title: Words) -> WhyNot:
    first = verdict.decisive[0]
    return WhyNot(
        act=act,
        title=title,
        rule=first.rule,
        text=Words(first.text("de"), first.text("en")),
        way_out=Words(first.way_out("de"), first.way_out("en")),
        not_before=verdict.not_before,
    )


def _questions(person: UUID, rep: UUID, mail: UUID | None, pack: UUID | None, now: datetime) -> Iterator[Question]:
    """The quota is counted when a sample is requested, so here it counts as unused."""
    who = Recipient("person", person)
    yield Question("visit", who, "visit", "promotional", rep, "sales", at=now)
    if mail:
        yield Question("send", who, "email", "promotional", None, "marketing", mail, at=now)
    if pack:
        given = {"quota_used": 0, "count_key": "brand_family"}
        yield Question(
            "hand_over", who, "visit", "promotional", rep, "sales", pack=pack, quantity=1, given=given, at=now
        )
