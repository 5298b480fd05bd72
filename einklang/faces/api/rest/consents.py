from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from einklang.core.errors import InputError
from einklang.faces.api.rest import shapes
from einklang.faces.api.rest.frame import ApiToken, Caller, caller
from einklang.faces.api.rest.people import known
from einklang.facts.consent import preferences, status, wordings
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.consent.preferences import Preference
from einklang.services.privacy import acts

router = Router(tags=["consents"])
CHANNEL = "api"
PERSON = "/people/{uuid:person}"


@router.get("/wordings", response=shapes.Wordings, auth=ApiToken("consents:read"), operation_id="list_wordings")
def texts(request: HttpRequest, locale: Literal["de", "en"] = "de") -> dict[str, object]:
    call = caller(request)
    return {"items": list(wordings.current_all(call.cur, PERMISSIONS, locale, call.now).values())}


@router.get(
    PERSON + "/consents", response=shapes.Consents, auth=ApiToken("consents:read"), operation_id="list_consents"
)
def listing(request: HttpRequest, person: UUID) -> dict[str, object]:
    found = status.status(caller(request).cur, [known(request, person)])[person]
    return {"person": person, "items": [{"permission": name, **each._asdict()} for name, each in found.items()]}


@router.post(
    PERSON + "/consents", response={201: shapes.Entered}, auth=ApiToken("consents:write"), operation_id="grant_consent"
)
def grant(request: HttpRequest, person: UUID, body: shapes.Grant) -> Status[dict[str, object]]:
    call = caller(request)
    entry = acts.grant(
        call.cur,
        person=known(request, person),
        permission=body.permission,
        grade=body.grade,
        wording=body.wording,
        evidence=_evidence(call, body.evidence),
        now=call.now,
        channel=CHANNEL,
    )
    return _entered(call, "consent.grant", person, body.permission, entry)


@router.post(
    PERSON + "/withdrawals",
    response={201: shapes.Entered},
    auth=ApiToken("consents:write"),
    operation_id="withdraw_consent",
)
def withdraw(request: HttpRequest, person: UUID, body: shapes.Withdrawal) -> Status[dict[str, object]]:
    call = caller(request)
    known(request, person)
    end = acts.withdraw if PERMISSIONS[body.permission].consent else acts.object_to
    entry = end(
        call.cur,
        person=person,
        permission=body.permission,
        evidence=_evidence(call, body.evidence),
        now=call.now,
        channel=CHANNEL,
    )
    return _entered(call, "consent.withdraw", person, body.permission, entry)


@router.get(PERSON + "/preference", response=shapes.Wish, auth=ApiToken("consents:read"), operation_id="get_preference")
def wish(request: HttpRequest, person: UUID) -> Preference:
    return preferences.read(caller(request).cur, [known(request, person)]).get(person, Preference())


@router.put(
    PERSON + "/preference", response=shapes.Wish, auth=ApiToken("consents:write"), operation_id="set_preference"
)
def prefer(request: HttpRequest, person: UUID, body: shapes.Preference) -> Preference:
    call = caller(request)
    channels = {name: often for name, often in body.channels.dict().items() if often}
    told = Preference(body.frequency, body.paused_until, channels, body.pause_visits)
    acts.prefer(call.cur, person=known(request, person), preference=told, now=call.now, channel=CHANNEL)
    call.note("preference.set", f"person:{person}", {"frequency": body.frequency})
    return told


def _evidence(call: Caller, text: str) -> dict[str, Any]:
    if not text.strip():
        raise InputError("evidence", "The evidence is missing.", "Say how it was said and where that is kept.")
    return {"token": str(call.token.id), "said": text.strip()}


def _entered(call: Caller, act: str, person: UUID, permission: str, entry: UUID) -> Status[dict[str, object]]:
    call.note(act, f"person:{person}", {"permission": permission, "entry": str(entry)})
    return Status(201, {"entry": entry})
