"""Contact pressure: how often and when. A rule answers with the first moment that it would allow."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from einklang.loop.gate.outcome import NOT_ASKED, PASS, Check, Outcome, Params, moment, not_before
from einklang.loop.gate.question import Facts, Question

HOLIDAY = re.compile(r"(?:easter(?P<days>[+-]\d+)|before (?P<weekday>\d) (?P<before>[\d-]+)|(?P<on>\d\d-\d\d)) .+")
SUNDAY = 6
MONTHS = {"monthly": 1, "quarterly": 3}


def limit_over_all_channels(question: Question, facts: Facts, params: Params) -> Outcome:
    if not facts["contacts"]:
        return PASS
    window = timedelta(days=params["days"])
    recent = [at for at, _ in _contacts(facts) if question.at - window < at <= question.at]
    if len(recent) < params["max"]:
        return PASS
    return not_before(recent[len(recent) - params["max"]] + window, max=params["max"], days=params["days"])


def limit_of_mails_a_month(question: Question, facts: Facts, params: Params) -> Outcome:
    mails = [at for at, channel in _contacts(facts) if channel == question.channel]
    until = _next_period(question.at, mails, params["max"], _zone(params["zone"]))
    return not_before(until, max=params["max"]) if until else PASS


def own_wish(question: Question, facts: Facts, params: Params) -> Outcome:
    """A pause until a day, a message a month over all channels, a contact in a while by this one.

    What has taken place may be reported, whatever was wished meanwhile.
    """
    wish = facts["wish"]
    if question.act == "visit" and facts["given"].get("products") is not None:
        return NOT_ASKED
    if wish is None:
        return PASS
    pause = wish["paused_until"] if question.act == "send" or wish.get("pause_visits") else None
    if pause is not None and question.at < moment(pause):
        return not_before(moment(pause))
    until = _wished(question, facts, _zone(params["zone"]))
    return not_before(until) if until else PASS


def _wished(question: Question, facts: Facts, zone: ZoneInfo) -> datetime | None:
    wish, contacts = facts["wish"], _contacts(facts)
    here = [at for at, channel in contacts if channel == question.channel]
    limits = [(wish.get("channels", {}).get(question.channel), here)]
    if question.act == "send":
        limits.append((wish["frequency"], [at for at, _ in contacts]))
    waiting = [(MONTHS[often], met) for often, met in limits if often in MONTHS]
    moments = (_next_period(question.at, met, 1, zone, months=months) for months, met in waiting)
    return max(filter(None, moments), default=None)


def allowed_hours(question: Question, facts: Facts, params: Params) -> Outcome:
    """Opening hours in the local time of the person, not on Sundays and not on the holidays of her Land."""
    local = question.at.astimezone(_zone(params["zone"]))
    opens, closes = _clock(params["from"]), _clock(params["until"])
    land = (facts["person"] or {}).get("land") or ""
    day = local.date()
    if opens <= local.time() < closes and _working(day, land, params["holidays"]):
        return PASS
    day += timedelta(days=0 if local.time() < opens else 1)
    while not _working(day, land, params["holidays"]):
        day += timedelta(days=1)
    return not_before(datetime.combine(day, opens, local.tzinfo))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def holiday(entry: str, year: int) -> date:
    """`10-03 Name`, `easter+39 Name`, or `before 2 11-23 Name`: the last Wednesday (Monday is 0) before the date."""
    found = HOLIDAY.match(entry)
    if found is None:
        raise ValueError(f"not a holiday: {entry!r}")
    if found["days"]:
        return easter(year) + timedelta(days=int(found["days"]))
    day = date.fromisoformat(f"{year}-{found['before'] or found['on']}")
    if found["weekday"] is None:
        return day
    return day - timedelta(days=(day.weekday() - int(found["weekday"]) - 1) % 7 + 1)


@lru_cache(maxsize=256)
def _free_days(holidays: tuple[str, ...], land: str, year: int) -> frozenset[date]:
    """An entry names its Länder after a colon; an unknown Land keeps all of them."""
    state = land.removeprefix("DE-")
    kept = (entry for entry in holidays if not state or ":" not in entry or state in entry.partition(":")[2].split())
    return frozenset(holiday(entry, year) for entry in kept)


def _contacts(facts: Facts) -> list[tuple[datetime, str]]:
    return sorted((moment(at), channel) for at, channel in facts["contacts"])


def _next_period(
    at: datetime, contacts: list[datetime], most: int, zone: ZoneInfo, *, months: int = 1
) -> datetime | None:
    """When the next month (quarter) begins, if this one has had its contacts."""
    if len(contacts) < most:
        return None
    month = at.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    begin = month.replace(month=month.month - (month.month - 1) % months)
    if sum(begin <= contact <= at for contact in contacts) < most:
        return None
    return (begin + timedelta(days=32 * months)).replace(day=1)


def _working(day: date, land: str, holidays: tuple[str, ...]) -> bool:
    return day.weekday() != SUNDAY and day not in _free_days(holidays, land, day.year)


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=8)
def _clock(text: str) -> time:
    return time.fromisoformat(text)


RULES: dict[str, Check] = {
    "AUR-CAP-01": limit_over_all_channels,
    "AUR-CAP-02": limit_of_mails_a_month,
    "AUR-WISH-01": own_wish,
    "AUR-TIME-01": allowed_hours,
}
