from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from einklang.core.errors import BadToken, InputError, NotFound
from einklang.faces.api.rest import paging, shapes
from einklang.faces.api.rest.frame import ApiToken, caller
from einklang.faces.api.rest.problems import Outdated
from einklang.facts.people import browse, correct, lock, read
from einklang.facts.people.read import PersonCard
from einklang.services.privacy import rights

router = Router(tags=["people"])
NOTHING = ("", "Name at least one field with its new value.")
CHANGED = "Somebody else has changed this person. Read it again and decide anew."
Limit = Annotated[int, Query(ge=1, le=paging.MOST)]


@router.get("/people", response=shapes.People, auth=ApiToken("people:read"), operation_id="list_people")
def listing(
    request: HttpRequest, limit: Limit = 50, cursor: paging.Cursor = None, profession: str | None = None
) -> dict[str, object]:
    call = caller(request)
    beyond = paging.beyond(cursor)
    if beyond and beyond not in read.cards(call.cur, [beyond]):
        raise BadToken("cursor")
    rows = browse.listing(call.cur, call.now, limit=limit + 1, profession=profession, beyond=beyond)
    return paging.cut(rows, limit)


@router.get("/people/{uuid:person}", response=shapes.Person, auth=ApiToken("people:read"), operation_id="get_person")
def one(request: HttpRequest, response: HttpResponse, person: UUID) -> PersonCard:
    card = _card(request, person)
    response["ETag"] = f'"{correct.seen(card)}"'
    return card


@router.patch(
    "/people/{uuid:person}", response=shapes.Corrected, auth=ApiToken("people:write"), operation_id="correct_person"
)
def change(request: HttpRequest, person: UUID, body: shapes.Correction) -> dict[str, object]:
    call = caller(request)
    changes = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    if not changes:
        raise InputError(*NOTHING)
    lock.hold(call.cur, [_card(request, person).id])
    wanted = request.headers.get("If-Match", "*").strip('"')
    if wanted not in ("*", correct.seen(_card(request, person))):
        raise Outdated(CHANGED)
    changed = rights.correct(call.cur, person=person, changes=changes, by=None, now=call.now)
    if changed:
        call.note("person.corrected", f"person:{person}", {"fields": list(changed)})
    return {"id": person, "changed": changed}


def known(request: HttpRequest, person: UUID) -> UUID:
    return _card(request, person).id


def _card(request: HttpRequest, person: UUID) -> PersonCard:
    found = read.cards(caller(request).cur, [person])
    if person not in found:
        raise NotFound(f"There is no person {person}.")
    return found[person]
