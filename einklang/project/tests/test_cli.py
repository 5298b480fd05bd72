from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.people.models import Person
from einklang.loop.gate import door
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log, make
from tests import cast


def test_help_loads_no_django() -> None:
    script = "import sys\nfrom einklang.project.cli import app\nassert 'django' not in sys.modules, 'loaded'"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_new_write_key_is_printed_as_json(child_env: dict[str, str]) -> None:
    made = _einklang(child_env, "write-key", "create", "shop", "--server", "--json")
    keys = json.loads(made.stdout)
    assert keys.keys() == {"write_key", "jitsu_key"}
    assert keys["jitsu_key"].startswith(keys["write_key"] + ":"), "Jitsu's client insists on key:secret"


def test_a_key_is_taken_back_by_its_number_and_once(child_env: dict[str, str]) -> None:
    key = _einklang(child_env, "write-key", "create", "shop", "--server").stdout.strip()
    listed = _einklang(child_env, "write-key", "list").stdout
    assert "shop" in listed
    assert key not in listed
    number = listed.split()[0]
    assert _einklang(child_env, "write-key", "revoke", number).stdout == "shop is not valid any more.\n"
    assert "revoked" in _einklang(child_env, "write-key", "list").stdout
    assert _einklang(child_env, "write-key", "revoke", number).returncode == 1


def test_an_unknown_purpose_of_a_key_is_one_sentence_and_exit_code_1(child_env: dict[str, str]) -> None:
    refused = _einklang(child_env, "write-key", "create", "shop", "--purpose", "fun")
    assert refused.returncode == 1
    assert "fun" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_wrong_command_is_exit_code_2(child_env: dict[str, str]) -> None:
    assert _einklang(child_env, "clock", "turn").returncode == 2


def test_the_log_is_shown_in_its_order_with_all_columns(child_env: dict[str, str]) -> None:
    _record("m1")
    _record("m2")
    shown = [json.loads(line) for line in _einklang(child_env, "log", "show", "--json").stdout.splitlines()]
    assert [entry["source_id"] for entry in shown] == ["m1", "m2"]
    assert {"pos", "lane", "id", "occurred_at", "received_at", "kind", "person", "properties"} <= shown[0].keys()


@pytest.mark.parametrize(("since", "count"), [("2020-01-01", 1), ("2999-01-01T00:00:00+00:00", 0)])
def test_the_log_is_shown_since_a_day_or_a_moment(child_env: dict[str, str], since: str, count: int) -> None:
    _record("m1")
    assert len(_einklang(child_env, "log", "show", "--since", since, "--json").stdout.splitlines()) == count


def test_a_followed_log_goes_on_with_what_comes(child_env: dict[str, str]) -> None:
    _record("m1")
    command = [sys.executable, "-m", "einklang.project.cli", "log", "show", "--follow", "--json"]
    with subprocess.Popen(command, env=child_env, stdout=subprocess.PIPE, text=True) as following:
        assert following.stdout is not None
        assert json.loads(following.stdout.readline())["source_id"] == "m1"
        _record("m2")
        assert json.loads(following.stdout.readline())["source_id"] == "m2"
        following.terminate()


def test_outside_a_demo_the_clock_stands(child_env: dict[str, str]) -> None:
    refused = _einklang(child_env, "clock", "advance", "2d")
    assert refused.returncode == 1
    assert "Only a demo" in refused.stderr


def test_in_a_demo_the_clock_moves(child_env: dict[str, str]) -> None:
    before = clock.real_now()
    assert _einklang(child_env | {"EINKLANG_DEMO": "1"}, "clock", "advance", "2d").returncode == 0
    row = cursor().execute("SELECT offset_us / 86400000000 FROM core_clock").fetchone()
    assert row == (2,)
    assert before < clock.real_now()


def test_a_duration_that_nobody_understands_is_refused(child_env: dict[str, str]) -> None:
    refused = _einklang(child_env, "clock", "advance", "soon")
    assert refused.returncode == 1
    assert "2d" in refused.stderr


def test_a_line_that_is_no_case_is_refused_without_asking_a_database(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("no json\n")
    refused = _einklang(os.environ | {"EINKLANG_DATABASE_URL": "postgresql://nowhere"}, "gate", "judge", str(file))
    assert refused.returncode == 1
    assert "line 1" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_an_unbroken_ledger_is_said_to_be_so(child_env: dict[str, str]) -> None:
    cast.allow(cast.albrecht(), "email")
    assert _einklang(child_env, "consent", "verify").returncode == 0


def test_a_forged_entry_of_the_ledger_is_named(child_env: dict[str, str]) -> None:
    cast.allow(cast.albrecht(), "email")
    cur = cursor()
    cur.execute("ALTER TABLE consent_entry DISABLE TRIGGER USER")
    cur.execute("UPDATE consent_entry SET state = 'withdrawn'")
    found = _einklang(child_env, "consent", "verify")
    assert found.returncode == 1
    assert "Broken" in found.stderr


def test_a_stored_verdict_is_replayed_with_answer_and_rules(child_env: dict[str, str]) -> None:
    verdict = _ask_for_a_mail(cast.albrecht())
    replayed = _einklang(child_env, "verdict", "replay", verdict)
    assert replayed.returncode == 0
    assert replayed.stdout.startswith("no ")
    assert "DE-CON-01" in replayed.stdout


def test_a_verdict_that_was_changed_afterwards_fails_its_replay(child_env: dict[str, str]) -> None:
    verdict = _ask_for_a_mail(cast.albrecht())
    cur = cursor()
    cur.execute("ALTER TABLE gate_verdict DISABLE TRIGGER USER")
    cur.execute("UPDATE gate_verdict SET answer = 'yes' WHERE id = %s", (verdict,))
    replayed = _einklang(child_env, "verdict", "replay", verdict)
    assert replayed.returncode == 1
    assert "answer" in replayed.stderr


def _einklang(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "einklang.project.cli", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def _record(source_id: str) -> None:
    now = clock.now()
    properties = {"content_slug": "a", "topics": ["t"]}
    log.record(cursor(), [make.interaction("content.viewed", now=now, source_id=source_id, properties=properties)])


def _ask_for_a_mail(person: Person) -> str:
    now = clock.now()
    mail = cast.mail().id
    question = Question(
        act="send",
        recipient=Recipient("person", person.id),
        channel="email",
        purpose="promotional",
        content=mail,
        unit="marketing",
        at=now,
    )
    return str(door.ask(cursor(), [question], now=now, messages=[door.MessageSpec(mail)])[0].verdict_id)
