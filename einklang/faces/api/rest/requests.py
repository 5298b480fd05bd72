"""Requests of people for access, correction and erasure, also those that came by another system."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from einklang.core.errors import BadToken, Conflict, NotFound
from einklang.core.words import Words
from einklang.faces.api.rest import paging, shapes
from einklang.faces.api.rest.frame import ApiToken, Caller, caller
from einklang.faces.api.rest.people import Limit, known
from einklang.services.privacy import cases
from einklang.services.privacy.cases import Case, Taken

router = Router(tags=["requests"])
ANOTHER = Words("Unter dieser Nummer steht ein anderer Antrag.", "Another request stands under this reference.")


@router.get("/requests", response=shapes.Cases, auth=ApiToken("requests:read"), operation_id="list_requests")
def listing(
    request: HttpRequest,
    limit: Limit = 50,
    cursor: paging.Cursor = None,
    state: Literal["open", "closed"] | None = None,
) -> dict[str, Any]:
    call = caller(request)
    beyond = paging.beyond(cursor)
    if beyond and not _there(call, beyond):
        raise BadToken("cursor")
    return paging.cut(cases.arrived(call.cur, state=state, beyond=beyond, limit=limit + 1), limit)


@router.get("/requests/{uuid:case}", response=shapes.Case, auth=ApiToken("requests:read"), operation_id="get_request")
def one(request: HttpRequest, case: UUID) -> Case:
    return cases.get(caller(request).cur, case)


@router.post(
    "/requests", response={201: shapes.Case}, auth=ApiToken("requests:write"), operation_id="take_down_request"
)
def take_down(request: HttpRequest, body: shapes.Asked) -> Status[Case]:
    call = caller(request)
    case = cases.ask(
        call.cur,
        person=known(request, body.person),
        kind=body.kind,
        wishes=_wishes(body),
        message=body.message,
        token=f"{call.token.id} {body.reference}",
        now=call.now,
        taken=Taken(body.source, body.identity, None, body.received_at or call.now, call.source),
    )
    found = cases.get(call.cur, case)
    if (found.person, found.kind) != (body.person, body.kind):
        raise Conflict(ANOTHER)
    return Status(201, found)


def _wishes(body: shapes.Asked) -> dict[str, str]:
    given = body.wishes.dict(exclude_none=True) if body.wishes else {}
    return given if body.kind == "correction" else {}


def _there(call: Caller, case: UUID) -> bool:
    try:
        cases.get(call.cur, case)
    except NotFound:
        return False
    return True
