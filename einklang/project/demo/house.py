"""The demo's own house: when accounts were made and changed, who is invited, who left, and stricter rules to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from einklang.core.pg import Cursor
from einklang.facts.audit import trail
from einklang.facts.people import users
from einklang.facts.people.models import User
from einklang.facts.people.users import By
from einklang.loop.gate import overlay
from einklang.project.demo.cast import COMPANY

NEXT_YEAR = date(2027, 1, 1)
STRICTER: dict[str, dict[str, int | str]] = {"AUR-CAP-01": {"max": 3}, "AUR-TIME-01": {"from": "10:00"}}
YEARS = timedelta(days=710)


def write(cur: Cursor, administrator: UUID, now: datetime) -> None:
    _accounts(cur, administrator, now)
    _rules(cur, administrator, now - timedelta(days=9))


def _accounts(cur: Cursor, administrator: UUID, now: datetime) -> None:
    begin = now - YEARS
    User.objects.filter(person=None).update(created_at=begin)
    staff = list(User.objects.filter(person=None).order_by("email"))
    trail.write(cur, [_made(user, administrator) for user in staff], begin)
    left = _new(cur, "Bernd Kaiser", "rep", by=administrator, reason="Außendienst Nord", now=begin)
    users.deactivate(
        cur, left, version=1, by=By(administrator, "Ausgeschieden zum Quartalsende"), now=now - timedelta(days=50)
    )
    _new(cur, "Mara Lind", "marketing", by=administrator, reason="Beginnt im Dezember", now=now - timedelta(days=2))


def _new(cur: Cursor, name: str, role: str, *, by: UUID, reason: str, now: datetime) -> UUID:
    email = f"{name.lower().replace(' ', '.')}@{COMPANY}"
    return users.create(
        cur, email=email, name=name, roles=[role], password=make_password(None), by=By(by, reason), now=now
    )


def _made(user: User, administrator: UUID) -> trail.Act:
    return trail.Act(
        act="user.create",
        object=f"user:{user.id}",
        who=administrator,
        field="roles",
        new=list(user.roles),
        reason="Einführung von Einklang",
    )


def _rules(cur: Cursor, administrator: UUID, now: datetime) -> None:
    """They count after the story."""
    if overlay.versions():
        return
    document = overlay.draft(STRICTER, NEXT_YEAR)
    told = trail.Act(
        act="settings.change",
        object="settings:contact",
        who=administrator,
        field=document["pack"]["version"],
        old={},
        new={"tighten": document["tighten"], "valid_from": NEXT_YEAR.isoformat()},
        reason="Weniger Kontakte ab 2027, beschlossen im Vertriebskreis",
    )
    trail.write(cur, [told], now)
    overlay.keep(document)
