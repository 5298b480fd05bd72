"""Who I am here and how safe that is: second factor, and the sessions that are open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.login.required import is_required
from einklang.facts.people import factors
from einklang.facts.people.models import User
from einklang.ui.access import needs
from einklang.ui.text import t

BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Session:
    id: int
    device: str
    began: datetime
    seen: datetime
    current: bool


@require_safe
@needs("account.own")
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    kinds: dict[str, list[Authenticator]] = {}
    for each in Authenticator.objects.filter(user=user).order_by("created_at"):
        kinds.setdefault(each.type, []).append(each)
    passkeys = [(each.pk, each.wrap().name, each.last_used_at) for each in kinds.get("webauthn", [])]
    unused = [len(each.wrap().get_unused_codes()) for each in kinds.get("recovery_codes", [])]
    return render(
        request,
        "login/account.html",
        {
            "app": kinds.get("totp", [None])[0],
            "passkeys": passkeys,
            "codes": unused[0] if unused else None,
            "required": is_required(user),
            "sessions": _sessions(request, user),
        },
    )


@require_POST
@needs("account.own")
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """One session by its number, or all but this one."""
    user, own = cast(User, request.user), request.session.session_key or ""
    number = request.POST.get("session", "")
    if number.isdecimal():
        found = UserSession.objects.filter(user=user, id=number).exclude(session_key=own).first()
        if found:
            found.end()
        count = int(found is not None)
    else:
        count = factors.end_sessions(user.id, but=[own])
    messages.success(request, t(f"{count} Sitzungen beendet.", f"{count} sessions ended."))
    return redirect("mfa_index")


def device(agent: str) -> str:
    """Browser and system, as the browser names itself. No place: nobody asks where somebody sits."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if re.search(sign, agent)), "")
    return " · ".join(filter(None, (browser, system))) or t("Unbekanntes Gerät", "Unknown device")


def _sessions(request: HttpRequest, user: User) -> list[Session]:
    own = request.session.session_key
    return [
        Session(each.id, device(each.user_agent), each.created_at, each.last_seen_at, each.session_key == own)
        for each in factors.sessions(user.id)
    ]
