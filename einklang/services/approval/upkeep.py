"""What time does to contents: they expire, and their Fachinformation changes. The worker asks once a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.facts.audit import trail
from einklang.facts.content import library, read, renewal
from einklang.facts.people import roles
from einklang.facts.products import smpc
from einklang.services.approval import acts, duties

WARN_DAYS = (90, 30, 7)
TOLD = (roles.MARKETING, roles.INFORMATION_OFFICER)


def keep(cur: Cursor, now: datetime) -> None:
    warn(cur, now)
    ask_again(cur, now)


def warn(cur: Cursor, now: datetime) -> int:
    """A task at each threshold; the one of the threshold before is settled by it. Returns how many are new."""
    wanted = []
    for version, end in library.ending(cur, now):
        days = min(days for days in WARN_DAYS if end - now <= timedelta(days=days))
        wanted += [
            duties.Wanted(kind=duties.EXPIRY, role=role, key=str(days), version=version, due_at=end) for role in TOLD
        ]
    duties.supersede(cur, wanted, now)
    return duties.add_new(cur, wanted, now)


def ask_again(cur: Cursor, now: datetime) -> dict[UUID, bool]:
    """What stands on an older Fachinformation: version and whether it is withheld meanwhile (DE-INF-01)."""
    asked = renewal.ask(cur, now)
    for version in asked:
        duties.add(cur, duties.RECHECK, [roles.INFORMATION_OFFICER], now, version=version)
    trail.write(
        cur,
        [
            trail.Act(
                act="content.withhold" if withheld else "content.ask_review", object=f"content:{version}", who=None,
                source="worker",
            )
            for version, withheld in asked.items()
        ],
        now,
    )  # fmt: skip
    return asked


def publish_smpc(cur: Cursor, edition: smpc.Edition, *, user: UUID, now: datetime) -> dict[UUID, bool]:
    """A new Fachinformation, and at once what follows for the contents that stand on the one before."""
    number = smpc.publish(cur, edition)
    if edition.therapy_relevant:
        duties.add(cur, duties.INFORM, [roles.INFORMATION_OFFICER], now, product=edition.authorisation, key=str(number))
    asked = ask_again(cur, now)
    told = trail.Act(
        act="smpc.publish", object=f"product:{edition.authorisation}", who=user, field="version", new=number
    )
    trail.write(cur, [told], now)
    return asked


def confirm(cur: Cursor, version: UUID, *, reason: str, user: UUID, now: datetime) -> None:
    """The information officer has held it against the new Fachinformation: it may stay as it is."""
    if not reason.strip():
        raise InputError("reason", *acts.NO_REASON)
    renewal.close(cur, version)
    duties.close(cur, version, now, user=user, kinds=[duties.RECHECK])
    content = read.versions(cur, [version])[version]
    told = trail.Act(
        act="content.confirm",
        object=f"content:{version}",
        who=user,
        field="smpc",
        new=content.review_smpc,
        reason=reason.strip(),
    )
    trail.write(cur, [told], now)
