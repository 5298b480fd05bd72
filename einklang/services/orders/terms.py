"""The law's numbers for samples, as the rule packs of a market hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from einklang.core.clock import ZONE
from einklang.core.errors import NotAllowed
from einklang.core.words import Words
from einklang.loop.gate import packs
from einklang.loop.gate.rules import samples

NO_PACK = Words("Für dieses Land gibt es kein Regelwerk.", "There is no rule pack for this country.")


@dataclass(frozen=True, slots=True)
class Terms:
    max_units: int
    window: str
    count_key: str
    label: str
    years_after_expiry: int
    years_after_record: int

    def window_start(self, now: datetime) -> date:
        """The first day that still counts: what was ordered on 10 March is free again on 10 March."""
        today = now.astimezone(ZONE).date()
        if self.window == "calendar_year":
            return today.replace(month=1, day=1)
        return date.fromordinal(a_year_before(today).toordinal() + 1)

    def free_again(self, ordered: datetime) -> date:
        day = ordered.astimezone(ZONE).date()
        if self.window == "calendar_year":
            return date(day.year + 1, 1, 1)
        return a_year_after(day)

    def retain_until(self, recorded: date, expiry: date) -> date:
        years = {"after_expiry": self.years_after_expiry, "after_record": self.years_after_record}
        return samples.retain_until(recorded, expiry, **years)


def of(market: str, now: datetime) -> Terms:
    chain = packs.current().chain(market, now)
    if chain is None:
        raise NotAllowed(NO_PACK)
    params = {rule: chain.rules[rule].params for rule in ("DE-SAM-03", "DE-SAM-04", "DE-SAM-06", "DE-SAM-12")}
    return Terms(
        max_units=params["DE-SAM-03"]["max_units"],
        window=params["DE-SAM-03"]["window"],
        count_key=params["DE-SAM-04"]["count_key"],
        label=params["DE-SAM-06"]["label"],
        years_after_expiry=params["DE-SAM-12"]["after_expiry"],
        years_after_record=params["DE-SAM-12"]["after_record"],
    )


def a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return date(day.year - 1, 2, 28)


def a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)
