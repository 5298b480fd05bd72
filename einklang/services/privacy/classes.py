"""The classes of records that are kept of people, as `retention.yaml` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from einklang.core.errors import SettingsError
from einklang.core.words import Words

LIST = Path(__file__).with_name("retention.yaml")
TEXTS = ("title", "what", "purpose", "source", "recipients", "basis")
UNTIL_ERASED = Words("Bis Sie die Löschung verlangen", "Until you ask for erasure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """`open`: nobody can name the day yet, as long as an authorisation lives."""

    months: int
    rule: str
    text: Words
    open: bool = False

    def before(self, now: datetime) -> datetime:
        """What was last used before that moment has been kept long enough."""
        return months_later(now, -self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClass:
    """`hidden`: no part of what people are shown of themselves; `after_erasure`: comes to be by an erasure only;
    `review`: when somebody has to look whether it is still needed."""

    name: str
    title: Words
    what: Words
    purpose: Words
    source: Words
    recipients: Words
    basis: Words
    keep: Keep | None
    review: Keep | None
    hidden: bool
    after_erasure: bool

    @property
    def kept(self) -> Words:
        return self.keep.text if self.keep else UNTIL_ERASED

    @property
    def rule(self) -> str:
        return self.keep.rule if self.keep else ""


@cache
def every() -> Mapping[str, RecordClass]:
    """By name, in the order of the list."""
    try:
        found = [_read(entry) for entry in yaml.load(LIST.read_text(), Loader=yaml.CSafeLoader)]
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{LIST.name} is not in order: {error}") from error
    return {each.name: each for each in found}


def named(name: str) -> RecordClass:
    return every()[name]


def months_later(moment: datetime, months: int) -> datetime:
    """The same day of the month, or its last one."""
    count = moment.year * 12 + moment.month - 1 + months
    for day in range(moment.day, moment.day - 4, -1):
        try:
            return moment.replace(year=count // 12, month=count % 12 + 1, day=day)
        except ValueError:
            continue
    raise ValueError(moment)


def _read(entry: Mapping[str, Any]) -> RecordClass:
    texts = {name: Words(**entry[name]) for name in TEXTS}
    return RecordClass(
        name=entry["name"],
        **texts,
        keep=_keep(entry["keep"]) if "keep" in entry else None,
        review=_keep(entry["review"]) if "review" in entry else None,
        hidden=bool(entry.get("hidden")),
        after_erasure=bool(entry.get("after_erasure")),
    )


def _keep(entry: Mapping[str, Any]) -> Keep:
    months = int(entry.get("months", 0)) + 12 * int(entry.get("years", 0))
    return Keep(months=months, rule=entry["rule"], text=Words(**entry["text"]), open=bool(entry.get("open")))
