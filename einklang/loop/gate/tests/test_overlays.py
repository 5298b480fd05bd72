from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from einklang.loop.gate import cases, packs
from einklang.loop.gate.errors import PackError
from einklang.loop.gate.judge import judge_one
from einklang.loop.gate.packs import HERE, Packs
from einklang.loop.gate.tests.asking import AT, SAMPLE

EU, DE, AURELIA = (packs.read(HERE / f"{name}.yaml") for name in ("eu-base", "de-human", "aurelia"))


def overlay(**parts: Any) -> dict[str, Any]:
    """A company's pack on top of the German one."""
    head = {
        "id": "other",
        "version": "1.0.0",
        "valid_from": "2025-11-01",
        "extends": "DE-human",
        "legal_entity": "other",
    }
    return {"pack": {**head, **parts.pop("pack", {})}, "rules": [], **parts}


def built(*overlays: dict[str, Any], base: Any = DE) -> Packs:
    return packs.build([EU, base, *overlays], "other")


def params(loaded: Packs, rule: str, at: datetime = AT) -> Any:
    chain = loaded.chain("DE", at)
    assert chain is not None
    return chain.rules[rule].params


@pytest.mark.parametrize(
    ("rule", "param", "value"),
    [
        ("DE-SAM-03", "max_units", 1),
        ("DE-SAM-12", "after_record", 10),
        ("DE-HWG-02", "professions", ["physician"]),
        ("DE-SAM-07", "btm_annex", ["I", "II", "III", "IV"]),
        ("DE-HWG-02", "level", "eid"),
        ("DE-HWG-01", "evidence", "verified"),
        ("DE-SAM-05", "smallest_only", True),
        ("DE-SAM-06", "label", "Unverkäufliches Muster"),
    ],
)
def test_an_overlay_may_tighten(rule: str, param: str, value: Any) -> None:
    found = params(built(overlay(tighten={rule: {param: value}})), rule)[param]
    assert found == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(
    ("rule", "param", "value"),
    [
        ("DE-SAM-03", "max_units", 3),
        ("DE-SAM-03", "window", "calendar_year"),
        ("DE-SAM-03", "window", "whenever"),
        ("DE-SAM-12", "after_record", 4),
        ("DE-HWG-02", "professions", ["physician", "nurse"]),
        ("DE-SAM-07", "btm_annex", ["I", "II"]),
        ("DE-HWG-02", "level", "self_declared"),
        ("DE-CON-01", "form", "express"),
        ("DE-SAM-05", "smallest_only", False),
        ("DE-SAM-06", "label", "Gratismuster"),
        ("DE-SAM-03", "max_units", "1"),
        ("DE-SAM-03", "max_units", True),
        ("DE-SAM-03", "max_unit", 1),
        ("DE-XYZ-99", "max_units", 1),
    ],
)
def test_an_overlay_that_loosens_is_refused_at_load(rule: str, param: str, value: Any) -> None:
    with pytest.raises(PackError, match=rule):
        built(overlay(tighten={rule: {param: value}}))


@pytest.mark.parametrize(("param", "tighter", "looser"), [("from", "10:00", "08:00"), ("until", "19:00", "21:00")])
def test_quiet_hours_grow_and_never_shrink(param: str, tighter: str, looser: str) -> None:
    company = copy.deepcopy(dict(AURELIA))
    country = {**DE, "rules": [*DE["rules"], *company["rules"]]}
    assert (
        params(built(overlay(tighten={"AUR-TIME-01": {param: tighter}}), base=country), "AUR-TIME-01")[param] == tighter
    )
    with pytest.raises(PackError, match="AUR-TIME-01"):
        built(overlay(tighten={"AUR-TIME-01": {param: looser}}), base=country)


def test_an_overlay_may_not_replace_a_rule_that_it_extends() -> None:
    weaker = {**DE["rules"][0], "purposes": ["safety"]}
    with pytest.raises(PackError, match="may only tighten"):
        built(overlay(rules=[weaker]))


def test_an_overlay_may_not_open_new_ways() -> None:
    with pytest.raises(PackError, match="base pack"):
        built(overlay(routes=[{"acts": ["send"], "channels": ["sms"], "purposes": ["promotional"]}]))


def test_a_tighter_quota_refuses_what_the_law_would_allow() -> None:
    tight = built(overlay(tighten={"DE-SAM-03": {"max_units": 1}}))
    question, facts = cases.question(SAMPLE["ask"]), cases.facts(SAMPLE["given"])
    assert judge_one(question, facts, built(overlay())).yes
    assert judge_one(question, facts, tight).rules == ["DE-SAM-03"]


def test_a_version_counts_from_its_day_in_berlin_on() -> None:
    later = overlay(pack={"valid_from": "2026-12-01", "version": "2.0.0"}, tighten={"DE-SAM-03": {"max_units": 1}})
    loaded = built(overlay(), later)
    assert params(loaded, "DE-SAM-03", datetime(2026, 11, 30, 22, 59, tzinfo=UTC))["max_units"] == 2
    assert params(loaded, "DE-SAM-03", datetime(2026, 11, 30, 23, 0, tzinfo=UTC))["max_units"] == 1


def test_a_loosening_version_is_refused_even_if_it_counts_later() -> None:
    with pytest.raises(PackError, match="DE-SAM-03"):
        built(overlay(pack={"valid_from": "2030-01-01"}, tighten={"DE-SAM-03": {"max_units": 9}}))


@pytest.mark.parametrize(
    "break_it",
    [
        lambda rule: rule.pop("source"),
        lambda rule: rule.pop("way_out"),
        lambda rule: rule.update(vectors=rule["vectors"][:1]),
        lambda rule: rule.update(vectors=[one for one in rule["vectors"] if one["then"] != "pass"]),
        lambda rule: rule.update(params={"form": {"value": "express_doi"}}),
        lambda rule: rule.update(severity="WARN"),
        lambda rule: rule.update(channels=["telepathy"]),
        lambda rule: rule["text"].pop("en"),
    ],
)
def test_a_pack_that_breaks_its_form_is_refused(break_it: Any, tmp_path: Path) -> None:
    pack = copy.deepcopy(dict(DE))
    break_it(pack["rules"][0])
    (tmp_path / "de.yaml").write_text(yaml.safe_dump(pack, allow_unicode=True))
    with pytest.raises(PackError, match=r"de\.yaml, \$\.rules\[0\]"):
        packs.load([tmp_path], "other")


def test_a_rule_that_the_gate_does_not_know_is_refused() -> None:
    stranger = {**DE["rules"][0], "id": "DE-XYZ-99"}
    with pytest.raises(PackError, match="no such rule"):
        built(overlay(rules=[stranger]))


def test_an_installation_without_a_pack_of_its_own_does_not_start() -> None:
    with pytest.raises(PackError, match="EINKLANG_LEGAL_ENTITY"):
        packs.load([HERE], "nobody")


def test_a_company_brings_its_pack_in_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(yaml.safe_dump(overlay(tighten={"DE-SAM-03": {"max_units": 1}})))
    assert params(packs.load([HERE, tmp_path], "other"), "DE-SAM-03")["max_units"] == 1


def test_packs_of_other_legal_entities_do_not_count() -> None:
    assert packs.build(
        [EU, DE, AURELIA, overlay(tighten={"DE-SAM-03": {"max_units": 1}})], "aurelia"
    ).documents.keys() == (packs.load([HERE], "aurelia").documents.keys())


def test_the_name_of_a_pack_changes_with_every_change() -> None:
    other = orjson.loads(orjson.dumps(DE))
    other["rules"][0]["params"]["form"]["value"] = "express"
    assert packs.name(other) != packs.name(DE)
    assert packs.name(DE).startswith("DE-human@1.1.0#")
