"""In which order a kind of content is signed, from `workflows.yaml`."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

import yaml

from einklang.core.errors import SettingsError
from einklang.facts.people.roles import INFORMATION_OFFICER, LEGAL_REVIEWER, MEDICAL_REVIEWER

Stages = tuple[tuple[str, ...], ...]

ROLES = (MEDICAL_REVIEWER, LEGAL_REVIEWER, INFORMATION_OFFICER)
FILE = Path(__file__).with_name("workflows.yaml")


def stages(kind: str) -> Stages:
    known = _all()
    return known.get(kind, known["default"])


def open_roles(kind: str, signed: Collection[str]) -> tuple[str, ...]:
    """Who may sign now; nobody when all have."""
    for stage in stages(kind):
        if waiting := tuple(role for role in stage if role not in signed):
            return waiting
    return ()


def read(text: str) -> dict[str, Stages]:
    """Raises `SettingsError` for a workflow in which somebody is missing or the information officer is not the last."""
    found = {kind: tuple(tuple(stage) for stage in order) for kind, order in yaml.safe_load(text).items()}
    for kind, order in found.items():
        named = [role for stage in order for role in stage]
        if sorted(named) != sorted(ROLES) or order[-1] != (INFORMATION_OFFICER,):
            raise SettingsError(f"The workflow of {kind} must name {', '.join(ROLES)}, each once, the last one alone.")
    return found


@cache
def _all() -> dict[str, Stages]:
    return read(FILE.read_text())
