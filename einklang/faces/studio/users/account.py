"""One account: name, roles, territories, proofs, sessions, and who changed what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.users import pages as list_of_users
from einklang.faces.studio.users import words
from einklang.faces.studio.users.forms import AccountForm, HouseForm, ProofForm, Reasoned, TerritoryForm
from einklang.facts.audit import trail
from einklang.facts.people import factors, read, staffing, users
from einklang.facts.people.roles import REP
from einklang.facts.people.users import Account, By
from einklang.loop.gate.system_mail import NotReleased
from einklang.services.accounts import acts as accounts
from einklang.ui import locale
from einklang.ui.text import t

LOGGED = 50
Act = Callable[[Agent, UUID, Any], None]


@require_http_methods(["GET", "POST"])
@studio_view("studio.users")
def detail(request: HttpRequest, agent: Agent, user: UUID) -> HttpResponse:
    account = users.get(agent.cur, user)
    forms = _forms(agent, account)
    if request.method == "POST":
        if not agent.may("studio.users.control"):
            return page(request, agent, "nothing", status=403)
        act = request.POST.get("act", "")
        if act not in ACTS:
            return HttpResponseBadRequest()
        forms = _forms(agent, account, {ACTS[act][0]: request.POST})
        if _done(request, agent, account, act, forms[ACTS[act][0]]):
            return redirect("studio:user", user=user)
    return _shown(request, agent, users.get(agent.cur, user), forms)


def _done(request: HttpRequest, agent: Agent, account: Account, act: str, form: HouseForm) -> bool:
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            ACTS[act][1](agent, account.id, {**form.cleaned_data, **_hidden(request), "form": form})
    except InputError as error:
        form.refuse(error)
    except NotReleased as error:
        form.add_error(None, speak(error.args[0], locale.current()))
    except Conflict:
        form.add_error(None, _somebody_else())
        seen = request.POST.copy()
        seen["version"] = str(users.get(agent.cur, account.id).version)
        form.data = seen
    else:
        undo = UNDO.get(act)
        fields = {"act": undo, "reason": t("Zurückgenommen", "Taken back")} if undo else {}
        fields |= {"version": str(users.get(agent.cur, account.id).version)} | _numbers(request)
        toast.tell(request, words.act(DONE[act]), undo=request.path if undo else "", fields=fields)
        return True
    return False


def _shown(request: HttpRequest, agent: Agent, account: Account, forms: dict[str, HouseForm]) -> HttpResponse:
    entries = trail.listing(agent.cur, limit=LOGGED, object=f"user:{account.id}")
    names = read.users(agent.cur, {one.who for one in entries if one.who})
    strong = factors.having([account.id]).get(account.id, set())
    de, en, mark, icon = list_of_users.STATES[list_of_users.state(account)]
    return page(
        request,
        agent,
        "user",
        account=account,
        state=(t(de, en), mark, icon),
        roles=[(words.role(role), t(*words.ROLES[role][1])) for role in account.roles],
        controls=agent.may("studio.users.control"),
        is_rep=REP in account.roles,
        territories=staffing.assignments(agent.cur, [account.id]),
        proofs=[(each, t(*each.label)) for each in staffing.proofs(agent.cur, [account.id])],
        factor=words.factor(strong),
        has_factor=bool(strong),
        invited=list_of_users.state(account) == "invited",
        sessions=len(factors.sessions(account.id)),
        entries=[(one, words.act(one.act), _name(names, one.who)) for one in entries],
        forms=forms,
    )


def _forms(agent: Agent, account: Account, posted: dict[str, Any] | None = None) -> dict[str, HouseForm]:
    data = posted or {}
    today = agent.now.date()
    about = {"name": account.name, "locale": account.locale, "roles": account.roles, "version": account.version}
    return {
        "account": AccountForm(data.get("account"), initial=about, prefix=None),
        "territory": TerritoryForm(
            data.get("territory"),
            auto_id="territory_%s",
            initial={"since": today},
            territories=staffing.territories(agent.cur),
        ),
        "proof": ProofForm(data.get("proof"), auto_id="proof_%s", initial={"since": today}),
        "plain": Reasoned(data.get("plain"), auto_id="plain_%s"),
    }


def _by(agent: Agent, given: dict[str, Any]) -> By:
    return By(agent.user.id, given["reason"])


def _change(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    by, version = _by(agent, given), given["version"]
    users.give_roles(agent.cur, user, given["roles"], version=version, by=by, now=agent.now)
    version = users.get(agent.cur, user).version
    users.rename(agent.cur, user, given["name"], given["locale"], version=version, by=by, now=agent.now)


def _assign(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    since, until = _period(given)
    staffing.assign(
        agent.cur, user, UUID(given["territory"]), since=since, until=until, by=_by(agent, given), now=agent.now
    )


def _unassign(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    staffing.end(agent.cur, user, given["number"], until=agent.now, by=_by(agent, given), now=agent.now)


def _reassign(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    staffing.reopen(agent.cur, user, given["number"], by=_by(agent, given), now=agent.now)


def _qualify(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    since, until = _period(given)
    staffing.qualify(agent.cur, user, given["kind"], since=since, until=until, by=_by(agent, given), now=agent.now)


def _expire(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    staffing.expire(agent.cur, user, given["number"], until=agent.now, by=_by(agent, given), now=agent.now)


def _deactivate(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    users.deactivate(agent.cur, user, version=given["seen"], by=_by(agent, given), now=agent.now)


def _reactivate(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    users.reactivate(agent.cur, user, version=given["seen"], by=_by(agent, given), now=agent.now)


def _end_sessions(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    count = factors.end_sessions(user)
    users.note(agent.cur, "user.sessions", user, _by(agent, given), agent.now, new=count)


def _forget_factor(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    factors.forget(user)
    factors.end_sessions(user)
    users.note(agent.cur, "user.factor", user, _by(agent, given), agent.now)


def _invite(agent: Agent, user: UUID, given: dict[str, Any]) -> None:
    accounts.invite_again(agent.cur, user, _by(agent, given), agent.now)


def _period(given: dict[str, Any]) -> tuple[datetime, datetime | None]:
    form = given["form"]
    return form.moment("since"), form.moment("until")


def _hidden(request: HttpRequest) -> dict[str, int]:
    """What stands in the form beside the fields: which row, and which version of the account was seen."""
    return {
        name: int(request.POST[key]) for name, key in (("number", "number"), ("seen", "version")) if _is(request, key)
    }


def _numbers(request: HttpRequest) -> dict[str, str]:
    return {"number": request.POST["number"]} if _is(request, "number") else {}


def _is(request: HttpRequest, key: str) -> bool:
    return request.POST.get(key, "").isdecimal()


def _name(names: dict[UUID, read.UserCard], who: UUID | None) -> str:
    return names[who].name if who in names else t("Einrichtung", "Set-up")


def _somebody_else() -> str:
    return t(
        "Jemand anderes hat dieses Konto inzwischen geändert. Oben steht der neue Stand, Ihre Eingaben sind noch da.",
        "Somebody else has changed this account meanwhile. The new state is shown above, your entries are still here.",
    )


ACTS: dict[str, tuple[str, Act]] = {
    "change": ("account", _change),
    "assign": ("territory", _assign),
    "unassign": ("plain", _unassign),
    "reassign": ("plain", _reassign),
    "qualify": ("proof", _qualify),
    "expire": ("plain", _expire),
    "deactivate": ("plain", _deactivate),
    "reactivate": ("plain", _reactivate),
    "sessions": ("plain", _end_sessions),
    "factor": ("plain", _forget_factor),
    "invite": ("plain", _invite),
}
DONE = {
    "change": "user.roles",
    "assign": "user.assign",
    "unassign": "user.unassign",
    "reassign": "user.assign",
    "qualify": "user.qualify",
    "expire": "user.disqualify",
    "deactivate": "user.deactivate",
    "reactivate": "user.reactivate",
    "sessions": "user.sessions",
    "factor": "user.factor",
    "invite": "user.invite",
}
UNDO = {"unassign": "reassign", "deactivate": "reactivate", "reactivate": "deactivate"}
