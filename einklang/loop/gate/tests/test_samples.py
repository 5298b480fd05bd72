from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from einklang.loop.gate.rules.samples import retain_until
from einklang.loop.gate.tests.asking import MAIL, SAMPLE, verdict

NOTE = {
    "date": "2026-11-24",
    "product": "X",
    "quantity": 1,
    "supplier": "S",
    "recipient": "P",
    "label": "L",
    "smpc": "S12",
}


def given(**changes: Any) -> dict[str, Any]:
    return {"given": changes}


@pytest.mark.parametrize("role", ["pharmacist", "nurse", "heilpraktiker", "veterinarian", "student"])
def test_DE_SAM_01_only_physicians_and_dentists_get_prescription_samples(role: str) -> None:
    assert verdict(SAMPLE, {"verified": {"role": role}}).rules == ["DE-SAM-01"]


def test_DE_SAM_01_the_proof_must_hold_on_that_day() -> None:
    assert verdict(SAMPLE, {"verified": {"valid_until": "2026-11-18T00:00:00+01:00"}}).rules == ["DE-SAM-01"]


@pytest.mark.parametrize(
    "request_",
    [
        None,
        {"person": "00000000-0000-0000-0000-000000000002"},
        {"authorisation": "B"},
        {"at": "2026-11-20T00:00:00+01:00"},
        {"delivered": True},
        {"standing": True},
    ],
    ids=["none", "somebody else's", "other product", "later", "used up", "standing order"],
)
def test_DE_SAM_02_every_sample_needs_a_request_of_its_own(request_: dict[str, Any] | None) -> None:
    assert verdict(SAMPLE, given(request=request_)).rules == ["DE-SAM-02"]


def test_DE_SAM_03_the_third_unit_in_a_year_is_refused() -> None:
    assert verdict(SAMPLE, given(quota_used=1)).yes
    refused = verdict(SAMPLE, given(quota_used=2))
    assert refused.rules == ["DE-SAM-03"]
    assert "Höchstmenge von 2 Mustern" in refused.decisive[0].text("de")


def test_DE_SAM_03_whoever_does_not_count_gets_no_sample() -> None:
    assert verdict(SAMPLE, given(quota_used=None)).rules == ["DE-SAM-03"]


def test_DE_SAM_04_counting_a_single_strength_is_not_enough() -> None:
    assert verdict(SAMPLE, given(count_key="marketing_authorisation")).rules == ["DE-SAM-04"]


def test_DE_SAM_05_only_the_smallest_pack() -> None:
    assert verdict(SAMPLE, {"pack": {"is_smallest": False}}).rules == ["DE-SAM-05"]


def test_DE_SAM_06_the_label_must_be_evidenced() -> None:
    refused = verdict(SAMPLE, {"pack": {"label_confirmed": False}})
    assert refused.rules == ["DE-SAM-06"]
    assert "„Unverkäufliches Muster“" in refused.decisive[0].text("de")


@pytest.mark.parametrize("flag", [{"btm_annex": "III"}, {"t_rezept": True}, {"un_psychotropic": True}])
def test_DE_SAM_07_excluded_substances_are_never_samples(flag: dict[str, Any]) -> None:
    assert verdict(SAMPLE, {"pack": {"product": flag}}).rules == ["DE-SAM-07"]


def test_DE_SAM_08_a_superseded_fachinformation_blocks_the_delivery() -> None:
    assert verdict(SAMPLE, given(smpc="S12")).flags["smpc"] == "S12"
    assert verdict(SAMPLE, given(smpc="S11")).rules == ["DE-SAM-08"]
    assert verdict(SAMPLE, {"pack": {"product": {"smpc": None}}}).rules == ["DE-SAM-08"]


def test_DE_SAM_12_records_are_kept_until_a_year_after_expiry_and_at_least_five_years() -> None:
    years = {"after_expiry": 1, "after_record": 5}
    assert retain_until(date(2026, 11, 22), date(2028, 6, 30), **years) == date(2031, 11, 22)
    assert retain_until(date(2026, 11, 22), date(2031, 6, 30), **years) == date(2032, 6, 30)
    assert retain_until(date(2024, 2, 29), date(2024, 3, 31), **years) == date(2029, 3, 1)
    too_early = {"recorded": "2026-11-22", "expiry": "2028-06-30", "until": "2031-11-21"}
    assert verdict(SAMPLE, given(retention=too_early)).rules == ["DE-SAM-12"]


@pytest.mark.parametrize("entry", sorted(NOTE))
def test_DE_SAM_13_a_delivery_note_lacks_nothing(entry: str) -> None:
    assert verdict(SAMPLE, given(delivery_note=NOTE)).yes
    assert verdict(SAMPLE, given(delivery_note={**NOTE, entry: None})).rules == ["DE-SAM-13"]


def test_DE_SAM_16_no_campaign_brings_a_sample() -> None:
    assert verdict(SAMPLE, given(journey="J")).rules == ["DE-SAM-16"]
    assert verdict(MAIL, pack="00000000-0000-0000-0000-000000000003").rules == ["DE-SAM-16"]
