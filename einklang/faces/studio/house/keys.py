"""Keys with which other systems write to the log: whose there are, and taking one back at once."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from einklang.core.errors import Conflict
from einklang.faces.studio import toast, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.facts.audit import trail
from einklang.loop.interactions import keys
from einklang.ui.text import t


@require_safe
@studio_view("studio.keys")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = [(each, t(*words.PURPOSES[each.purpose])) for each in keys.listing(agent.cur)]
    return page(request, agent, "keys", keys=found, controls=agent.may("studio.keys.control"))


@require_POST
@studio_view("studio.keys.control")
def revoke(request: HttpRequest, agent: Agent, key: int) -> HttpResponse:
    try:
        with transaction.atomic():
            name = keys.revoke(agent.cur, key, agent.now)
            act = trail.Act(act="key.revoke", object=f"key:{key}", who=agent.user.id, field="name", old=name)
            trail.write(agent.cur, [act], agent.now)
    except Conflict:
        messages.warning(request, t("Dieser Schlüssel gilt schon nicht mehr.", "This key is not valid any more."))
    else:
        toast.tell(request, t(f"Der Schlüssel „{name}“ gilt nicht mehr.", f"The key “{name}” is not valid any more."))
    return redirect("studio:keys")
