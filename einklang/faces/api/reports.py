"""What mail services report (webhooks), read and verified by django-anymail. The same report twice changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from anymail.exceptions import AnymailError
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.facts.people import lock
from einklang.loop.channels.email import reports
from einklang.loop.channels.email.reports import Event, Refusal
from einklang.loop.gate import queue
from einklang.loop.gate import receipts as gate
from einklang.loop.interactions import log, make
from einklang.services.privacy import acts
from einklang.ui.access import open_to_all

if TYPE_CHECKING:
    from django.views import View as Base
else:
    Base = object

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, AnymailError)


class Reports(Base):
    """In place of anymail's signals: everything of one call in one transaction."""

    def post(self, request: HttpRequest) -> HttpResponse:
        self.run_validators(request)  # type: ignore[attr-defined]
        try:
            events: list[Event] = self.parse_events(request)  # type: ignore[attr-defined]
        except UNREADABLE:
            return HttpResponseBadRequest("This report cannot be read.")
        with transaction.atomic():
            cur = cursor()
            apply(cur, events, clock.now(cur))
        return HttpResponse()


class Postmark(Reports, PostmarkTrackingWebhookView):  # type: ignore[misc]
    """HTTP basic authentication."""


class Mailgun(Reports, MailgunTrackingWebhookView):  # type: ignore[misc]
    """Signed with the account's webhook key."""


@csrf_exempt
@open_to_all
def postmark(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, Postmark, "WEBHOOK_SECRET")


@csrf_exempt
@open_to_all
def mailgun(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, Mailgun, "MAILGUN_WEBHOOK_SIGNING_KEY")


def apply(cur: Cursor, events: Sequence[Event], now: datetime) -> None:
    gate.apply(cur, reports.receipts(events, now), now)
    for refusal in reports.refusals(events):
        _withdraw(cur, refusal, now)


def _withdraw(cur: Cursor, refusal: Refusal, now: datetime) -> None:
    """Once for each mail: who consents again is not unsubscribed by a report that comes a second time."""
    message = queue.find(cur, refusal.message)
    if message is None or message.person is None:
        return
    lock.hold(cur, [message.person])
    told = make.interaction(
        f"email.{refusal.said}",
        now=now,
        source="mail",
        source_id=f"{message.id}:{refusal.said}",
        purpose="service",
        person=message.person,
        content=message.content,
        journey=message.journey,
        message=message.id,
        properties={},
    )
    if log.record(cur, [told]):
        evidence = {"form": refusal.said, "message": str(message.id)}
        acts.withdraw(
            cur, person=message.person, permission="email", evidence=evidence, now=now, channel=message.channel
        )


def _answer(request: HttpRequest, reports_of: Any, secret: str) -> HttpResponseBase:
    """Without the secret by which the sender is known there is no such address."""
    if not settings.ANYMAIL.get(secret):
        raise Http404
    answer: HttpResponseBase = reports_of.as_view()(request)
    return answer
