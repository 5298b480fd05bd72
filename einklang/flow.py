"""The loop on one page: read this first.

    channels ─▶ interactions ─▶ profiles ─▶ decide ─▶ gate ─▶ channels

What happened is written to one log (`loop.interactions.log.record`): by the intake, by mail links, by visits and by
orders. From there everything follows in turns. One turn is:

1. **What do we know?**  The profiles fold the log's new entries, in log order.
2. **What next?**        The journeys read the same entries, behind the profiles: people enter, waits end, goals
                         are met. Then the clock is asked: whose timer is due takes the next step.
3. **May we?**           A step that speaks to somebody asks the gate; the answer is stored with its reasons, and only
                         then a message stands in the outbox, planned, withheld or not before a moment.
4. **Out.**              What is due is judged once more and handed to its channel. What went out is an interaction,
                         and the loop begins again.

Each batch is one transaction over effect and checkpoint: a worker that dies in the middle leaves nothing half-done, and
several workers share the work. Nothing else closes the loop: no signals between packages, no imports that point up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

import psycopg
from django.db import transaction

from einklang.bridges.imports import run as imports
from einklang.bridges.imports import upkeep as files_of_imports
from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.audit import checks
from einklang.facts.consent import verify
from einklang.facts.people.errors import LockError
from einklang.loop.channels.contract import Adapter
from einklang.loop.decide.journeys import pausing, stopping, triggers, wake
from einklang.loop.decide.mailings import run as mailings
from einklang.loop.gate import census, pace, tasks
from einklang.loop.interactions import consumers, horizon, lanes, partitions, pulse
from einklang.loop.profiles import consumer as profiles
from einklang.loop.profiles import refold
from einklang.services.approval import upkeep
from einklang.services.privacy import retention

CHAINS = {checks.AUDIT: checks.of_audit, checks.CONSENT: verify.walk}
CONSUMERS = (profiles.CONSUMER, triggers.CONSUMER)

Adapters = Mapping[str, Adapter]


def stations(adapters: Adapters) -> dict[str, Callable[[], int]]:
    """In the order of a turn. Each does a batch and says how many entries, timers or messages that was."""
    return {
        **{consumer.name: partial(consume, consumer) for consumer in CONSUMERS},
        "timers": wake_due,
        "stopping": stop_more,
        "settling": settle_more,
        "mailings": mail_more,
        "outbox": partial(dispatch_due, adapters),
        "imports": bring_in,
        "chains": check_chains,
        "mappings": fold_again,
    }


def consume(consumer: consumers.Consumer) -> int:
    with transaction.atomic():
        cur = cursor()
        return consumers.advance(cur, consumer, clock.now(cur))


def share_lanes(number: int, names: Collection[str]) -> None:
    """The lanes of these consumers in so many ranges, that as many workers can read at once."""
    for consumer in CONSUMERS:
        done = consumer.name not in names
        while not done:
            with transaction.atomic():
                cur = cursor()
                done = lanes.split(cur, consumer, number, clock.now(cur))


def make_room(workers: int) -> None:
    """No fewer ranges of lanes than workers. Joining them again is for people (`einklang lanes split`)."""
    cur = cursor()
    share_lanes(workers, [each.name for each in CONSUMERS if len(lanes.ranges(cur, each.name)) < workers])


def wake_due() -> int:
    with transaction.atomic():
        cur = cursor()
        return wake.advance(cur, clock.now(cur))


def stop_more() -> int:
    """A journey that was stopped lets its people go, some thousands at a time."""
    with transaction.atomic():
        cur = cursor()
        return stopping.advance(cur, clock.now(cur))


def settle_more() -> int:
    """The next messages of a journey that was paused or goes on again."""
    with transaction.atomic():
        cur = cursor()
        return pausing.advance(cur, clock.now(cur))


def mail_more() -> int:
    """The next people of a mailing, or the next messages of one that was stopped."""
    with transaction.atomic():
        cur = cursor()
        return mailings.advance(cur, clock.now(cur))


def bring_in() -> int:
    """The next rows of an import."""
    try:
        with transaction.atomic():
            cur = cursor()
            return imports.advance(cur, clock.now(cur))
    except LockError:  # somebody was erased at this moment: the rows are read anew
        return 1
    except (psycopg.DataError, psycopg.IntegrityError):
        with transaction.atomic():
            imports.give_up(cursor(), clock.now())
        return 1


def check_chains() -> int:
    """The next piece of a walk over a chain that somebody asked for."""
    with transaction.atomic():
        cur = cursor()
        return checks.advance(cur, CHAINS, clock.now(cur))


def fold_again() -> int:
    """Whose events mean something else since a mapping was made or undone, some persons at a time."""
    with transaction.atomic():
        return refold.advance(cursor())


def dispatch_due(adapters: Adapters) -> int:
    return tasks.dispatch(clock.now(), adapters)


def catch_up() -> None:
    """All that is due by now, except that nothing leaves: for a house that was restored."""
    turn: list[Callable[[], int]] = [partial(consume, each) for each in CONSUMERS]
    while any(act() for act in (*turn, wake_due, stop_more, settle_more, mail_more)):
        pass


def seconds_to_next() -> float | None:
    """Until the next timer is due, for whoever wants to sleep meanwhile; None without any."""
    cur = cursor()
    due = wake.next_due(cur)
    return (due - clock.now(cur)).total_seconds() if due else None


def feel_pulse() -> None:
    """Once a minute: how far the followers are behind, for whoever looks at it later."""
    with transaction.atomic():
        cur = cursor()
        pulse.keep(cur, clock.now(cur))


def count_messages() -> None:
    """Once a minute at the most: where there are many, for pages and metrics."""
    with transaction.atomic():
        cur = cursor()
        census.count(cur, clock.now(cur))


def keep_house() -> None:
    """Once in a while: room for the months ahead, source ids older than the horizon go, contents that end are told."""
    with transaction.atomic():
        cur = cursor()
        now = clock.now(cur)
        partitions.ensure_ahead(cur, now)
        horizon.forget(cur, now)
        files_of_imports.keep(cur, now)
        upkeep.keep(cur, now)
        pace.forget(cur, now)
    files_of_imports.empty_again(cur, now)


def check_sender() -> None:
    """Does the DNS still say that we may send for our domain? Asked once a day, after a fault every hour."""
    tasks.check_sender(clock.now())


def forget() -> Iterator[tuple[str, int]]:
    """Once a day: what was kept long enough goes, a chunk at each step."""
    return retention.chunks(clock.now())


def recover(adapters: Adapters) -> int:
    """Settles what a worker that died had left in `sending`."""
    return tasks.recover(clock.now(), adapters)
