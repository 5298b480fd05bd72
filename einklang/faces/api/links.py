"""What a mail program or a browser asks for when somebody touches a mail. None of it logs anybody in."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.errors import BadToken, NotFound
from einklang.core.pg import Cursor
from einklang.facts.content import read as contents
from einklang.facts.content.blocks import MAIN_LOCALE
from einklang.loop.channels.email import letter, links
from einklang.loop.channels.email.links import MailLink
from einklang.loop.gate import judge, queue
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.gate.queue import Message
from einklang.loop.interactions import log, machines, make
from einklang.loop.interactions.machines import Touch
from einklang.services.privacy import unsubscribe as way_out
from einklang.ui import places
from einklang.ui.access import open_to_all
from einklang.ui.text import t

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
HOME = "/"
MOST_LINKS = 50  # of the last seconds


class Target(NamedTuple):
    """The portal's place behind a link, and what a click on it says."""

    path: str
    properties: dict[str, Any]
    links_of_mail: int


@never_cache
@require_safe
@open_to_all
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The picture comes in any case; only what is signed and consented is recorded."""
    try:
        link = links.read(token, "open")
    except BadToken:
        return HttpResponse(PIXEL, content_type="image/gif")
    with transaction.atomic():
        cur = cursor()
        if message := _message(cur, link.message):
            touch = Touch(sort="open", method=request.method or "", headers=_headers(request))
            _record(cur, message, "email.opened", place="opened", machine=machines.recognise(touch), now=clock.now(cur))
    return HttpResponse(PIXEL, content_type="image/gif")


@never_cache
@require_safe
@open_to_all
def clicked(request: HttpRequest, token: str) -> HttpResponse:
    """On to the portal's page, which asks for the login."""
    try:
        link = links.read(token, "click")
    except BadToken:
        return _refused(request)
    with transaction.atomic():
        cur = cursor()
        now = clock.now(cur)
        message = _message(cur, link.message)
        target = _target(cur, message, link, now) if message else None
        if message and target:
            machine = machines.recognise(_click(cur, request, message, target, now))
            place, told = f"{link.index}:{now.date()}", target.properties
            _record(cur, message, "email.clicked", place=place, machine=machine, properties=told, now=now)
    return HttpResponseRedirect(target.path if target else HOME)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST without cookies and without a page; a GET shows the portal's page and changes nothing."""
    try:
        if request.method != "POST":
            links.read(token, "stop")
            return HttpResponseRedirect(places.UNSUBSCRIBE.path(token))
        with transaction.atomic():
            cur = cursor()
            stopped = way_out.unsubscribe(cur, token, evidence={"form": "RFC 8058"}, now=clock.now(cur))
    except BadToken:
        return _refused(request)
    if not stopped:
        told = t("Zu diesem Link kennen wir niemanden mehr.", "We know nobody any more whom this link is about.")
        return HttpResponse(told, status=410, content_type="text/plain; charset=utf-8")
    return HttpResponse(t("Sie sind abgemeldet.", "You are unsubscribed."), content_type="text/plain; charset=utf-8")


def _message(cur: Cursor, message: UUID) -> Message | None:
    try:
        return queue.get(cur, message)
    except NotFound:
        return None


def _target(cur: Cursor, message: Message, link: MailLink, now: datetime) -> Target | None:
    """None where the text has no such link."""
    version = contents.versions(cur, [message.content])[message.content]
    targets = letter.links(version, link.locale if link.locale in version.body else MAIN_LOCALE)
    if not 0 <= link.index < len(targets):
        return None
    target = targets[link.index]
    if (path := links.path(target)) is None:
        return None
    found = contents.live(cur, [target.content_slug], now) if target.content_slug else {}
    topics = [topic for each in found.values() for topic in each.topics] or list(version.topics)
    properties = {"link": target.label, "content_slug": target.content_slug or version.slug, "topics": topics}
    return Target(path, properties, len(targets))


def _click(cur: Cursor, request: HttpRequest, message: Message, target: Target, now: datetime) -> Touch:
    """With how many other links of this mail were asked for a moment ago."""
    since = now - timedelta(seconds=machines.BURST_SECONDS)
    persons = [message.person] if message.person else []
    history = log.person_history(cur, persons, kinds=["email.clicked"], since=since, limit=MOST_LINKS)
    asked = {each.properties.get("link") for each in history if each.message == message.id}
    return Touch(
        sort="click",
        method=request.method or "",
        headers=_headers(request),
        links=len(asked | {target.properties["link"]}),
        links_of_mail=target.links_of_mail,
    )


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _record(
    cur: Cursor,
    message: Message,
    kind: str,
    *,
    place: str,
    machine: str | None,
    now: datetime,
    properties: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Only where mail tracking is consented at this moment, whatever the mail was rendered with (DE-TRK-02). What a
    machine does is kept beside what she does, never instead of it."""
    if message.person is None:
        return
    recipient = Recipient("person", message.person)
    question = Question(
        "record",
        recipient,
        message.channel,
        message.purpose,
        permission="mail_tracking",
        content=message.content,
        at=now,
    )
    if not judge.ask_only(cur, [question])[0].yes:
        return
    act = make.interaction(
        kind,
        now=now,
        source="mail",
        source_id=f"{message.id}:{place}:machine" if machine else f"{message.id}:{place}",
        purpose=message.purpose,
        person=message.person,
        content=message.content,
        journey=message.journey,
        message=message.id,
        properties=dict(properties) | ({"machine": machine} if machine else {}),
        is_machine=machine is not None,
    )
    log.record(cur, [act])


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", status=400)
