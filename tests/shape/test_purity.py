"""Judgement and the hot path run without Django, and nobody reads a clock or makes an id on the side."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.shape.house import PACKAGE, ROOT

PURE = {
    "core": ("errors", "words", "ids", "settings", "pg", "tokens", "clock"),
    "facts.people": ("lock", "resolve", "territory", "read", "identifiers", "roles"),
    "facts.products": ("read",),
    "facts.consent": ("ledger", "status", "verify"),
    "facts.content": ("read",),
    "loop.interactions": ("types", "kinds", "make", "log", "keys", "consumers", "lanes", "partitions"),
    "loop.profiles": ("fold", "read"),
    "loop.channels": ("contract", "email.compose", "email.links", "email.render"),
    "loop.gate": ("question", "packs", "judge", "facts", "verdicts", "door", "lines"),
    "loop.decide.journeys": ("document", "step"),
    "faces": ("api.intake", "desk.live"),
    "project": ("cli", "supervisor", "web"),
}
CHECK = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    if "django" in sys.modules:
        sys.exit(name)
"""
ALIASED = """
from __future__ import annotations
import datetime as d
import time as t
import uuid as u
from datetime import datetime as moment
from django.apps import apps as registry
from django.utils import timezone as zone
"""
CALLS = (
    "moment.now()",
    "d.datetime.utcnow()",
    "d.date.today()",
    "t.time()",
    "zone.now()",
    "u.uuid4()",
    "u.uuid1()",
    'registry.get_model("people", "Person")',
)


def test_pure_modules_load_no_django() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK, *_names()], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("call", CALLS)
def test_clocks_and_ids_outside_core_are_refused_under_any_alias(call: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", "einklang/flow.py", "-"],
        input=f"{ALIASED}\n{call}\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.stdout.count("TID251") == 1


def _names() -> list[str]:
    named = [f"einklang.{room}.{module}" for room, modules in PURE.items() for module in modules]
    rules = (PACKAGE / "loop" / "gate" / "rules").glob("[a-z]*.py")
    return named + [f"einklang.loop.gate.rules.{file.stem}" for file in rules]
