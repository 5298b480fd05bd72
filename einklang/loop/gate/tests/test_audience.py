from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.facts.people.read import Verification
from einklang.loop.gate import audience
from tests.cast import NOW

LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=1)


@pytest.mark.parametrize("role", ["physician", "dentist", "veterinarian", "pharmacist", "licensed_trader"])
def test_DE_HWG_02_reaches_who_prescribes_or_dispenses(role: str) -> None:
    assert audience.prescription("DE", Verification(role, "document", LATER), NOW).yes


@pytest.mark.parametrize(
    "proof",
    [
        None,
        Verification("nurse", "document", LATER),
        Verification("physician", "self_declared", LATER),
        Verification("physician", "document", EARLIER),
    ],
    ids=["nobody", "nurse", "only said", "expired"],
)
def test_DE_HWG_02_reaches_nobody_else(proof: Verification | None) -> None:
    verdict = audience.prescription("DE", proof, NOW)
    assert not verdict.yes
    assert [reason.rule for reason in verdict.decisive] == ["DE-HWG-02"]


def test_a_market_without_a_pack_reaches_nobody() -> None:
    assert not audience.prescription("XX", Verification("physician", "document", LATER), NOW).yes
