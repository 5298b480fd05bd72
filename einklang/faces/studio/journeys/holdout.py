"""The hold-out of the house: how many of a hundred no promotional journey takes along, so that its effect is known."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from einklang.core.errors import InputError
from einklang.core.words import speak
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.facts.audit import trail
from einklang.loop.decide.journeys import holdout
from einklang.ui import locale
from einklang.ui.text import t


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("studio.journeys.control")
def view(request: HttpRequest, agent: Agent) -> HttpResponse:
    given, error = request.POST.get("percent", "").strip(), ""
    before = holdout.percent(agent.cur)
    if request.method == "POST":
        late = request.POST.get("before") != str(before)
        try:
            if not late:
                _change(agent, _whole(given))
                toast.tell(request, t("Die Vergleichsgruppe gilt ab jetzt.", "The hold-out counts from now on."))
                return redirect("studio:journey-holdout")
            error = t(
                f"Jemand hat inzwischen {before} Prozent eingestellt. Prüfen Sie Ihre Zahl und speichern Sie erneut.",
                f"Somebody set {before} percent meanwhile. Check your number and save once more.",
            )
        except InputError as wrong:
            error = speak(wrong.rule, locale.current())
    return page(
        request, agent, "journey_holdout", status=422 if error else 200, percent=given if error else before,
        before=before, error=error, most=holdout.MOST,
    )  # fmt: skip


def _whole(given: str) -> int:
    if not given.isascii() or not given.isdigit() or len(given) > 3:
        raise InputError("percent", holdout.WRONG)
    return int(given)


def _change(agent: Agent, percent: int) -> None:
    with transaction.atomic():
        before = holdout.change(agent.cur, percent, agent.user.id, agent.now)
        if before != percent:
            done = trail.Act(
                act="journey.holdout", object="house", who=agent.user.id, field="percent", old=before, new=percent
            )
            trail.write(agent.cur, [done], agent.now)
