from __future__ import annotations

from pathlib import Path

import pytest

from einklang.core import settings
from einklang.core.errors import SettingsError

KEY = "k" * 50


def test_without_variables_there_is_a_home_and_a_generated_key(tmp_path: Path) -> None:
    first = settings.read({"EINKLANG_HOME": str(tmp_path)})
    again = settings.read({"EINKLANG_HOME": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "secret_key"]


def test_an_empty_home_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings.read({"EINKLANG_HOME": "", "EINKLANG_SECRET_KEY": KEY}).home == tmp_path / "var"


@pytest.mark.parametrize("home", ["a file", "a file/below", "/proc/nowhere"])
def test_where_no_house_can_be_kept_a_sentence_says_so_and_the_way_out(tmp_path: Path, home: str) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(SettingsError, match=r"EINKLANG_HOME is .*: .*\. Name a folder"):
        settings.read({"EINKLANG_HOME": str(tmp_path / home)})


def test_production_knows_only_the_hosts_that_it_was_told(tmp_path: Path) -> None:
    told = _read(tmp_path, ENV="production", PUBLIC_URL="https://portal.example.com", ALLOWED_HOSTS="desk.example.com")
    assert told.allowed_hosts == ("portal.example.com", "desk.example.com")
    assert told.mail_domain == "portal.example.com"


def test_a_home_marked_as_demo_is_one(tmp_path: Path) -> None:
    (tmp_path / "demo").touch()
    assert _read(tmp_path).demo


def test_a_demo_in_production_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="moves the clock"):
        _read(tmp_path, ENV="production", DEMO="1")


def test_production_without_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="EINKLANG_SECRET_KEY"):
        settings.read({"EINKLANG_HOME": str(tmp_path), "EINKLANG_ENV": "production"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"),
        ("DEMO", "yes"),
        ("WEB", "0"),
        ("WEB", "many"),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://somewhere"),
        ("PUBLIC_URL", "portal.example.com"),
        ("PUBLIC_URL", "https://example.com/portal"),
        ("SMTP_URL", "mail.example.com:25"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"EINKLANG_{name}"):
        _read(tmp_path, **{name: value})


def _read(home: Path, **values: str) -> settings.Settings:
    given = {"SECRET_KEY": KEY} | values
    return settings.read({"EINKLANG_HOME": str(home)} | {f"EINKLANG_{name}": value for name, value in given.items()})
