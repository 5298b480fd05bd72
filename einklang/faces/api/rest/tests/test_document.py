"""Schemathesis against a real web process: what the document promises is what is answered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from django.db import transaction

from einklang.core.connection import cursor
from einklang.faces.api.rest import intake
from einklang.faces.api.rest.tests import calling
from einklang.facts.consent import wordings
from einklang.loop.decide.journeys import store
from einklang.loop.decide.tests.documents import STORY
from einklang.loop.gate import door
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import keys
from einklang.services.orders.tests import ordering
from einklang.services.privacy import cases
from tests import cast

CONFIG = Path(__file__).parent / "schemathesis.toml"
SCHEMA = "/api/v1/openapi.json"
PHASES = "examples,coverage,fuzzing"


def a_small_house() -> str:
    """The token that opens everything. Committed, since another process looks at it; what a link leads to is there."""
    with transaction.atomic():
        cur, doctor, mail = cursor(), cast.albrecht(), cast.mail()
        cast.article(), cast.product_article()
        wordings.publish(cur, "phone", {"de": "Sie dürfen."}, cast.NOW)
        store.publish(cur, STORY, cast.administrator().id, cast.NOW)
        asked = Question("send", Recipient("person", doctor.id), "email", "promotional", content=mail.id, at=cast.NOW)
        door.ask(cur, [asked], now=cast.NOW, messages=[MessageSpec(mail.id)])
        cases.ask(cur, person=doctor.id, kind="access", wishes={}, message="", token="1", now=cast.NOW)
        ordering.placed()
    return calling.token()[1]


@pytest.mark.slow
def test_no_answer_is_a_mistake_of_ours_or_undocumented(fresh_db: str, server: str) -> None:
    secret = a_small_house()
    tried(server, f"{PHASES},stateful", "--header", f"Authorization: Bearer {secret}", "--exclude-tag", intake.TAG)


@pytest.mark.slow
def test_nor_is_one_of_the_intake(fresh_db: str, server: str) -> None:
    with transaction.atomic():
        key = keys.create(cursor(), "Probe", server=True, now=cast.NOW)
    tried(server, PHASES, "--auth", f"{key}:", "--include-tag", intake.TAG)


def tried(server: str, phases: str, *more: str) -> None:
    httpx.get(server + SCHEMA, timeout=60)  # the first page of a process loads them all; schemathesis waits 10 s
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", server + SCHEMA),
            *("--phases", phases, "--max-examples", "20", "--seed", "5", "--continue-on-failure", "--no-color", *more),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
