"""What a mail program or a browser asks for when somebody touches a mail. None of it logs anybody in."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any
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
from einklang.loop.channels.email import letter
from einklang.loop.gate import judge, links, queue
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.gate.queue import Message
from einklang.loop.interactions import log, make
from einklang.services.privacy import acts
from einklang.ui.access import open_to_all
from einklang.ui.text import t

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
HOME = "/"


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
        now = clock.now(cur)
        if request.method == "GET" and (message := _message(cur, link.message)):
            _record(cur, message, "email.opened", source_id=f"{message.id}:opened", properties={}, now=now)
    return HttpResponse(PIXEL, content_type="image/gif")


@never_cache
@require_safe
@open_to_all
def clicked(request: HttpRequest, token: str) -> HttpResponse:
    """On to the portal's page, which asks for the login. A link scanner's HEAD is nobody's click."""
    try:
        link = links.read(token, "click")
    except BadToken:
        return _refused(request)
    with transaction.atomic():
        cur = cursor()
        now = clock.now(cur)
        message = _message(cur, link.message)
        place, properties = _target(cur, message, link.index) if message else (None, {})
        if message and place and request.method == "GET":
            source_id = f"{message.id}:{link.index}:{now.date()}"
            _record(cur, message, "email.clicked", source_id=source_id, properties=properties, now=now)
    return HttpResponseRedirect(place or HOME)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """RFC 8058: a POST without cookies and without a page; a GET shows the portal's page and changes nothing."""
    try:
        link = links.read(token, "stop")
    except BadToken:
        return _refused(request)
    if request.method != "POST":
        return HttpResponseRedirect(links.unsubscribe_path(token))
    with transaction.atomic():
        cur = cursor()
        message = _message(cur, link.message)
        if message and message.person:
            evidence = {"form": "RFC 8058", "message": str(message.id)}
            acts.withdraw(
                cur,
                person=message.person,
                permission="email",
                evidence=evidence,
                now=clock.now(cur),
                channel=message.channel,
            )
    return HttpResponse(t("Sie sind abgemeldet.", "You are unsubscribed."), content_type="text/plain; charset=utf-8")


def _message(cur: Cursor, message: UUID) -> Message | None:
    try:
        return queue.get(cur, message)
    except NotFound:
        return None


def _target(cur: Cursor, message: Message, index: int) -> tuple[str | None, dict[str, Any]]:
    """The portal's place behind a link, and what the click says; None where the text has no such link."""
    version = contents.versions(cur, [message.content])[message.content]
    targets = letter.links(version, MAIN_LOCALE)
    if not 0 <= index < len(targets):
        return None, {}
    target = targets[index]
    found = contents.live(cur, [target.content_slug], clock.now(cur)) if target.content_slug else {}
    topics = [topic for each in found.values() for topic in each.topics] or list(version.topics)
    properties = {"link": target.label, "content_slug": target.content_slug or version.slug, "topics": topics}
    return links.path(target), properties


def _record(
    cur: Cursor, message: Message, kind: str, *, source_id: str, properties: dict[str, Any], now: datetime
) -> None:
    """Only where mail tracking is consented at this moment, whatever the mail was rendered with (DE-TRK-02)."""
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
        source_id=source_id,
        purpose=message.purpose,
        person=message.person,
        content=message.content,
        journey=message.journey,
        message=message.id,
        properties=properties,
    )
    log.record(cur, [act])


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", status=400)
