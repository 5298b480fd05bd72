"""Names under which other systems tell events, and the kinds of ours that they are read as."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.journeys.words import event
from einklang.faces.studio.mapping import words
from einklang.facts.audit import trail
from einklang.facts.people import read as people
from einklang.loop.interactions import kinds, mapped, mapping
from einklang.loop.interactions.mapping import Made, Name, Preview
from einklang.ui import locale
from einklang.ui.components import Bar
from einklang.ui.text import t

ACT, CONTROL = "studio.mapping", "studio.mapping.control"


@dataclass(frozen=True)
class Field:
    """A property of ours and where it comes from."""

    name: str
    label: str
    hint: str
    required: bool
    source: str


@dataclass(frozen=True)
class Chosen:
    """What was asked for: a kind and, for each of its properties, one of theirs."""

    kind: str
    fields: list[Field]

    @property
    def renames(self) -> dict[str, str]:
        return {each.source: each.name for each in self.fields if each.source and each.source != each.name}


@require_safe
@studio_view(ACT)
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    made = mapping.made(agent.cur)
    known = {(each.source, each.name) for each in made}
    names = mapping.names(agent.cur, agent.now)
    users = people.users(agent.cur, {each.by for each in made})
    return page(
        request,
        agent,
        "mapping",
        unmapped=[(each, _short(each.name)) for each in names if (each.source, each.name) not in known],
        made=[(each, _short(each.name), event(each.kind), _renames(each), users.get(each.by)) for each in made],
        controls=agent.may(CONTROL),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view(ACT)
def name(request: HttpRequest, agent: Agent, key: int, slug: str) -> HttpResponse:
    told = mapping.name(agent.cur, f"key:{key}", kinds.CUSTOM + slug, agent.now)
    seen = mapping.properties(agent.cur, told, agent.now)
    post = request.method == "POST"
    chosen = _chosen(request.POST if post else request.GET, told, seen)
    if not post:
        return _shown(request, agent, told, seen, chosen)
    if not agent.may(CONTROL):
        raise PermissionDenied
    if _doubled(chosen):
        return _shown(request, agent, told, seen, chosen, status=400)
    try:
        return _kept(request, agent, told, chosen)
    except InputError as error:
        language = locale.current()
        said = f"{speak(error.rule, language)} {speak(error.way_out, language)}"
        return _shown(request, agent, told, seen, chosen, said=said, status=400)
    except Conflict:
        messages.warning(request, t("Jemand hat diesen Namen schon zugeordnet.", "Somebody has mapped this name."))
        return redirect("studio:mapping")


@require_POST
@studio_view(CONTROL)
def undo(request: HttpRequest, agent: Agent, made: int) -> HttpResponse:
    try:
        with transaction.atomic():
            undone = mapping.undo(agent.cur, made, agent.now)
            old = {"kind": undone.kind, "renames": undone.renames}
            _write(agent, "mapping.undo", made, field=undone.name, old=old)
    except Conflict:
        messages.warning(request, t("Diese Zuordnung ist schon aufgehoben.", "This mapping is undone already."))
    else:
        said = t("Die Ereignisse heißen wieder, wie sie gemeldet wurden.", "The events are read as they were told.")
        toast.tell(request, said)
    return redirect("studio:mapping")


def _kept(request: HttpRequest, agent: Agent, told: Name, chosen: Chosen) -> HttpResponse:
    with transaction.atomic():
        made = mapping.create(agent.cur, told, chosen.kind, chosen.renames, by=agent.user.id, now=agent.now)
        new = {"kind": chosen.kind, "renames": chosen.renames}
        _write(agent, "mapping.create", made, field=told.name, new=new)
    said = t("Zugeordnet. Die Profile werden neu berechnet.", "Mapped. The profiles are being worked out again.")
    toast.tell(request, said, undo=reverse("studio:mapping-undo", kwargs={"made": made}))
    return redirect("studio:mapping")


def _write(agent: Agent, act: str, made: int, **more: Any) -> None:
    trail.write(agent.cur, [trail.Act(act=act, object=f"mapping:{made}", who=agent.user.id, **more)], agent.now)


def _shown(
    request: HttpRequest,
    agent: Agent,
    told: Name,
    seen: list[str],
    chosen: Chosen,
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    return page(
        request,
        agent,
        "mapping_name",
        status=status,
        told=told,
        short=_short(told.name),
        seen=seen,
        chosen=chosen,
        options=[(each, event(each)) for each in mapped.targets(is_server=told.is_server)],
        made=_made(agent, told),
        said=said or _doubled(chosen),
        controls=agent.may(CONTROL),
        **_preview(agent, told, chosen),
    )


def _chosen(given: Map[str, str], told: Name, seen: list[str]) -> Chosen:
    """Until somebody chooses, a property of ours comes from theirs of the same name."""
    kind = given.get("kind", "")
    if kind not in mapped.targets(is_server=told.is_server):
        return Chosen("", [])
    required = kinds.kind(kind).required
    fields = []
    for each in words.properties(kind):
        source = given.get(each, each if each in seen else "")
        fields.append(
            Field(each, words.label(each), words.hint(kind, each), each in required, source if source in seen else "")
        )
    return Chosen(kind, fields)


def _doubled(chosen: Chosen) -> str:
    sources = [each.source for each in chosen.fields if each.source]
    if len(set(sources)) == len(sources):
        return ""
    return t(
        "Zwei Angaben kommen aus demselben Feld. Wählen Sie für jede ein eigenes.",
        "Two properties come from the same field. Choose one of its own for each.",
    )


def _preview(agent: Agent, told: Name, chosen: Chosen) -> dict[str, Any]:
    if not chosen.kind or _doubled(chosen):
        return {"preview": None}
    seen: Preview = mapping.preview(agent.cur, told, chosen.kind, chosen.renames, agent.now)
    return {
        "preview": seen,
        "bar": Bar(value=seen.become, total=max(1, seen.tried)),
        "becomes": event(chosen.kind),
        "refused": [(words.reason(*why), number) for why, number in seen.refused.most_common()],
    }


def _made(agent: Agent, told: Name) -> Made | None:
    return next(
        (each for each in mapping.made(agent.cur) if (each.source, each.name) == (told.source, told.name)), None
    )


def _renames(made: Made) -> list[tuple[str, str]]:
    return [(theirs, words.label(ours)) for theirs, ours in sorted(made.renames.items())]


def _short(name: str) -> str:
    return name.removeprefix(kinds.CUSTOM)
