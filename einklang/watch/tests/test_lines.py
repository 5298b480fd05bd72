"""A line of the log holds ids and no names, whatever went wrong."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from einklang.core.errors import SettingsError
from einklang.watch import lines
from einklang.watch.lines import Json, Text

QUOTED = 'duplicate key: Key (email)=(miriam.albrecht@praxis.example) "Dr. Miriam Albrecht" already exists'


@contextmanager
def heard(formatter: logging.Formatter) -> Iterator[io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    log.addHandler(handler)
    try:
        yield written
    finally:
        log.removeHandler(handler)


log = logging.getLogger("einklang.watch.tests")


def raised() -> BaseException:
    try:
        try:
            raise psycopg.errors.UniqueViolation(QUOTED)
        except psycopg.Error as problem:
            raise ValueError(QUOTED) from problem
    except ValueError as problem:
        return problem


@pytest.mark.parametrize("formatter", [Json(), Text()])
def test_an_error_is_told_by_kind_and_place_and_not_by_what_it_quotes(formatter: logging.Formatter) -> None:
    with heard(formatter) as written:
        log.error("outbox failed", exc_info=raised())
    assert "ValueError" in written.getvalue()
    assert "after UniqueViolation 23505" in written.getvalue()
    assert "test_lines.py" in written.getvalue()
    assert "lbrecht" not in written.getvalue()


def test_a_json_line_says_when_where_what_and_which() -> None:
    named, traced = lines.request.set("9F3A11C0"), lines.trace.set("ab" * 16)
    with heard(Json()) as written:
        log.warning("a job was given up %d times", 3, extra={"ids": {"job": "0190"}})
    lines.request.reset(named)
    lines.trace.reset(traced)
    told: dict[str, Any] = json.loads(written.getvalue())
    assert told.pop("time").endswith("+00:00")
    assert told.pop("pid")
    assert told == {
        "level": "warning",
        "logger": "einklang.watch.tests",
        "event": "a job was given up 3 times",
        "ids": {"job": "0190"},
        "request": "9F3A11C0",
        "trace": "ab" * 16,
    }


def test_what_ends_a_process_is_told_like_every_other_error(caplog: pytest.LogCaptureFixture) -> None:
    problem = raised()
    lines.ended(type(problem), problem, problem.__traceback__)
    assert [record.message for record in caplog.records] == ["The process ends."]
    assert "lbrecht" not in Json().format(caplog.records[0])


@pytest.mark.parametrize(
    ("env", "kind"),
    [
        ({}, "text"),
        ({"EINKLANG_ENV": "production"}, "json"),
        ({"EINKLANG_LOG": "text", "EINKLANG_ENV": "production"}, "text"),
    ],
)
def test_machines_read_json_in_production_and_people_text(env: dict[str, str], kind: str) -> None:
    assert lines.kind(env) == kind


def test_another_word_stops_the_start_with_a_sentence() -> None:
    with pytest.raises(SettingsError, match="EINKLANG_LOG is 'xml'"):
        lines.kind({"EINKLANG_LOG": "xml"})


@pytest.mark.parametrize("given", ["", "short", "with space in it", "x" * 65, "a\nb-cdefgh"])
def test_a_request_is_called_as_its_proxy_calls_it_or_gets_a_short_name(given: str) -> None:
    assert lines.new_request("0b1c-proxy-77") == "0b1c-proxy-77"
    assert len(lines.new_request(given)) == 8
