"""The audit log speaks: acts, things and values have words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from einklang.faces.studio.record import audit_words

HOUSE = Path(audit_words.__file__).parents[3]
WRITTEN = re.compile(r'(?<!_)act="([a-z]+\.[a-z_]+)"')


def test_every_act_that_the_code_writes_has_words() -> None:
    files = [each for each in HOUSE.rglob("*.py") if "tests" not in each.parts]
    written = {name for each in files for name in WRITTEN.findall(each.read_text())}
    assert len(written) > 10
    assert written - set(audit_words.ACTS) == set()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("message:01a20597-a5ce-7dba-bb60-919d8b966f31", "Nachricht …8b966f31"),
        ("settings:contact", "Regeln contact"),
        ("ledger", "Einwilligungen"),
    ],
)
def test_a_thing_is_named_by_its_kind_and_the_end_of_its_number(name: str, said: str) -> None:
    assert audit_words.thing(name) == said


def test_values_are_said_in_words_and_long_checksums_shortened() -> None:
    told = {"state": "held", "roles": ["rep", "analyst"], "is_active": False, "sha256": "a1" * 32, "rows": None}
    assert audit_words.value(told) == (
        "Zustand: Angehalten, Rollen: Außendienst, Auswertung, Aktiv: nein, Prüfsumme: a1a1a1a1…, Zeilen: "
    )
