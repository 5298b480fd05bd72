"""Who reads: a professional with her card, her proof and her permissions, as they are at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import cast

from django.http import HttpRequest

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.facts.consent.status import Status, status
from einklang.facts.content import topics
from einklang.facts.content.topics import Topics
from einklang.facts.people import read as people
from einklang.facts.people.models import User
from einklang.facts.people.read import PersonCard, Verification
from einklang.ui import locale


@dataclass(frozen=True)
class Reader:
    user: User
    card: PersonCard
    verification: Verification | None
    permissions: dict[str, Status]
    now: datetime
    cur: Cursor

    @property
    def tracked(self) -> bool:
        return self.granted("tracking")

    def granted(self, permission: str) -> bool:
        found = self.permissions.get(permission)
        return found is not None and found.state == "granted"

    @property
    def language(self) -> str:
        return locale.current()

    @cached_property
    def topics(self) -> Topics:
        return topics.load(self.cur)

    def topic(self, slug: str) -> str:
        return topics.name(self.topics, slug).in_(self.language)


def load(user: User) -> Reader:
    assert user.person_id is not None
    cur, now, person = cursor(), clock.now(), user.person_id
    return Reader(
        user=user,
        card=people.cards(cur, [person])[person],
        verification=people.verified(cur, [person], now).get(person),
        permissions=status(cur, [person]).get(person, {}),
        now=now,
        cur=cur,
    )


def reader_of(request: HttpRequest) -> Reader | None:
    """For pages that anybody may read: who it is, where somebody is logged in."""
    user = request.user
    known = isinstance(user, User) and user.person_id is not None and user.may("portal.read")
    return load(cast(User, user)) if known else None
