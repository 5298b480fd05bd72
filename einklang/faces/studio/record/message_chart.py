"""What became of the messages of the last two weeks, by the day on which they were planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from einklang.core.clock import ZONE
from einklang.core.pg import Cursor
from einklang.faces.studio import groups
from einklang.loop.gate import census
from einklang.ui import numbers
from einklang.ui.components import Chart, Series
from einklang.ui.text import t

DAYS = 14
GROUPS = (
    (("sent", "delivered"), ("gesendet", "sent"), ""),
    (("planned", "held", "sending"), ("wartet", "waiting"), "third"),
    (("withheld",), ("zurückgehalten", "withheld"), "held"),
    (("failed",), ("fehlgeschlagen", "failed"), "fourth"),
    (("uncertain",), ("ungewiss", "uncertain"), "fifth"),
)
Counts = Mapping[tuple[date, str], int]


def chart(cur: Cursor, now: datetime, *, named: bool) -> Chart | None:
    """None where there was no message. Who sees no names sees whole fives."""
    days = [now.astimezone(ZONE).date() - timedelta(days=ago) for ago in reversed(range(DAYS))]
    counts = census.by_day(cur, datetime.combine(days[0], time(), ZONE))
    if not counts:
        return None
    return Chart(
        id="messages",
        title=t("Nachrichten in 14 Tagen", "Messages in 14 days"),
        finding=_finding(counts, named=named),
        axis=t("Geplant am", "Planned on"),
        kind="stack",
        columns=[numbers.short_day(day) for day in days],
        series=[
            Series(name=t(*name), values=[_sum(counts, day, states, named=named) for day in days], key=key)  # type: ignore[arg-type]
            for states, name, key in GROUPS
            if any((day, state) in counts for day in days for state in states)
        ],
    )


def _finding(counts: Counts, *, named: bool) -> str:
    total = sum(counts.values())
    withheld = sum(number for (_, state), number in counts.items() if state == "withheld")
    told = {"total": groups.told(total, named=named), "withheld": groups.told(withheld, named=named)}
    return t(
        "{total} geplant, {withheld} davon zurückgehalten.", "{total} planned, {withheld} of them withheld."
    ).format(**told)


def _sum(counts: Counts, day: date, states: tuple[str, ...], *, named: bool) -> int | None:
    return groups.drawn(sum(counts.get((day, state), 0) for state in states), named=named)
