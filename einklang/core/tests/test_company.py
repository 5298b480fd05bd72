from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from einklang.core import company, settings
from einklang.core.errors import SettingsError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("EINKLANG_HOME", str(tmp_path))
    _forget()
    yield tmp_path
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    settings.get.cache_clear()
    company.current.cache_clear()


def test_the_sender_of_a_real_installation_stands_in_its_home(home: Path) -> None:
    (home / "company.json").write_text('{"name": "Beispiel AG", "address": ["Weg 1"], "imprint": ["Weg 1, Berlin"]}')
    assert company.current() == company.Company("Beispiel AG", ("Weg 1",), ("Weg 1, Berlin",))


def test_the_data_protection_officer_is_named_where_there_is_one(home: Path) -> None:
    told = '{"name": "B", "address": [], "imprint": [], "privacy_contact": "dsb@beispiel.example"}'
    (home / "company.json").write_text(told)
    assert company.current().privacy_contact == "dsb@beispiel.example"


def test_a_house_that_nobody_has_set_up_names_nobody_and_a_company_must_say_who_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert company.current() == company.NOT_SET_UP
    monkeypatch.setenv("EINKLANG_LEGAL_ENTITY", "beispiel")
    _forget()
    with pytest.raises(SettingsError, match=r"company\.json"):
        company.current()


@pytest.mark.parametrize("content", ["{", "[]", '{"name": "Beispiel AG"}'])
def test_a_file_that_cannot_be_read_is_said_so(home: Path, content: str) -> None:
    (home / "company.json").write_text(content)
    with pytest.raises(SettingsError, match="imprint"):
        company.current()
