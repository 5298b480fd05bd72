"""The first act of a company: who it is, where it lives, how it sends mail, and who administrates."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from einklang.core import settings
from einklang.core.errors import InputError
from einklang.project import company_form

FIRST = "Erste Einrichtung"


def known(home: Path) -> dict[str, str]:
    """The answers of the last time."""
    place = home / "company.json"
    told = orjson.loads(place.read_bytes()) if place.exists() else {}
    return {name: str(value) for name, value in told.get("answers", {}).items()}


def keep(home: Path, answers: Mapping[str, str]) -> None:
    """The company's own rule pack first: nothing starts without one."""
    from einklang.loop.gate import overlay

    home.mkdir(parents=True, exist_ok=True)
    _pack(home, overlay.company(answers["legal_entity"], answers["company"]))
    draft = home / f".company.{os.getpid()}"
    draft.write_bytes(orjson.dumps(company_form.document(answers), option=orjson.OPT_INDENT_2))
    draft.replace(home / "company.json")
    settings.get.cache_clear()


def first_administrator(answers: Mapping[str, str], *, source: str, now: datetime) -> UUID:
    """Raises InputError where the password is too weak or the address is taken."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from einklang.core.connection import cursor
    from einklang.facts.people import roles, users
    from einklang.facts.people.models import User

    shown = User(email=answers["admin_email"], name=answers["admin_name"])
    try:
        validate_password(answers["admin_password"], shown)
    except ValidationError as error:
        raise InputError("admin_password", " ".join(error.messages)) from error
    return users.create(
        cursor(),
        email=answers["admin_email"],
        name=answers["admin_name"],
        roles=[roles.ADMINISTRATOR],
        password=make_password(answers["admin_password"]),
        by=users.By(None, FIRST, source),
        now=now,
    )


def _pack(home: Path, document: Mapping[str, Any]) -> None:
    """Once: what stands there may have been cited by a verdict. The model company brings its own."""
    import yaml

    entity = document["pack"]["id"]
    place = home / "packs" / f"{entity}.yaml"
    if entity == settings.MODEL or place.exists():
        return
    place.parent.mkdir(exist_ok=True)
    draft = place.with_suffix(f".{os.getpid()}")
    draft.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120))
    draft.replace(place)
