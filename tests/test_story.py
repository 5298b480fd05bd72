"""The whole story, end to end: the command of the README in an empty home, with each permission taken away."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

import psycopg
import pytest

from einklang.project import embedded
from tests.collector import Collector, Span, collecting
from tests.playing import Lines, einklang, empty_home, play, told

STEPS = ("read", "enrol", "mail", "click", "prepare", "visit", "recommend", "sample")
KINDS = {"content.viewed", "email.sent", "email.clicked", "visit.held", "sample.requested"}
LOGGED = ("read", "mail", "click", "visit", "sample")  # what stands in the log once it is done
OUTCOMES = {"d": "done", "w": "withheld", "n": "not_triggered"}
DEMO_BEGINS = datetime.fromisoformat("2026-11-19T07:42:00+01:00")

# Outcomes in the order of STEPS, and how the first reason of a step begins.
TABLE = {
    "tracking": ("dnnndddd", {"read": "DE-TRK-01 ", "enrol": "read: ", "mail": "enrol: ", "click": "mail: "}),
    "mail_tracking": ("dddwdddd", {"click": "DE-TRK-02 "}),
    "rep_visibility": ("ddddwddd", {"prepare": "DE-TRK-04 "}),
    "email": ("ddwndddd", {"mail": "DE-CON-01 ", "click": "mail: "}),
    "rx_audience": ("ddwndddw", {"mail": "DE-HWG-02 ", "click": "mail: ", "sample": "DE-SAM-01 "}),
    "visit": ("dddddwnn", {"visit": "DE-CON-11 ", "recommend": "visit: ", "sample": "visit: "}),
    "sample_request": ("dddddddw", {"sample": "DE-SAM-02 "}),
}


def test_with_every_permission_all_eight_steps_are_done_and_everything_stands_in_its_place() -> None:
    with empty_home() as home, collecting() as collector:
        steps = play(home, **collector.env)
        assert_outcomes(steps, "dddddddd", {})
        assert_measured(mails(home))
        with embedded.running(home) as url:
            assert_all_in_the_log(told(home, "log", "show", "--json", EINKLANG_DATABASE_URL=url), steps)
            assert_verdicts_hold(home, url, steps)
            assert_one_trace_from_what_she_read_to_the_mail(collector.spans, steps)
            assert_nobody_is_named(
                (home / "server.log").read_text(), (home / "postgres.log").read_bytes(), collector, url
            )
            assert "unbroken" in einklang(home, "consent", "verify", EINKLANG_DATABASE_URL=url).stdout
            assert "26 November" in einklang(home, "clock", "advance", "2d", EINKLANG_DATABASE_URL=url).stdout


def assert_one_trace_from_what_she_read_to_the_mail(spans: list[Span], steps: Lines) -> None:
    """Out of the log of the web process and of the worker, over the two days that the journey waits."""
    by_id = {(span.trace, span.id): span for span in spans}
    (dispatch,) = [span for span in spans if span.name == "dispatch"]
    way = [dispatch.name]
    place = by_id.get((dispatch.trace, dispatch.parent))
    while place:
        way.append(place.name)
        place = by_id.get((place.trace, place.parent))
    assert way == ["dispatch", "message", "enrolment", "interaction"]
    together = {span.name: span.process for span in spans if span.trace == dispatch.trace}
    assert together.keys() >= {"profiles", "journeys", "step", "receipt"}
    assert (together["interaction"], together["dispatch"]) == ("web", "worker")


def assert_nobody_is_named(log: str, of_postgresql: bytes, collector: Collector, url: str) -> None:
    assert log, "it was told something at all"
    assert all(json.loads(line)["event"] for line in log.splitlines())
    told = log.encode() + of_postgresql + b"".join(collector.raw)
    with psycopg.connect(url) as connection:
        people = connection.execute("SELECT family_name, email FROM people_person").fetchall()
        users = connection.execute("SELECT email, NULL FROM people_user").fetchall()
    words = {word for row in (*people, *users) for word in row if word}
    assert len(words) > 40
    assert [word for word in words if re.search(rb"\b%s\b" % re.escape(word.encode()), told)] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLE)
def test_without_one_permission_the_story_goes_as_the_table_says(name: str) -> None:
    outcomes, reasons = TABLE[name]
    with empty_home() as home:
        steps = play(home, "--without", name)
        assert_outcomes(steps, outcomes, reasons)
        received = mails(home)
        assert len(received) == (outcomes[STEPS.index("mail")] == "d")
        if name == "mail_tracking":
            assert_not_measured(received)


@pytest.mark.slow
def test_a_kept_world_goes_on_and_is_not_played_twice() -> None:
    with empty_home() as home:
        steps = play(home)
        before = told(home, "log", "show", "--json", "--person", steps[0]["person"])
        assert play(home, "--keep") == []
        assert told(home, "log", "show", "--json", "--person", steps[0]["person"]) == before


def test_a_home_that_is_no_demo_is_refused_with_one_sentence() -> None:
    with empty_home() as home:
        (home / "customers.db").write_text("somebody's data")
        refused = einklang(home, "demo", "--no-serve", "--json", "--people", "20")
        assert refused.returncode == 1
        assert refused.stdout == ""
        assert "no demo" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1
        assert (home / "customers.db").read_text() == "somebody's data"


@pytest.mark.slow
def test_an_empty_home_variable_is_none_for_the_demo_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "var" / "demo"
    own.mkdir(parents=True)
    (own / "customers.db").touch()
    monkeypatch.chdir(tmp_path)
    refused = einklang(tmp_path, "demo", "--no-serve", EINKLANG_HOME="")
    assert f"{own} holds data" in refused.stderr


def test_a_permission_that_nobody_knows_is_refused_before_anything_is_built() -> None:
    with empty_home() as home:
        refused = einklang(home, "demo", "--no-serve", "--json", "--people", "20", "--without", "everything")
        assert refused.returncode != 0
        assert "everything" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert not (home / "postgres").exists()


def assert_outcomes(steps: Lines, outcomes: str, reasons: dict[str, str]) -> None:
    assert [step["step"] for step in steps] == list(STEPS)
    assert [step["outcome"] for step in steps] == [OUTCOMES[letter] for letter in outcomes]
    for step in steps:
        begins = reasons.get(step["step"])
        assert bool(step["reasons"]) == bool(begins), step
        assert begins is None or step["reasons"][0].startswith(begins), step
        logged = step["outcome"] == "done" and step["step"] in LOGGED and begins is None
        assert bool(step["interaction_id"]) == logged, step
    moments = [datetime.fromisoformat(step["at"]) for step in steps]
    assert moments == sorted(moments)
    assert (moments[0] - DEMO_BEGINS).total_seconds() < 600
    assert len({step["person"] for step in steps}) == 1


def assert_all_in_the_log(log: Lines, steps: Lines) -> None:
    story = [entry for entry in log if entry["person"] == steps[0]["person"] and entry["source"] != "demo"]
    assert {entry["kind"] for entry in story} >= KINDS
    named = {step["interaction_id"] for step in steps} - {None}
    assert named <= {entry["id"] for entry in story}
    assert {entry["kind"] for entry in story if entry["id"] in named} == KINDS
    assert [entry["pos"] for entry in log] == sorted(entry["pos"] for entry in log)


def assert_verdicts_hold(home: Path, url: str, steps: Lines) -> None:
    verdicts = [step["verdict_id"] for step in steps if step["verdict_id"]]
    assert len(verdicts) >= 4
    for verdict in verdicts:
        again = einklang(home, "verdict", "replay", verdict, EINKLANG_DATABASE_URL=url)
        assert again.returncode == 0, again.stderr


def mails(home: Path) -> list[str]:
    """The HTML of each mail that arrived."""
    found = []
    for file in (home / "inbox").glob("*.eml"):
        parts = message_from_bytes(file.read_bytes()).walk()
        html = next(part for part in parts if part.get_content_type() == "text/html").get_payload(decode=True)
        assert isinstance(html, bytes)
        found.append(html.decode())
    return found


def assert_measured(received: list[str]) -> None:
    (html,) = received
    assert "/m/o/" in html
    assert "/m/c/" in html


def assert_not_measured(received: list[str]) -> None:
    (html,) = received
    assert "/m/o/" not in html
    assert "/m/c/" not in html
