"""Contents, journeys, orders and the requests of people."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from einklang.core.errors import NotFound
from einklang.faces.api.rest import shapes
from einklang.faces.api.rest.frame import ApiToken, Caller, caller
from einklang.facts.content import read as content
from einklang.loop.decide.journeys import store
from einklang.services.orders import read as orders
from einklang.services.orders.read import Order
from einklang.services.privacy import cases
from einklang.services.privacy.cases import Case

router = Router(tags=["the house"])
SWITCHES = {"pause": store.pause, "resume": store.resume}
Most = Annotated[int, Query(ge=1, le=1000)]
JOURNEY = "/journeys/{uuid:journey}"


@router.get("/contents", response=shapes.Contents, auth=ApiToken("contents:read"), operation_id="list_contents")
def contents(request: HttpRequest, kind: str | None = None, market: Literal["DE"] = "DE") -> dict[str, Any]:
    """The versions that are frozen and valid now, the newest first."""
    call = caller(request)
    found = content.listing(call.cur, now=call.now, kinds=[kind] if kind else None, market=market)
    return {"items": [each for each in found if each.promotional or "medical" not in call.hidden]}


@router.get("/journeys", response=shapes.Journeys, auth=ApiToken("journeys:read"), operation_id="list_journeys")
def journeys(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_journey(each) for each in store.listing(caller(request).cur)]}


@router.get(JOURNEY, response=shapes.JourneyNow, auth=ApiToken("journeys:read"), operation_id="get_journey")
def journey(request: HttpRequest, journey: UUID) -> dict[str, Any]:
    """With how many people and messages are on their way."""
    call = caller(request)
    row = _row(call, journey)
    outlook = store.outlook(call.cur, journey)
    waiting = {"people": outlook.people, "messages": outlook.messages, "suggestions": outlook.suggestions}
    return _journey(row) | waiting


@router.post(
    JOURNEY + "/{act}", response=shapes.Journey, auth=ApiToken("journeys:write"), operation_id="switch_journey"
)
def switch(request: HttpRequest, journey: UUID, act: Literal["pause", "resume"]) -> dict[str, Any]:
    """Done twice is done once."""
    call = caller(request)
    before = _row(call, journey).state
    SWITCHES[act](call.cur, journey, call.now)
    after = _row(call, journey)
    if after.state != before:
        call.note(f"journey.{act}", f"journey:{journey}", {"state": after.state})
    return _journey(after)


@router.get("/orders", response=shapes.Orders, auth=ApiToken("orders:read"), operation_id="list_orders")
def all_orders(request: HttpRequest, state: str | None = None, limit: Most = 100) -> dict[str, Any]:
    """Oldest first, as a warehouse works."""
    return {"items": orders.listing(caller(request).cur, state=state, limit=limit)}


@router.get("/orders/{uuid:order}", response=shapes.Order, auth=ApiToken("orders:read"), operation_id="get_order")
def order(request: HttpRequest, order: UUID) -> Order:
    found = orders.get(caller(request).cur, order)
    if found is None:
        raise NotFound(f"There is no order {order}.")
    return found


@router.get("/requests", response=shapes.Cases, auth=ApiToken("requests:read"), operation_id="list_requests")
def requests(request: HttpRequest, state: Literal["open", "closed"] | None = None, limit: Most = 100) -> dict[str, Any]:
    """For access, correction and erasure: the most urgent first."""
    return {"items": cases.listing(caller(request).cur, state=state, limit=limit)}


@router.get("/requests/{uuid:case}", response=shapes.Case, auth=ApiToken("requests:read"), operation_id="get_request")
def case(request: HttpRequest, case: UUID) -> Case:
    return cases.get(caller(request).cur, case)


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
