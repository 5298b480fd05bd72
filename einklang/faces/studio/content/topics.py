"""What the contents are about: each topic with its names, the specialties that it concerns, and what uses it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

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
from einklang.faces.studio.content import pages
from einklang.faces.studio.content.topic_form import TopicForm, initial
from einklang.facts.audit import trail
from einklang.facts.content import library, topic_book
from einklang.facts.content.topic_book import Entry
from einklang.facts.people import browse
from einklang.loop.decide.journeys import store as journeys
from einklang.loop.decide.mailings import store as mailings
from einklang.ui import locale
from einklang.ui.text import t

ACT, CONTROL = "content.read", "content.edit"
LIVE = ("draft", "scheduled", "running")
STATES = {
    "named": ("Wird angeboten", "On offer", "ok", "check"),
    "unnamed": ("Noch ohne Namen", "No name yet", "warn", "warning"),
    "retired": ("Stillgelegt", "Retired", "", "archive"),
}
Named = tuple[UUID, str]


@dataclass
class Use:
    """Journeys that wait for it, mailings whose segment asks for it."""

    journeys: list[Named] = field(default_factory=list)
    mailings: list[Named] = field(default_factory=list)


@require_safe
@studio_view(ACT)
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    used = _used(agent)
    rows = [(each, _name(each), _state(each), used[each.slug]) for each in topic_book.listing(agent.cur)]
    return page(request, agent, "topics", rows=rows, controls=agent.may(CONTROL))


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view(CONTROL)
def new(request: HttpRequest, agent: Agent) -> HttpResponse:
    form = TopicForm(_specialties(agent), request.POST or None, initial={"slug": request.GET.get("kuerzel", "")})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = topic_book.create(agent.cur, form.cleaned_data["slug"], form.topic)
                _write(agent, "create", made.slug, new=made.told)
        except InputError as error:
            form.refuse(error)
        else:
            said = t("„{name}“ ist angelegt.", "“{name}” is made.").format(name=_name(made))
            _tell(request, said, "topic-drop", made)
            return redirect("studio:topics")
    return page(request, agent, "topic_new", form=form, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view(ACT)
def detail(request: HttpRequest, agent: Agent, topic: str) -> HttpResponse:
    entry = topic_book.get(agent.cur, topic)
    if request.method != "POST":
        return _show(request, agent, entry, TopicForm(_specialties(agent), initial=initial(entry)))
    if not agent.may(CONTROL):
        raise PermissionDenied
    form = TopicForm(_specialties(agent), {**request.POST.dict(), **_ticked(request), "slug": entry.slug})
    if form.is_valid():
        try:
            return _saved(request, agent, entry, form)
        except InputError as error:
            form.refuse(error)
        except Conflict:
            return _show(request, agent, topic_book.get(agent.cur, topic), form, status=409)
    return _show(request, agent, entry, form, status=422)


@require_POST
@studio_view(CONTROL)
def retire(request: HttpRequest, agent: Agent, topic: str) -> HttpResponse:
    said = t("Das Thema wird nicht mehr angeboten.", "The topic is not on offer any more.")
    return _done(request, agent, "retire", topic, do=topic_book.retire, said=said, undo="topic-restore")


@require_POST
@studio_view(CONTROL)
def restore(request: HttpRequest, agent: Agent, topic: str) -> HttpResponse:
    said = t("Das Thema wird wieder angeboten.", "The topic is on offer again.")
    return _done(request, agent, "restore", topic, do=topic_book.restore, said=said, undo="topic-retire")


@require_POST
@studio_view(CONTROL)
def drop(request: HttpRequest, agent: Agent, topic: str) -> HttpResponse:
    """Takes back its making, as long as nobody has changed it."""
    said = t("Das Thema ist wieder weg.", "The topic is gone again.")
    return _done(request, agent, "drop", topic, do=topic_book.drop, said=said)


def _done(
    request: HttpRequest, agent: Agent, act: str, topic: str, *, do: Callable[..., None], said: str, undo: str = ""
) -> HttpResponse:
    revision = request.POST.get("revision", "")
    try:
        with transaction.atomic():
            do(agent.cur, topic, revision=int(revision) if revision.isdecimal() else 0)
            _write(agent, act, topic)
    except Conflict as error:
        messages.warning(request, speak(error.args[0], locale.current()))
    else:
        if undo:
            _tell(request, said, undo, topic_book.get(agent.cur, topic))
        else:
            toast.tell(request, said)
    return redirect("studio:topics")


def _saved(request: HttpRequest, agent: Agent, entry: Entry, form: TopicForm) -> HttpResponse:
    with transaction.atomic():
        kept = topic_book.keep(agent.cur, entry.slug, form.topic, revision=form.cleaned_data["revision"])
        _write(agent, "change", entry.slug, old=entry.told, new=kept.told)
    if entry.revision:
        back = {**initial(entry), "revision": str(kept.revision)}
        toast.tell(request, t("Gespeichert.", "Saved."), undo=reverse("studio:topic", args=[entry.slug]), fields=back)
    else:
        _tell(request, t("Das Thema hat jetzt einen Namen.", "The topic has a name now."), "topic-drop", kept)
    return redirect("studio:topics")


def _show(request: HttpRequest, agent: Agent, entry: Entry, form: TopicForm, *, status: int = 200) -> HttpResponse:
    """With `409` what somebody else has saved stands beside what is in the form."""
    rows = library.rows(agent.cur, topic_book.contents(agent.cur, entry.slug), agent.now)
    borne = [(row, row.title(locale.current()), pages.status(row.status)) for row in rows.values()]
    return page(
        request,
        agent,
        "topic",
        status=status,
        entry=entry,
        title=_name(entry),
        state=_state(entry),
        form=form,
        theirs=entry if status == 409 else None,
        revision=entry.revision if status == 409 else form["revision"].value(),
        borne=sorted(borne, key=lambda each: each[1]),
        used=_used(agent)[entry.slug],
        opens={"journeys": agent.may("studio.journeys"), "mailings": agent.may("studio.mailings")},
        controls=agent.may(CONTROL),
    )


def _used(agent: Agent) -> defaultdict[str, Use]:
    found: defaultdict[str, Use] = defaultdict(Use)
    language = locale.current()
    for running in journeys.running(agent.cur):
        title = running.plan.title_en if language == "en" else running.plan.title_de
        for slug in running.plan.topics:
            if (running.journey, title) not in found[slug].journeys:
                found[slug].journeys.append((running.journey, title))
    for mailing in mailings.listing(agent.cur):
        for slug in mailing.segment.topics if mailing.state in LIVE else ():
            found[slug].mailings.append((mailing.id, mailing.name))
    return found


def _specialties(agent: Agent) -> list[str]:
    """Those of the people whom we know, and those of other topics."""
    of_topics = (name for each in topic_book.listing(agent.cur) for name in each.topic.specialties)
    return sorted({*browse.known(agent.cur, "specialty"), *of_topics})


def _ticked(request: HttpRequest) -> dict[str, Any]:
    return {"specialties": request.POST.getlist("specialties")}


def _name(entry: Entry) -> str:
    return entry.topic.name.in_(locale.current())


def _state(entry: Entry) -> tuple[str, str, str]:
    """Word, tone and icon."""
    key = "retired" if entry.retired else "named" if entry.revision else "unnamed"
    de, en, tone, icon = STATES[key]
    return t(de, en), tone, icon


def _tell(request: HttpRequest, said: str, undo: str, entry: Entry) -> None:
    back = reverse(f"studio:{undo}", args=[entry.slug])
    toast.tell(request, said, undo=back, fields={"revision": str(entry.revision)})


def _write(agent: Agent, act: str, topic: str, **more: Any) -> None:
    """The last thing in a transaction."""
    trail.write(
        agent.cur, [trail.Act(act=f"topic.{act}", object=f"topic:{topic}", who=agent.user.id, **more)], agent.now
    )
