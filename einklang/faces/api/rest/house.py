"""Contents, journeys and orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from einklang.core.errors import BadToken, NotFound
from einklang.faces.api.rest import paging, shapes
from einklang.faces.api.rest.frame import ApiToken, Caller, caller
from einklang.faces.api.rest.people import Limit
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.loop.decide.journeys import store
from einklang.services.orders import read as orders
from einklang.services.orders.read import Order

router = Router(tags=["the house"])
SWITCHES = {"pause": store.pause, "resume": store.resume}
JOURNEY = "/journeys/{uuid:journey}"


@router.get("/contents", response=shapes.Contents, auth=ApiToken("contents:read"), operation_id="list_contents")
def contents(
    request: HttpRequest,
    limit: Limit = 50,
    cursor: paging.Cursor = None,
    kind: str | None = None,
    market: Literal["DE"] = "DE",
) -> dict[str, Any]:
    call = caller(request)
    found = content.listing(call.cur, now=call.now, kinds=[kind] if kind else None, market=market)
    visible = [each for each in found if each.promotional or "medical" not in call.hidden]
    if beyond := paging.beyond(cursor):
        last = _newness(_version(call, beyond))
        visible = [each for each in visible if _newness(each) < last]
    return paging.cut(visible[: limit + 1], limit)


@router.get("/journeys", response=shapes.Journeys, auth=ApiToken("journeys:read"), operation_id="list_journeys")
def journeys(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_journey(each) for each in store.listing(caller(request).cur)]}


@router.get(JOURNEY, response=shapes.JourneyNow, auth=ApiToken("journeys:read"), operation_id="get_journey")
def journey(request: HttpRequest, journey: UUID) -> dict[str, Any]:
    call = caller(request)
    row = _row(call, journey)
    outlook = store.outlook(call.cur, journey)
    waiting = {"people": outlook.people, "messages": outlook.messages, "suggestions": outlook.suggestions}
    return _journey(row) | waiting


@router.post(
    JOURNEY + "/{act}", response=shapes.Journey, auth=ApiToken("journeys:write"), operation_id="switch_journey"
)
def switch(request: HttpRequest, journey: UUID, act: Literal["pause", "resume"]) -> dict[str, Any]:
    call = caller(request)
    before = _row(call, journey).state
    SWITCHES[act](call.cur, journey, call.now)
    after = _row(call, journey)
    if after.state != before:
        call.note(f"journey.{act}", f"journey:{journey}", {"state": after.state})
    return _journey(after)


@router.get("/orders", response=shapes.Orders, auth=ApiToken("orders:read"), operation_id="list_orders")
def all_orders(
    request: HttpRequest, limit: Limit = 50, cursor: paging.Cursor = None, state: str | None = None
) -> dict[str, Any]:
    call = caller(request)
    beyond = paging.beyond(cursor)
    if beyond and orders.get(call.cur, beyond) is None:
        raise BadToken("cursor")
    return paging.cut(orders.listing(call.cur, state=state, beyond=beyond, limit=limit + 1), limit)


@router.get("/orders/{uuid:order}", response=shapes.Order, auth=ApiToken("orders:read"), operation_id="get_order")
def order(request: HttpRequest, order: UUID) -> Order:
    found = orders.get(caller(request).cur, order)
    if found is None:
        raise NotFound(f"There is no order {order}.")
    return found


def _version(call: Caller, version: UUID) -> Version:
    found = content.versions(call.cur, [version])
    if version not in found:
        raise BadToken("cursor")
    return found[version]


def _newness(version: Version) -> tuple[datetime, str]:
    return version.valid_from, version.slug


def _row(call: Caller, journey: UUID) -> store.Row:
    found = store.listing(call.cur, journey)
    if not found:
        raise NotFound(f"There is no journey {journey}.")
    return found[0]


def _journey(row: store.Row) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": row.key,
        "title": row.title.en,
        "state": row.state,
        "version": row.version,
        "number": row.number,
        "published_at": row.published_at,
    }
