"""The company's own packs in its home: the one that it begins with, and the settings with which it tightens it.

Every version is a file of its own that is never changed, so that a stored verdict can always be judged again.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from einklang.core import settings
from einklang.core.errors import Conflict
from einklang.loop.gate import packs
from einklang.loop.gate.packs import Document

SETTINGS = "settings"


def company(legal_entity: str, name: str) -> Document:
    """The contact rules that a new company begins with: those of the model company, under its own name."""
    document: dict[str, Any] = copy.deepcopy(dict(packs.read(packs.HERE / f"{settings.MODEL}.yaml")))
    document["pack"] |= {"id": legal_entity, "legal_entity": legal_entity}
    for rule in document["rules"]:
        rule["source"] = rule["source"].replace("Aurelia Pharma", name)
    return document


def own() -> Document:
    """The company's pack as it is without settings: what they may only tighten."""
    entity = settings.get().legal_entity
    found = packs.current().documents.values()
    return next(one for one in found if one["pack"].get("legal_entity") == entity and one["rules"])


def own_holidays() -> list[str]:
    """The days off that stand in the company's pack."""
    params = (rule.get("params", {}) for rule in own()["rules"])
    return [day for param in params if "holidays" in param for day in param["holidays"]["value"]]


def versions() -> list[Document]:
    """The settings that were ever made, the newest first."""
    found = [one for one in packs.current().documents.values() if one["pack"]["id"] == _id()]
    return sorted(found, key=lambda one: _number(one), reverse=True)


def draft(tighten: Mapping[str, Mapping[str, Any]], valid_from: date) -> Document:
    """Raises PackError where a value would loosen."""
    head = {
        "id": _id(),
        "version": f"{_number(versions()[0]) + 1 if versions() else 1}.0.0",
        "valid_from": valid_from.isoformat(),
        "extends": own()["pack"]["extends"],
        "legal_entity": settings.get().legal_entity,
    }
    return {"pack": head, "rules": [], "tighten": {rule: dict(values) for rule, values in tighten.items()}}


def tried(document: Document) -> packs.Packs:
    """All packs with this one, judged by nobody yet."""
    packs.check(document, "settings")
    return packs.build([*packs.current().documents.values(), document], settings.get().legal_entity)


def keep(document: Document) -> Path:
    """Every process takes it with its next question. Raises Conflict where this version is there already."""
    folder = settings.get().home / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    head = document["pack"]
    place = folder / f"{head['id']}-{_number(document):06}.yaml"
    draft_of = folder / f".{place.name}.{os.getpid()}"
    draft_of.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120))
    try:
        os.link(draft_of, place)
    except FileExistsError as error:
        raise Conflict(f"{head['id']} {head['version']} is there already.") from error
    finally:
        draft_of.unlink()
    return place


def instead(tighten: Mapping[str, Mapping[str, Any]]) -> packs.Packs:
    """All packs as if these settings had always been the only ones."""
    begin = date.fromisoformat(own()["pack"]["valid_from"])
    others = [one for one in packs.current().documents.values() if one["pack"]["id"] != _id()]
    return packs.build([*others, draft(tighten, begin)], settings.get().legal_entity)


def valid_on(day: date) -> Document | None:
    """The settings of that day."""
    valid = [one for one in versions() if one["pack"]["valid_from"] <= day.isoformat()]
    return max(valid, key=lambda one: (one["pack"]["valid_from"], _number(one)), default=None)


def _id() -> str:
    return f"{settings.get().legal_entity}-{SETTINGS}"


def _number(document: Document) -> int:
    return int(document["pack"]["version"].partition(".")[0])
