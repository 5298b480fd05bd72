"""What a person decides in the portal, as the acts of `services.privacy`. Each is one transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from einklang.faces.portal.permissions import BY_NAME
from einklang.faces.portal.reader import Reader
from einklang.facts.consent import preferences, wordings
from einklang.facts.consent.wordings import Wording
from einklang.services.privacy import acts, opt_in
from einklang.ui import locale

CONFIRMED = ("email",)  # by a second click in a mail


def shown(reader: Reader) -> dict[str, Wording]:
    """The words that a person agrees to, by permission."""
    return wordings.current_all(reader.cur, [*BY_NAME, "visit", "marketing"], locale.current(), reader.now)


def evidence(request: HttpRequest) -> dict[str, Any]:
    """What proves a consent later: which form, from where (DE-CON-04)."""
    return {
        "form": request.path,
        "ip": request.META.get("REMOTE_ADDR", ""),
        "user_agent": request.headers.get("User-Agent", "")[:300],
    }


def allow(request: HttpRequest, reader: Reader, permission: str, wording: Wording, grade: str | None = None) -> None:
    with transaction.atomic():
        if permission in CONFIRMED:
            opt_in.request(
                reader.cur,
                person=reader.card.id,
                permissions=[permission],
                locale=locale.current(),
                by=reader.user.id,
                evidence=evidence(request),
                now=reader.now,
            )
        else:
            acts.grant(
                reader.cur,
                person=reader.card.id,
                permission=permission,
                grade=grade,
                wording=wording.id,
                evidence=evidence(request),
                now=reader.now,
            )


def withdraw(request: HttpRequest, reader: Reader, permission: str) -> None:
    with transaction.atomic():
        acts.withdraw(
            reader.cur, person=reader.card.id, permission=permission, evidence=evidence(request), now=reader.now
        )


def object_to(request: HttpRequest, reader: Reader, permission: str) -> None:
    with transaction.atomic():
        acts.object_to(
            reader.cur, person=reader.card.id, permission=permission, evidence=evidence(request), now=reader.now
        )


def prefer(reader: Reader, frequency: str, channels: Mapping[str, str]) -> None:
    """A pause that was wished before goes on."""
    _prefer(reader, replace(current(reader), frequency=frequency, channels=channels))


def pause(reader: Reader, until: date | None, *, visits: bool = False) -> None:
    """Nothing before the begin of that day; None ends the pause. `visits`: no visit and no call either."""
    begin = timezone.make_aware(datetime.combine(until, time())) if until else None
    _prefer(reader, replace(current(reader), paused_until=begin, pause_visits=visits))


def current(reader: Reader) -> preferences.Preference:
    return preferences.read(reader.cur, [reader.card.id]).get(reader.card.id, preferences.Preference())


def _prefer(reader: Reader, wish: preferences.Preference) -> None:
    with transaction.atomic():
        acts.prefer(reader.cur, person=reader.card.id, preference=wish, now=reader.now)
