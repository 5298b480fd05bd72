"""The torture in short: two minutes, always the same faults. `make torture` takes longer and other seeds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.playing import FOREIGN
from tests.torture.plan import FAULTS, plan

SEED, MINUTES = 20261123, 2


def test_the_same_seed_brings_the_same_faults_and_every_kind_of_them() -> None:
    faults = list(plan(SEED, MINUTES * 60))
    assert faults == list(plan(SEED, MINUTES * 60)) != list(plan(SEED + 1, MINUTES * 60))
    assert {each.kind for each in faults} == FAULTS.keys()
    assert [each.at for each in faults] == sorted(each.at for each in faults)


@pytest.mark.slow
def test_a_house_that_is_tortured_keeps_its_history_whole() -> None:
    command = [sys.executable, "-m", "tests.torture", "--minutes", str(MINUTES), "--seed", str(SEED), "--people", "30"]
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing is missing, nothing is there twice." in done.stdout
