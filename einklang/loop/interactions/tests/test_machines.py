"""Our own traces, written after documented behaviour of scanners, previews and browsers, each request labelled."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from einklang.loop.interactions import machines
from einklang.loop.interactions.machines import BURST, BURST_SECONDS, RULES, Touch

TRACES = [json.loads(line) for line in Path(__file__).with_name("traces.jsonl").read_text("utf-8").splitlines()]
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"


def judged() -> Iterator[tuple[str, bool, str | None]]:
    """Trace, label and rule of every request; what came shortly before a burst belongs to it (`bursts.py`)."""
    for trace in TRACES:
        rules = [_rule(trace, place) for place in range(len(trace["requests"]))]
        bursts = [each["at"] for each, rule in zip(trace["requests"], rules, strict=True) if rule == BURST["id"]]
        for request, rule in zip(trace["requests"], rules, strict=True):
            early = "link" in request and any(0 <= at - request["at"] <= BURST_SECONDS for at in bursts)
            yield trace["who"], request["machine"], rule or (BURST["id"] if early else None)


def _rule(trace: dict[str, Any], place: int) -> str | None:
    request = trace["requests"][place]
    links = {each["link"] for each in trace["requests"][: place + 1] if _counts(each, request["at"])}
    touch = Touch(
        sort=request["sort"],
        method=request.get("method", "GET"),
        headers=request["headers"],
        links=max(1, len(links)),
        links_of_mail=trace["links"],
    )
    return machines.recognise(touch)


def _counts(request: dict[str, Any], at: float) -> bool:
    return "link" in request and at - request["at"] <= BURST_SECONDS


def test_precision_and_recall_on_our_own_traces(capsys: pytest.CaptureFixture[str]) -> None:
    found = list(judged())
    right = sum(label and rule is not None for _, label, rule in found)
    called = sum(rule is not None for _, _, rule in found)
    machine = sum(label for _, label, _ in found)
    precision, recall = right / called, right / machine
    with capsys.disabled():
        figures = f"precision {precision:.2f}, recall {recall:.2f}"
        sys.stdout.write(f"\nOn our own traces ({len(found)} requests): {figures}\n")
    assert precision >= 0.9
    assert recall >= 0.9


def test_what_is_missed_or_wronged_is_known() -> None:
    """A picture or a sample of one link by a plain browser, and whoever opens three links at once."""
    missed = {who for who, label, rule in judged() if label and rule is None}
    wronged = {who for who, label, rule in judged() if not label and rule}
    assert missed == {
        "Microsoft Defender Safe Links, as a browser, five links at once",
        "Proofpoint, as a browser, one link of a sample",
    }
    assert wronged == {"A hurried reader, three links into tabs within four seconds"}


def test_every_rule_says_where_it_is_documented_and_why_it_holds() -> None:
    assert len({rule["id"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["source"].startswith(("https://", "RFC "))
        assert rule["because"].endswith(".")


@pytest.mark.parametrize("rule", [rule["id"] for rule in RULES if "agent" in rule and "touch" not in rule])
def test_an_agent_is_known_by_each_of_its_words(rule: str) -> None:
    words = next(each["agent"] for each in RULES if each["id"] == rule)
    assert {machines.by_agent(f"Mozilla/5.0 (compatible; {word.upper()}/1.0)") for word in words} == {rule}


def test_a_browser_is_a_person() -> None:
    assert machines.by_agent(CHROME) is None
    assert machines.recognise(Touch(sort="click", headers={"user-agent": CHROME}, links=2, links_of_mail=5)) is None
