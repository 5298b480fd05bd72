"""What happened and what waits: interactions by position, messages."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from einklang.core.errors import BadToken, NotFound
from einklang.faces.api.rest import paging, shapes, telling
from einklang.faces.api.rest.frame import ApiToken, Caller, caller
from einklang.faces.api.rest.people import Limit
from einklang.loop.decide import disclosure
from einklang.loop.gate import browse, queue
from einklang.loop.gate.queue import Message
from einklang.loop.interactions import log
from einklang.loop.interactions.types import Entry

router = Router(tags=["what happened"])
Position = Annotated[int, Query(ge=0, le=2**62)]
State = Literal["planned", "held", "sending", "sent", "delivered", "failed", "withheld", "uncertain"]


@router.get(
    "/interactions", response=shapes.Interactions, auth=ApiToken("interactions:read"), operation_id="list_interactions"
)
def interactions(
    request: HttpRequest, after: Position = 0, limit: Limit = 50, person: UUID | None = None
) -> dict[str, Any]:
    call = caller(request)
    found = log.read(call.cur, after=after, limit=limit, person=person)
    visible = [each for each in found if _visible(call, each)]
    return {"items": visible, "after": found[-1].pos if found else after}


@router.post(
    "/interactions",
    response={201: shapes.Recorded},
    auth=ApiToken("interactions:write"),
    operation_id="record_interactions",
)
def record(request: HttpRequest, body: shapes.Happened) -> Status[dict[str, Any]]:
    return Status(201, telling.record(caller(request), body.items))


@router.get("/messages", response=shapes.Messages, auth=ApiToken("messages:read"), operation_id="list_messages")
def messages(
    request: HttpRequest,
    limit: Limit = 50,
    cursor: paging.Cursor = None,
    state: State | None = None,
    person: UUID | None = None,
) -> dict[str, Any]:
    call = caller(request)
    beyond = paging.beyond(cursor)
    if beyond and queue.find(call.cur, beyond) is None:
        raise BadToken("cursor")
    wanted = {"state": state, "person": person, "beyond": beyond}
    page = paging.cut(browse.listing(call.cur, limit=limit + 1, **wanted), limit)
    return page | {"items": [each for each in page["items"] if _visible(call, each)]}


@router.get(
    "/messages/{uuid:message}", response=shapes.Message, auth=ApiToken("messages:read"), operation_id="get_message"
)
def message(request: HttpRequest, message: UUID) -> Message:
    call = caller(request)
    found = queue.get(call.cur, message)
    if not _visible(call, found):
        raise NotFound(f"There is no message {message}.")
    return found


def _visible(call: Caller, told: Entry | Message) -> bool:
    if "medical" in call.hidden and disclosure.confidential(told.purpose, told.unit):
        return False
    return told.purpose not in call.hidden
