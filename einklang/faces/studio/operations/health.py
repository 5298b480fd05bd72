"""Is it well? How far each consumer is behind, who holds readers back, and where messages stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from einklang.core import settings
from einklang.core.pg import Cursor
from einklang.faces.studio import words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.loop.gate import mail_domain, pace, queue
from einklang.loop.interactions import consumers, pulse
from einklang.loop.interactions.pulse import Beat
from einklang.ui import locale, numbers
from einklang.ui.components import Chart, Mark, Series
from einklang.ui.text import t

LATE = timedelta(minutes=1)
CHARTED = timedelta(hours=24)
STEP = timedelta(minutes=30)
KEYS = ("", "third", "fourth", "fifth", "quiet")
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
    messages = queue.counts(cur)
    return {
        "ok": all(lag.seconds < LATE.total_seconds() for lag in lags) and not messages.get("uncertain"),
        "consumers": [lag._asdict() for lag in lags],
        "messages": messages,
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
    found = health(agent.cur, agent.now)
    states = [(words.state(name), found["messages"].get(name, 0)) for name in words.STATES]
    return page(
        request,
        agent,
        "health",
        ok=found["ok"],
        lags=[{**each, "waited": timedelta(seconds=each["seconds"])} for each in found["consumers"]],
        late=LATE.total_seconds(),
        blocking=next((each["blocking_pid"] for each in found["consumers"] if each["blocking_pid"]), None),
        states=states,
        total=sum(found["messages"].values()),
        mail=mail(agent.cur, agent.now),
        chart=_chart(pulse.read(agent.cur, _start(agent.now), STEP), agent.now),
        **_sizes(agent.cur),
    )


def _start(now: datetime) -> datetime:
    return (now - CHARTED).replace(minute=0, second=0, microsecond=0)


def _chart(beats: Sequence[Beat], now: datetime) -> Chart | None:
    """A line needs two points."""
    moments = sorted({beat.at for beat in beats})
    if len(moments) < 2:
        return None
    names = sorted({beat.consumer for beat in beats})[: len(KEYS)]
    seconds = {(beat.consumer, beat.at): beat.seconds for beat in beats}
    worst = max(beats, key=lambda beat: beat.seconds)
    span, at = numbers.span(timedelta(seconds=worst.seconds)), numbers.moment(worst.at)
    de, en = "Am weitesten zurück war {name}: {span} am {at}.", "Furthest behind was {name}: {span} on {at}."
    return Chart(
        id="lag",
        title=t("Rückstand in 24 Stunden", "Lag in 24 hours"),
        finding=t(de, en).format(name=worst.consumer, span=span, at=at),
        axis=t("Zeit", "Time"),
        kind="lines",
        unit="\u00a0s",
        digits=1,
        columns=[f"{timezone.localtime(at):%H:%M}" for at in moments],
        series=[
            Series(name=name, values=[seconds.get((name, at)) for at in moments], key=key)  # type: ignore[arg-type]
            for name, key in zip(names, KEYS, strict=False)
        ],
        marks=[Mark(name=t("eine Minute", "one minute"), value=LATE.total_seconds())]
        if worst.seconds > LATE.seconds
        else [],
    )


def _sizes(cur: Cursor) -> dict[str, Any]:
    whole = cur.execute(SIZE).fetchone()
    tables = [(name, int(rows), numbers.number(size / MEGA, 1)) for name, rows, size in cur.execute(SIZES)]
    return {"size": numbers.number((whole[0] if whole else 0) / MEGA, 1), "tables": tables}
