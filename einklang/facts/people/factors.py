"""What proves who somebody is: second factors, and the sessions that are open."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def having(users: Iterable[UUID]) -> dict[UUID, set[str]]:
    """User → kinds of second factors; recovery codes alone are none."""
    found: dict[UUID, set[str]] = {}
    rows = Authenticator.objects.filter(user_id__in=list(users), type__in=STRONG).values_list("user_id", "type")
    for user, kind in rows:
        found.setdefault(user, set()).add(kind)
    return found


def forget(user: UUID) -> int:
    """Who lost phone and codes begins anew at the next login."""
    return int(Authenticator.objects.filter(user_id=user).delete()[0])


def sessions(user: UUID) -> list[UserSession]:
    """Those that still count, the last seen first."""
    found = UserSession.objects.filter(user_id=user).order_by("-last_seen_at")
    return [session for session in found if session.exists()]


def end_sessions(user: UUID, *, but: Collection[str] = ()) -> int:
    """All of them, except those whose keys are named. Returns how many ended."""
    ending = [each for each in UserSession.objects.filter(user_id=user) if each.session_key not in but]
    for session in ending:
        session.end()
    return len(ending)
