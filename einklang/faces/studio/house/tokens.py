"""Tokens with which other systems use the API: who has one, a new one shown once, one taken back at once.

Time is real time here: no demo moves the end of a token."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from einklang.core import clock, ids
from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.house.tokens_form import TokenForm
from einklang.facts.people import read as people
from einklang.services.tokens import tokens
from einklang.services.tokens.scopes import SCOPES
from einklang.services.tokens.tokens import Listed
from einklang.ui import locale, proof
from einklang.ui.text import t

STATES = {
    "valid": ("gilt", "valid", "ok", "check"),
    "expired": ("abgelaufen", "expired", "", "clock"),
    "revoked": ("zurückgenommen", "taken back", "hold", "hand-palm"),
}


@require_safe
@studio_view("studio.tokens")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = tokens.listing(agent.cur)
    makers = people.users(agent.cur, {each.created_by for each in found if each.created_by})
    rows = [_row(each, makers[each.created_by].name if each.created_by else "") for each in found]
    return page(request, agent, "tokens", rows=rows, controls=agent.may("studio.tokens.control"))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("proof", "credential")
@studio_view("studio.tokens.control")
def create(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The answer to the form is the only page that ever shows the token: it is kept nowhere, not even in the session.
    The form names the token's id, so that a second click makes no second one."""
    if request.method != "POST":
        return _ask(request, agent, TokenForm(initial={"token": ids.new(), "days": tokens.DAYS}))
    form, fault = TokenForm(request.POST), ""
    if form.is_valid():
        try:
            return page(request, agent, "token_made", **_made(request, agent, form.cleaned_data))
        except InputError as error:
            fault = form.refuse_or_tell(error)
        except Conflict as error:
            form.add_error(None, speak(error.args[0], locale.current()))
    return _ask(request, agent, form, fault)


@require_POST
@studio_view("studio.tokens.control")
def revoke(request: HttpRequest, agent: Agent, token: UUID) -> HttpResponse:
    try:
        with transaction.atomic():
            name = tokens.revoke(agent.cur, token, by=agent.user.id, now=clock.real_now())
    except Conflict as error:
        messages.warning(request, speak(error.args[0], locale.current()))
    else:
        toast.tell(request, t(f"Das Token „{name}“ gilt nicht mehr.", f"The token “{name}” is not valid any more."))
    return redirect("studio:tokens")


def _made(request: HttpRequest, agent: Agent, given: dict[str, Any]) -> dict[str, Any]:
    """Whether it was made already is looked at first: a code of her app is spent by the first click."""
    if tokens.exists(agent.cur, given["token"]):
        raise Conflict(tokens.MADE)
    proof.check(request, request.POST.get(proof.FIELD, ""), request.POST.get("credential", ""))
    about = {name: given[name] for name in ("name", "scopes", "token")}
    with transaction.atomic():
        _, secret = tokens.create(agent.cur, **about, days=int(given["days"]), by=agent.user.id, now=clock.real_now())
    return {"secret": secret, "system": given["name"], "place": request.build_absolute_uri("/api/v1/")}


def _ask(request: HttpRequest, agent: Agent, form: TokenForm, fault: str = "") -> HttpResponse:
    passkey = proof.passkey_options(agent.user)
    return page(request, agent, "token_new", form=form, passkey=passkey, proof_error=fault)


def _row(token: Listed, maker: str) -> dict[str, Any]:
    state = token.state(clock.real_now())
    de, en, mark, icon = STATES[state]
    may = [(scope, SCOPES[scope].words.in_(locale.current())) for scope in token.scopes if scope in SCOPES]
    look = {"word": t(de, en), "mark": mark, "icon": icon}
    return {"token": token, "maker": maker, "may": may, "valid": state == "valid", **look}
