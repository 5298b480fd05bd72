"""Contact limits, quiet hours and days off of the company: dated, with a reason, and only stricter than the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from einklang.core.errors import Conflict
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.house.rules_form import LABELS, PARAMS, RulesForm, days_off, initial
from einklang.facts.audit import trail
from einklang.facts.people import read
from einklang.loop.gate import overlay, whatif
from einklang.loop.gate.packs import Document
from einklang.ui.text import t

MONTH = timedelta(days=30)
OBJECT = "settings:contact"
NAMES = {param: name for name, param in PARAMS.items()}


@dataclass(frozen=True)
class Version:
    number: int
    valid_from: date
    values: list[tuple[str, str]]
    who: str
    reason: str
    current: bool


@require_http_methods(["GET", "POST"])
@studio_view("studio.settings")
def settings(request: HttpRequest, agent: Agent) -> HttpResponse:
    today = _today(agent)
    counting = overlay.valid_on(today)
    start = initial(counting) | {"version": _latest(), "valid_from": today}
    if request.method == "GET":
        return _shown(request, agent, RulesForm(initial=start, today=today))
    if not agent.may("studio.settings.control"):
        return page(request, agent, "nothing", status=403)
    form = RulesForm(request.POST, today=today)
    if not form.is_valid():
        return _shown(request, agent, form)
    if request.POST.get("act") == "preview":
        seen = whatif.changes(agent.cur, overlay.instead(form.tighten()), agent.now - MONTH)
        return _shown(request, agent, form, preview=seen)
    return _kept(request, agent, form)


def _kept(request: HttpRequest, agent: Agent, form: RulesForm) -> HttpResponse:
    given = form.cleaned_data
    document = overlay.draft(form.tighten(), given["valid_from"])
    try:
        if given["version"] != _latest():
            raise Conflict(OBJECT)
        overlay.tried(document)
        with transaction.atomic():
            old = overlay.versions()[0]["tighten"] if overlay.versions() else {}
            act = trail.Act(
                act="settings.change",
                object=OBJECT,
                who=agent.user.id,
                field=document["pack"]["version"],
                old=old,
                new={"tighten": document["tighten"], "valid_from": document["pack"]["valid_from"]},
                reason=given["reason"],
            )
            trail.write(agent.cur, [act], agent.now)
            overlay.keep(document)
    except Conflict:
        form.add_error(None, _somebody_else())
        seen = request.POST.copy()
        seen["version"] = str(_latest())
        form.data = seen
        return _shown(request, agent, form)
    toast.tell(request, t("Die Regeln gelten in jedem Prozess.", "The rules count in every process."))
    return redirect("studio:settings")


def _shown(request: HttpRequest, agent: Agent, form: RulesForm, preview: whatif.Changes | None = None) -> HttpResponse:
    return page(
        request,
        agent,
        "settings",
        form=form,
        preview=preview,
        versions=_versions(agent),
        holidays=days_off(form.own["holidays"]["value"], agent.now.year),
        year=agent.now.year,
        controls=agent.may("studio.settings.control"),
    )


def _versions(agent: Agent) -> list[Version]:
    """Newest first, with who and why from the audit log."""
    told = {one.field: one for one in trail.listing(agent.cur, limit=100, object=OBJECT)}
    names = read.users(agent.cur, {one.who for one in told.values() if one.who})
    counting = overlay.valid_on(_today(agent))
    return [_version(each, told.get(each["pack"]["version"]), names, counting) for each in overlay.versions()]


def _version(document: Document, told: trail.Entry | None, names: Any, counting: Document | None) -> Version:
    head = document["pack"]
    who = names.get(told.who) if told else None
    return Version(
        number=int(head["version"].partition(".")[0]),
        valid_from=date.fromisoformat(head["valid_from"]),
        values=_values(document),
        who=who.name if who else "",
        reason=told.reason if told else "",
        current=document is counting,
    )


def _values(document: Document) -> list[tuple[str, str]]:
    known = set(overlay.own_holidays())
    found = []
    for rule, params in document["tighten"].items():
        for param, value in params.items():
            label = t(*LABELS[NAMES[rule, param]])
            extra = ", ".join(each for each in value if each not in known) if param == "holidays" else str(value)
            found.append((label, extra))
    return found


def _today(agent: Agent) -> date:
    return agent.now.astimezone(timezone.get_current_timezone()).date()


def _latest() -> int:
    found = overlay.versions()
    return int(found[0]["pack"]["version"].partition(".")[0]) if found else 0


def _somebody_else() -> str:
    return t(
        "Jemand anderes hat die Regeln inzwischen geändert; unten steht die neue Fassung. Ihre Eingaben sind noch da.",
        "Somebody else has changed the rules meanwhile; the new version is below. Your entries are still here.",
    )
