from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from django.db import transaction

from einklang.core import clock, tokens
from einklang.core.connection import cursor
from einklang.faces.desk import live, pulse
from einklang.faces.desk.pulse import Window
from einklang.faces.desk.tests.conftest import happens, reads
from einklang.facts.people.models import User
from einklang.loop.decide.journeys import triggers
from einklang.loop.interactions import consumers, make
from einklang.loop.profiles.consumer import CONSUMER as PROFILES
from tests import cast

Event = dict[str, Any]


@pytest.fixture(autouse=True)
def story_time() -> None:
    """The web process reads the database's clock."""


@pytest.fixture
def people(demo: None, fresh_db: str) -> None:
    with transaction.atomic():
        clock.set_to(cursor(), cast.NOW)
        cast.albrecht()
        cast.kern()
        cast.petersen()
        cast.adler()
    consume()


def token(user: User, lifetime: timedelta = timedelta(minutes=5)) -> str:
    return tokens.sign("live", {"user": str(user.id)}, expires=int((clock.real_now() + lifetime).timestamp()))


def consume() -> None:
    for consumer in (PROFILES, triggers.CONSUMER):
        with transaction.atomic():
            consumers.advance(cursor(), consumer, cast.NOW)


@contextmanager
def listening(server: str, user: User, after: int | None = None) -> Iterator[Callable[[int], list[Event]]]:
    """A reader; what it yields waits for so many events."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    with httpx.stream(
        "GET", f"{server}/live/desk", params={"token": token(user)}, headers=headers, timeout=30
    ) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        lines = answer.iter_lines()
        assert next(lines) == ": open"

        def receive(count: int) -> list[Event]:
            data = (line for line in lines if line.startswith("data:"))
            return [orjson.loads(next(data)[5:]) for _ in range(count)]

        next(line for line in lines if line.startswith("id:"))  # from here on it is told what happens
        yield receive


def test_a_rep_is_told_what_happens_in_her_own_territory_only(people: None, server: str) -> None:
    with listening(server, cast.petersen()) as receive:
        happens("visit.held", cast.kern(), products=[])
        happens("visit.held", cast.albrecht(), products=[])
        consume()
        (event,) = receive(1)
    assert event == {
        "pos": event["pos"],
        "person": str(cast.albrecht().id),
        "kind": "visit.held",
        "channel": "visit",
    }


def test_nothing_is_told_before_profiles_and_journeys_have_read_it(people: None, server: str) -> None:
    with listening(server, cast.petersen()) as receive, ThreadPoolExecutor() as pool:
        happens("visit.held", cast.albrecht(), products=[])
        waiting: Future[list[Event]] = pool.submit(receive, 1)
        time.sleep(1)
        assert not waiting.done()
        consume()
        assert waiting.result(timeout=20)[0]["kind"] == "visit.held"


@pytest.mark.parametrize(
    ("grade", "told"), [("title", ["content.viewed", "visit.held"]), ("topic", ["visit.held"]), (None, ["visit.held"])]
)
def test_DE_TRK_04_the_moment_of_reading_is_told_only_where_its_date_may_be_known(
    people: None, server: str, grade: str | None, told: list[str]
) -> None:
    if grade:
        cast.allow(cast.albrecht(), "rep_visibility", grade=grade)
    with listening(server, cast.petersen()) as receive:
        reads(cast.albrecht())
        happens("visit.held", cast.albrecht(), products=[])
        consume()
        assert [event["kind"] for event in receive(len(told))] == told


def test_who_comes_back_gets_what_she_missed(people: None, server: str) -> None:
    with listening(server, cast.petersen()) as receive:
        happens("visit.held", cast.albrecht(), products=[])
        consume()
        (seen,) = receive(1)
    happens("sample.requested", cast.albrecht(), pack="p", quantity=1, order="o")
    consume()
    with listening(server, cast.petersen(), after=seen["pos"]) as receive:
        assert [event["kind"] for event in receive(1)] == ["sample.requested"]


def test_many_reps_listen_at_once(people: None, server: str) -> None:
    readers = [listening(server, cast.petersen(), after=0) for _ in range(12)]
    receivers = [reader.__enter__() for reader in readers]
    happens("visit.held", cast.albrecht(), products=[])
    consume()
    with ThreadPoolExecutor(len(receivers)) as pool:
        found = list(pool.map(lambda receive: receive(1)[0]["kind"], receivers))
    for reader in readers:
        reader.__exit__(None, None, None)
    assert found == ["visit.held"] * 12


@pytest.mark.parametrize("forged", ["", "x.y", "expired"])
def test_without_a_valid_token_nothing_is_told(people: None, server: str, forged: str) -> None:
    sent = token(cast.petersen(), timedelta(minutes=-1)) if forged == "expired" else forged
    answer = httpx.get(f"{server}/live/desk", params={"token": sent})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_outlives_neither_role_nor_account(people: None, server: str) -> None:
    rep = cast.petersen()
    with listening(server, rep) as receive:
        User.objects.filter(id=rep.id).update(is_active=False)
        happens("visit.held", cast.albrecht(), products=[])
        consume()
        with ThreadPoolExecutor() as pool:
            waiting = pool.submit(receive, 1)
            time.sleep(1.5)
            assert not waiting.done()
            User.objects.filter(id=rep.id).update(is_active=True)
            happens("sample.requested", cast.albrecht(), pack="p", quantity=1, order="o")
            consume()
            assert waiting.result(timeout=20)[0]["kind"] == "sample.requested"


def test_the_stream_imports_no_django() -> None:
    program = "import sys, einklang.faces.desk.live; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_what_is_new_is_kept_for_all_and_who_is_further_behind_reads_for_herself(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "KEPT", 3)
    doctor, nobodys, rep = cast.albrecht(), cast.holtz(), cast.petersen()
    window = Window(0, ())
    for visited in (doctor, nobodys, doctor):
        happens("visit.held", visited, products=[])
    first = pulse._read(cursor(), 0, 10**9)
    assert first is not None
    assert [rep.id in each.reps for each in first] == [True, True, True]
    window = pulse._joined(window, first, 99)
    assert (window.after, len(window.news)) == (0, 3)
    more = pulse._joined(window, first[:1], 99)
    assert (more.after, len(more.news)) == (first[0].entry.pos, 3)
    happens("visit.held", doctor, products=[])
    assert pulse._read(cursor(), 0, 10**9) is None
    assert pulse._joined(window, None, 99) == Window(99, ())


def test_what_a_machine_does_is_told_to_nobody() -> None:
    done = make.interaction("email.clicked", now=cast.NOW, properties={"link": "Zur Studie"})
    assert not live._hidden(done)
    assert live._hidden(replace(done, is_machine=True))
