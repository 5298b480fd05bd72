"""What goes in and out, field by field."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, StrictStr
from pydantic_core import PydanticCustomError

from einklang.loop.interactions.kinds import KINDS


def _text(value: Any) -> Any:
    """A number is no moment and no id, which a lax reading would make of it."""
    if value is not None and not isinstance(value, str):
        raise PydanticCustomError("text", "must be a string")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise PydanticCustomError("number", "must be a whole number")
    return value


def _zoned(value: Any) -> Any:
    _text(value)
    if value is not None and (len(value) < 20 or value[10] not in "Tt"):
        raise PydanticCustomError("moment", "must be a date and time with a zone, as in RFC 3339")
    return value


Id = Annotated[UUID, BeforeValidator(_text)]
Moment = Annotated[datetime, BeforeValidator(_zoned)]
Whole = Annotated[int, BeforeValidator(_number)]
Text = Annotated[StrictStr, Field(max_length=2000)]
Name = Annotated[StrictStr, Field(max_length=200)]
Permission = Literal["tracking", "mail_tracking", "rep_visibility", "email", "phone", "visit", "marketing"]
Purpose = Literal["promotional", "medical", "service", "transactional"]
TOLD = tuple(name for name, kind in KINDS.items() if kind.told_by != "system")


class Given(Schema):
    """What comes in holds nothing that is not documented."""

    model_config = ConfigDict(extra="forbid")


class Fault(Schema):
    field: str
    rule: str
    way_out: str


class Problem(Schema):
    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None


class Health(Schema):
    status: Literal["ok"]


class Person(Schema):
    id: UUID
    salutation: str
    title: str
    given_name: str
    family_name: str
    profession: str
    specialty: str
    market: str
    land: str
    locale: str
    email: str
    phone: str
    organisation: str
    street: str
    postcode: str
    city: str


class People(Schema):
    items: list[Person]
    next: str | None


class Correction(Given):
    salutation: Literal["", "Frau", "Herr"] | None = None
    title: Name | None = None
    given_name: Name | None = None
    family_name: Name | None = None
    specialty: Name | None = None
    locale: Literal["de", "en"] | None = None
    email: Name | None = None
    phone: Name | None = None


class Corrected(Schema):
    id: UUID
    changed: list[str]


class Consent(Schema):
    permission: str
    state: str
    grade: str | None
    since: datetime
    entry: UUID


class Consents(Schema):
    person: UUID
    items: list[Consent]


class Grant(Given):
    permission: Permission
    wording: Id
    grade: Literal["topic", "title"] | None = None
    evidence: Text = Field(min_length=1)


class Withdrawal(Given):
    permission: Permission
    evidence: Text = Field(min_length=1)


class Entered(Schema):
    entry: UUID


class Wording(Schema):
    id: UUID
    permission: str
    version: int
    locale: str
    text: str
    sha256: str


class Wordings(Schema):
    items: list[Wording]


class Frequencies(Given):
    email: Literal["normal", "monthly", "quarterly"] | None = None
    visit: Literal["normal", "monthly", "quarterly"] | None = None
    phone: Literal["normal", "monthly", "quarterly"] | None = None


class Preference(Given):
    frequency: Literal["normal", "monthly"]
    paused_until: Moment | None = None
    channels: Frequencies = Field(default_factory=Frequencies)
    pause_visits: StrictBool = False


class Wish(Schema):
    frequency: str
    paused_until: datetime | None
    channels: dict[str, str]
    pause_visits: bool


class Ask(Given):
    act: Literal["send", "show", "record", "disclose", "visit", "hand_over"]
    person: Id
    channel: Name
    purpose: Purpose
    content: Id | None = None
    pack: Id | None = None
    quantity: Whole = Field(0, ge=0, le=1000)
    permission: Permission | None = None
    unit: Literal["sales", "marketing", "medical", "support", "system"] = "system"
    sender: Id | None = None


class Reason(Schema):
    rule: str
    outcome: str
    source: str
    text: str
    way_out: str


class Verdict(Schema):
    answer: Literal["yes", "no", "not_before"]
    not_before: datetime | None
    packs: list[str]
    reasons: list[Reason]


class Kept(Verdict):
    id: UUID
    stored_at: datetime
    stage: str
    act: str
    channel: str
    purpose: str
    person: UUID | None


class KeptPage(Schema):
    items: list[Kept]
    next: str | None


class Replay(Schema):
    same: bool
    differences: list[str]
    missing: str


class Interaction(Schema):
    pos: int
    id: UUID
    occurred_at: datetime
    received_at: datetime
    kind: str
    channel: str
    initiator: str
    unit: str
    purpose: str
    depth: int
    person: UUID | None
    content: UUID | None
    journey: UUID | None
    message: UUID | None
    is_machine: bool
    properties: dict[str, Any]
    source: str


class Interactions(Schema):
    items: list[Interaction]
    after: int


class Happening(Given):
    source_id: Name = Field(min_length=1)
    kind: StrictStr = Field(json_schema_extra={"enum": list(TOLD)})
    person: Id
    occurred_at: Moment | None = None
    purpose: Purpose = "promotional"
    unit: Literal["sales", "marketing", "medical", "support", "system"] | None = None
    content: Id | None = None
    is_machine: StrictBool = False
    properties: dict[str, Any] = Field(default_factory=dict)


class Happened(Given):
    items: list[Happening] = Field(min_length=1, max_length=500)


class Written(Schema):
    pos: int
    id: UUID
    source_id: str


class Recorded(Schema):
    recorded: list[Written]
    known: int


class Content(Schema):
    id: UUID
    slug: str
    version: int
    kind: str
    promotional: bool
    rx: bool
    audience: str
    market: str
    topics: list[str]
    valid_from: datetime
    valid_to: datetime | None


class Contents(Schema):
    items: list[Content]
    next: str | None


class Message(Schema):
    id: UUID
    state: str
    due_at: datetime
    verdict: UUID
    dispatch_verdict: UUID | None
    person: UUID | None
    channel: str
    purpose: str
    content: UUID
    journey: UUID | None
    detail: str
    created_at: datetime
    sent_at: datetime | None


class Messages(Schema):
    items: list[Message]
    next: str | None


class Order(Schema):
    id: UUID
    person: UUID
    pack: UUID
    quantity: int
    requested_at: datetime
    state: str
    number: str | None
    dispatched_at: datetime | None


class Orders(Schema):
    items: list[Order]
    next: str | None


class Case(Schema):
    id: UUID
    person: UUID
    kind: str
    state: str
    source: str
    received_at: datetime
    due: date
    decided_at: datetime | None


class Cases(Schema):
    items: list[Case]
    next: str | None


class Asked(Given):
    person: Id
    kind: Literal["access", "correction", "erasure"]
    source: Literal["letter", "mail", "phone", "in_person"]
    identity: Literal["address", "callback", "mail", "document", "known"]
    received_at: Moment | None = None
    reference: Name = Field(min_length=1)
    wishes: Correction | None = None
    message: Text = ""


class Journey(Schema):
    id: UUID
    key: str
    title: str
    state: str
    version: UUID
    number: int
    published_at: datetime


class Journeys(Schema):
    items: list[Journey]


class JourneyNow(Journey):
    people: int
    messages: int
    suggestions: int
