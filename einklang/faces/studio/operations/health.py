"""Is it well? How far each reader is behind, who works, where messages stand, and how the day went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from einklang.core import clock, settings
from einklang.core.pg import Cursor
from einklang.faces.studio import words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.operations import charts, rests
from einklang.faces.studio.record import message_chart
from einklang.loop.gate import census, mail_domain, pace
from einklang.loop.interactions import consumers, lanes, pulse
from einklang.ui import locale, numbers
from einklang.ui.text import t
from einklang.watch import house
from einklang.watch.house import Chore

LATE = charts.LATE
CHORES = {
    "pulse": ("Rückstand festhalten", "Record the lag"),
    "census": ("Nachrichten zählen, wenn es viele sind", "Count messages where there are many"),
    "promises": ("Löschungen neben den Sicherungen vermerken", "Note erasures beside the backups"),
    "house": ("Aufräumen, Platz für kommende Monate", "Tidy up, room for months to come"),
    "sender": ("Absender-Domain im DNS prüfen", "Check the sending domain in the DNS"),
    "backup": ("Sichern", "Back up"),
    "backup drill": ("Sicherung zur Probe einspielen", "Restore a backup for trial"),
    "forget": ("Löschen, was lange genug aufbewahrt ist", "Erase what was kept long enough"),
}
SIZES = """
SELECT c.relname, sum(greatest(part.reltuples, 0))::bigint, sum(pg_total_relation_size(part.oid))::bigint AS size
FROM pg_class c
JOIN LATERAL (SELECT relid FROM pg_partition_tree(c.oid) UNION SELECT c.oid) AS tree (relid) ON true
JOIN pg_class part ON part.oid = tree.relid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
GROUP BY c.relname ORDER BY size DESC LIMIT 8
"""
SIZE = "SELECT pg_database_size(current_database())"
MEGA = 1 << 20


def health(cur: Cursor, now: datetime) -> dict[str, Any]:
    """JSON-ready. `ok`: no consumer is behind for more than a minute, and no message is uncertain."""
    lags = consumers.lag(cur, now)
    seen = census.look(cur)
    return {
        "ok": all(lag.seconds < LATE.total_seconds() for lag in lags) and not seen.states.get("uncertain"),
        "consumers": [lag._asdict() for lag in lags],
        "messages": dict(seen.states),
        "counted_at": seen.at,
    }


def mail(cur: Cursor, now: datetime) -> dict[str, Any]:
    """The domain that we send from, and how fast. `stops`: advertising waits for it."""
    domain = settings.get().mail_domain
    standing = mail_domain.read(cur, domain)
    findings = standing.findings if standing else []
    return {
        "domain": domain,
        "needed": mail_domain.needed(),
        "checked_at": standing.checked_at if standing else None,
        "findings": [(each, each.part.upper(), each.words.in_(locale.current())) for each in findings],
        "stops": mail_domain.stops_bulk(cur, now),
        "caps": pace.caps(cur, now),
        "warm_up_since": pace.warming_up_since(cur),
    }


@require_safe
@studio_view("studio.health")
def view(request: HttpRequest, agent: Agent) -> HttpResponse:
    found, real = health(agent.cur, agent.now), clock.real_now()
    resting = rests.shown(agent)
    beats = pulse.read(agent.cur, charts.start(agent.now), charts.STEP)
    course = (charts.lag(beats), charts.throughput(beats))
    messages = message_chart.chart(agent.cur, agent.now, named=agent.may("studio.messages"))
    states = [(words.state(name), found["messages"].get(name, 0)) for name in words.STATES]
    seen = house.workers(agent.cur)
    return page(
        request,
        agent,
        "health",
        ok=found["ok"] and not resting,
        lags=_lags(agent.cur, found["consumers"]),
        late=LATE.total_seconds(),
        blocking=next((each["blocking_pid"] for each in found["consumers"] if each["blocking_pid"]), None),
        uncertain=found["messages"].get("uncertain", 0),
        sees_messages=agent.may("studio.messages"),
        rests=resting,
        tries=agent.may("studio.messages.control"),
        mail=mail(agent.cur, agent.now),
        states=states,
        counted=real - found["counted_at"] if found["counted_at"] else None,
        charts=[chart for chart in (*course, messages) if chart],
        without_course=course[0] is None,
        workers=[(each, each.lives(real), real - each.started_at, real - each.beat_at) for each in seen],
        at_work=sum(each.lives(real) for each in seen),
        chores=_chores(agent.cur, real),
        **_sizes(agent.cur),
    )


def _lags(cur: Cursor, lags: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """With the number of parts that as many workers can read at once."""
    return [
        {**each, "waited": timedelta(seconds=each["seconds"]), "parts": len(lanes.ranges(cur, each["name"]))}
        for each in lags
    ]


def _chores(cur: Cursor, real: datetime) -> list[tuple[Chore, str, bool, timedelta | None]]:
    return [
        (
            each,
            t(*CHORES.get(each.name, (each.name, each.name))),
            each.late(real),
            real - each.last if each.last else None,
        )
        for each in house.chores(cur)
    ]


def _sizes(cur: Cursor) -> dict[str, Any]:
    whole = cur.execute(SIZE).fetchone()
    tables = [(name, int(rows), numbers.number(size / MEGA, 1)) for name, rows, size in cur.execute(SIZES)]
    return {"size": numbers.number((whole[0] if whole else 0) / MEGA, 1), "tables": tables}
