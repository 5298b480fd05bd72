from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from einklang.core.errors import BadToken, NotAllowed, NotFound
from einklang.faces.api.rest import paging, shapes
from einklang.faces.api.rest.frame import ApiToken, Caller, caller
from einklang.faces.api.rest.people import Limit, known
from einklang.faces.api.rest.problems import LOCALE
from einklang.loop.gate import judge, verdicts
from einklang.loop.gate.question import Question, Recipient, Verdict, disclosure
from einklang.loop.gate.verdicts import Stored

router = Router(tags=["verdicts"])
NO_MEDICAL = "This token lacks the scope medical:read."


@router.post("/verdicts/ask", response=shapes.Verdict, auth=ApiToken("verdicts:ask"), operation_id="ask_gate")
def ask(request: HttpRequest, body: shapes.Ask) -> dict[str, Any]:
    call = caller(request)
    if body.purpose in call.hidden:
        raise NotAllowed(NO_MEDICAL)
    known(request, body.person)
    (verdict,) = judge.ask_only(call.cur, [_question(call, body)])
    return _told(verdict)


@router.get("/verdicts", response=shapes.KeptPage, auth=ApiToken("verdicts:read"), operation_id="list_verdicts")
def listing(
    request: HttpRequest,
    limit: Limit = 50,
    cursor: paging.Cursor = None,
    person: UUID | None = None,
    answer: Literal["yes", "no", "not_before"] | None = None,
) -> dict[str, Any]:
    call = caller(request)
    beyond = paging.beyond(cursor)
    if beyond and not verdicts.some(call.cur, [beyond]):
        raise BadToken("cursor")
    rows = verdicts.listing(call.cur, limit=limit + 1, beyond=beyond, person=person, answer=answer)
    page = paging.cut(rows, limit)
    return page | {"items": [_kept(each) for each in page["items"] if _visible(call, each)]}


@router.get(
    "/verdicts/{uuid:verdict}", response=shapes.Kept, auth=ApiToken("verdicts:read"), operation_id="get_verdict"
)
def one(request: HttpRequest, verdict: UUID) -> dict[str, Any]:
    return _kept(_stored(caller(request), verdict))


@router.get(
    "/verdicts/{uuid:verdict}/replay",
    response=shapes.Replay,
    auth=ApiToken("verdicts:read"),
    operation_id="replay_verdict",
)
def again(request: HttpRequest, verdict: UUID) -> verdicts.Replay:
    call = caller(request)
    return verdicts.replay(call.cur, _stored(call, verdict).id)


def _question(call: Caller, body: shapes.Ask) -> Question:
    if body.act == "disclose" and body.sender:
        return disclosure(body.sender, body.person, call.now)
    return Question(
        body.act,
        Recipient("person", body.person),
        body.channel,
        body.purpose,
        body.sender,
        body.unit,
        body.content,
        body.pack,
        body.quantity,
        body.permission,
        at=call.now,
    )


def _visible(call: Caller, stored: Stored) -> bool:
    return stored.question.purpose not in call.hidden


def _stored(call: Caller, verdict: UUID) -> Stored:
    stored = verdicts.get(call.cur, verdict)
    if not _visible(call, stored):
        raise NotFound(f"There is no verdict {verdict}.")
    return stored


def _kept(stored: Stored) -> dict[str, Any]:
    asked = stored.question
    named = {"id": stored.id, "stored_at": stored.stored_at, "stage": stored.stage, "act": asked.act}
    named |= {"channel": asked.channel, "purpose": asked.purpose, "person": asked.recipient.person}
    return named | _told(stored.verdict)


def _told(verdict: Verdict) -> dict[str, Any]:
    reasons = [
        {
            "rule": reason.rule,
            "outcome": reason.outcome,
            "source": reason.source,
            "text": reason.text(LOCALE),
            "way_out": reason.way_out(LOCALE),
        }
        for reason in verdict.reasons
    ]
    told = {"answer": verdict.answer, "not_before": verdict.not_before, "packs": list(verdict.packs)}
    return told | {"reasons": reasons}
