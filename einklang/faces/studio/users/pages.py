"""Who works here, and what each may do: the list, the invitation, and the report for the periodic review (GXP-08)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from einklang.core.errors import InputError
from einklang.core.words import speak
from einklang.faces.studio import export, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import Filter, Listing
from einklang.faces.studio.users import words as users_words
from einklang.faces.studio.users.forms import InviteForm
from einklang.facts.people import factors, staffing, users
from einklang.facts.people.users import Account, By
from einklang.loop.gate.system_mail import NotReleased
from einklang.services.accounts import acts as accounts
from einklang.ui import locale, numbers
from einklang.ui.text import t

STATES = {
    "active": ("Arbeitet", "At work", "ok", "check"),
    "invited": ("Eingeladen", "Invited", "warn", "hourglass-medium"),
    "inactive": ("Gesperrt", "Deactivated", "", "prohibit"),
}
HEADER = (
    ("Name", "Name"),
    ("E\u2011Mail", "E\u2011mail"),
    ("Zustand", "State"),
    ("Rollen", "Roles"),
    ("Gebiete", "Territories"),
    ("Sachkenntnis bis", "Qualified until"),
    ("Zweiter Faktor", "Second factor"),
    ("Angelegt", "Created"),
    ("Letzte Anmeldung", "Last login"),
)


@dataclass(frozen=True)
class Row:
    account: Account
    state: str
    roles: str
    territories: str
    qualified: str
    factor: str

    @property
    def look(self) -> tuple[str, str, str]:
        de, en, mark, icon = STATES[self.state]
        return t(de, en), mark, icon


@require_safe
@studio_view("studio.users")
def listing(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    shown = Listing(request, agent, _filters())
    wanted = shown.get("zustand")
    found = users.listing(agent.cur, text=shown.get("suche") or "", role=shown.get("rolle") or "")
    rows = [row for row in _rows(agent, found) if not wanted or row.state == wanted]
    if shown.wants_csv:
        header = [t(*words) for words in HEADER]
        with transaction.atomic():
            return export.answer(shown, "access-review", header, list(_review(rows)))
    return page(
        request, agent, "users", list=shown.showing(rows, total=len(rows)), invites=agent.may("studio.users.control")
    )


@require_http_methods(["GET", "POST"])
@studio_view("studio.users.control")
def invite(request: HttpRequest, agent: Agent) -> HttpResponse:
    form = InviteForm(request.POST or None, initial={"locale": "de"})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = _invited(agent, form.cleaned_data)
        except InputError as error:
            form.refuse(error)
        except NotReleased as error:
            form.add_error(None, speak(error.args[0], locale.current()))
        else:
            toast.tell(request, t("Die Einladung ist unterwegs.", "The invitation is on its way."))
            return redirect("studio:user", user=made)
    return page(request, agent, "user_new", form=form)


def state(account: Account) -> str:
    if not account.is_active:
        return "inactive"
    return "active" if account.has_password or account.last_login else "invited"


def _invited(agent: Agent, given: dict[str, Any]) -> UUID:
    about = {name: given[name] for name in ("email", "name", "roles", "locale")}
    return accounts.invite(agent.cur, **about, by=By(agent.user.id, given["reason"]), now=agent.now)


def _filters() -> tuple[Filter, ...]:
    return (
        Filter(name="suche", label=t("Name oder Adresse", "Name or address"), kind="text"),
        Filter(name="rolle", label=t("Rolle", "Role"), options=[(n, users_words.role(n)) for n in users_words.ROLES]),
        Filter(name="zustand", label=t("Zustand", "State"), options=[(n, t(*w[:2])) for n, w in STATES.items()]),
    )


def _rows(agent: Agent, found: Iterable[Account]) -> list[Row]:
    accounts = list(found)
    everybody = [account.id for account in accounts]
    territories, proofs = defaultdict(list), defaultdict(list)
    for assigned in staffing.assignments(agent.cur, everybody):
        if assigned.since <= agent.now and (assigned.until is None or assigned.until > agent.now):
            territories[assigned.user].append(assigned.name)
    for proof in staffing.proofs(agent.cur, everybody):
        if proof.since <= agent.now and (proof.until is None or proof.until > agent.now):
            proofs[proof.user].append(numbers.day(proof.until) if proof.until else t("ohne Ende", "no end"))
    strong = factors.having(everybody)
    return [
        Row(
            account,
            state(account),
            ", ".join(users_words.role(role) for role in account.roles),
            ", ".join(territories[account.id]),
            ", ".join(proofs[account.id]),
            users_words.factor(strong.get(account.id, set())),
        )
        for account in accounts
    ]


def _review(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        account = row.account
        yield (
            account.name,
            account.email,
            row.look[0],
            row.roles,
            row.territories,
            row.qualified,
            row.factor,
            account.created_at.date().isoformat() if account.created_at else "",
            account.last_login.date().isoformat() if account.last_login else "",
        )
