"""Who works here: a rep, with her own territory and nobody else's people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.facts.people import read as people
from einklang.facts.people import territory, viewer
from einklang.facts.people.models import User
from einklang.facts.people.read import PersonCard
from einklang.ui.access import needs

UNDO = "desk.undo"  # in the session: what the page after an act offers to take back
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Rep:
    user: User
    cur: Cursor
    now: datetime
    territory: frozenset[UUID]
    undo: dict[str, str] | None = None

    @property
    def midnight(self) -> datetime:
        return timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def today(self) -> date:
        return self.midnight.date()

    def person(self, person: UUID) -> PersonCard:
        """Somebody of another territory does not exist here."""
        if person not in self.territory:
            raise Http404
        return people.cards(self.cur, [person])[person]


def rep_view(act: str = "desk.open") -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @needs(act)
        @wraps(view)
        @never_cache
        @login_required
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            user = cast(User, request.user)
            if not user.may(act):
                raise PermissionDenied
            rep = load(user, _offered(request))
            with viewer.seen_by(rep.cur, "rep", user.id, rep.now):
                return view(request, rep, **kwargs)

        return guarded

    return decorate


def _offered(request: HttpRequest) -> dict[str, str] | None:
    """Shown once, by a whole page."""
    whole = request.method == "GET" and "X-Requested-With" not in request.headers
    return request.session.pop(UNDO, None) if whole else None


def load(user: User, undo: dict[str, str] | None = None) -> Rep:
    cur = cursor()
    now = clock.now(cur)
    return Rep(user, cur, now, frozenset(territory.persons(cur, user.id, now)), undo)
