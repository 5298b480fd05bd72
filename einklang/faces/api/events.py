"""Segment's events become interactions. Pure: no Django, no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from einklang.core import ids, tokens
from einklang.core.errors import BadToken, InputError
from einklang.faces.api.wire import LARGEST_EVENT, Doubts
from einklang.loop.interactions import kinds, machines
from einklang.loop.interactions.keys import WriteKey
from einklang.loop.interactions.types import Interaction

LONGEST_ID = 255
OLDEST = timedelta(days=30)
FUTURE = timedelta(minutes=10)
MARKED_FROM = timedelta(minutes=5)
TYPES = frozenset(("track", "identify", "page", "screen", "group", "alias"))
JOINING = frozenset(("identify", "alias"))
NAMED = ("name", "category")  # of a page or screen, beside its properties
TRUST = {"browser": 0, "server": 1, "system": 2}
TRACKING_CATEGORIES = frozenset(("tracking", "analytics"))
SIGNED_FOR = "intake"  # purpose of the token that the portal hands to its pages
RESERVED = "key:"  # begins the names that we give to other systems' users


class Telling(NamedTuple):
    """What all events of one request share."""

    key: WriteKey
    received_at: datetime
    real_seconds: int  # tokens expire in real time, also where a demo moves its clock
    sent_at: Any
    context: dict[str, Any]
    agent: str
    doubts: Doubts


@dataclass(slots=True, kw_only=True)
class Told:
    """An event that is well formed, before anybody knows who it was."""

    index: int
    kind: str
    occurred_at: datetime
    source_id: str
    properties: dict[str, Any]
    user: str | None  # as the key's owner calls her
    anonymous: str | None
    person: UUID | None  # as the portal signed
    content: UUID | None
    joins: str | None  # an anonymous id that turns out to be hers
    narrowed: bool  # her browser says no
    is_machine: bool


def read(event: Any, index: int, telling: Telling) -> Told:
    """Raises `InputError` with the field and the rule that it breaks."""
    if not isinstance(event, dict):
        raise InputError("", "must be an object")
    fits(event, telling.doubts)
    sort = event.get("type")
    if not isinstance(sort, str) or sort not in TYPES:
        raise InputError("type", f"must be one of {', '.join(sorted(TYPES))}")
    context = telling.context | _object(event, "context")
    person = None if telling.key.is_server else _signed(context, telling.real_seconds)
    trusted = telling.key.is_server or person is not None
    if sort in JOINING and not trusted:
        raise InputError("type", f"{sort} counts only with a server key or a token signed by the portal")
    anonymous = _anonymous(event, "anonymousId")
    user = _name(event, "userId") if telling.key.is_server else None
    if not (user or anonymous or person):
        raise InputError("anonymousId" if not telling.key.is_server else "userId", "is required")
    properties = dict(_object(event, "properties"))
    kind = _kind(event, sort, properties, telling.key)
    return Told(
        index=index,
        kind=kind,
        occurred_at=_occurred_at(event, properties, telling),
        source_id=_source_id(event),
        properties=properties,
        user=user,
        anonymous=anonymous,
        person=person,
        content=_uuid(properties.get("content")),
        joins=_joins(event, sort, anonymous),
        narrowed=_narrowed(context),
        is_machine=_is_machine(context, telling),
    )


def interaction(told: Told, key: WriteKey, person: UUID | None, received_at: datetime) -> Interaction:
    """A user whom nobody knows keeps the name that the key's owner gave her, until she is resolved."""
    registered = kinds.kind(told.kind)
    return Interaction(
        id=ids.new(),
        occurred_at=told.occurred_at,
        received_at=received_at,
        kind=told.kind,
        channel=registered.channel,
        initiator=registered.initiator,
        unit=registered.unit,
        purpose=key.purpose,
        depth=registered.depth,
        person=person,
        anonymous=f"{key.source}:{told.user}" if told.user and person is None else told.anonymous,
        content=told.content,
        is_machine=told.is_machine,
        properties=told.properties,
        source=key.source,
        source_id=told.source_id,
    )


def fits(event: dict[str, Any], doubts: Doubts) -> None:
    if doubts.size and _size(event) > LARGEST_EVENT:
        raise InputError("", "is larger than 32 KB")
    if doubts.nul and _holds_nul(event):
        raise InputError("", "holds a NUL character")


def _size(event: dict[str, Any]) -> int:
    try:
        return len(orjson.dumps(event))
    except orjson.JSONEncodeError:
        raise InputError("", "is nested too deeply") from None


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(each) for key, each in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))


def _object(event: dict[str, Any], field: str) -> dict[str, Any]:
    value = event.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(field, "must be an object")
    return value


def _signed(context: dict[str, Any], now: int) -> UUID | None:
    token = context.get("token")
    if token is None:
        return None
    try:
        return UUID(tokens.read(SIGNED_FOR, str(token), now=now)["person"])
    except BadToken as error:
        raise InputError("context.token", f"is {error}") from None


def _name(event: dict[str, Any], field: str) -> str | None:
    value = event.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(field, "must be a string")
    if len(str(value)) > LONGEST_ID:
        raise InputError(field, f"is longer than {LONGEST_ID} characters")
    return str(value)


def _anonymous(event: dict[str, Any], field: str) -> str | None:
    name = _name(event, field)
    if name and name.startswith(RESERVED):
        raise InputError(field, f"must not begin with {RESERVED}")
    return name


def _joins(event: dict[str, Any], sort: str, anonymous: str | None) -> str | None:
    if sort == "alias":
        return _anonymous(event, "previousId")
    return anonymous if sort == "identify" else None


def _kind(event: dict[str, Any], sort: str, properties: dict[str, Any], key: WriteKey) -> str:
    if sort != "track":
        properties.update((each, name) for each in NAMED if isinstance(name := event.get(each), str))
        return kinds.CUSTOM + sort
    name = event.get("event")
    if not isinstance(name, str) or not name:
        raise InputError("event", "is required")
    if name not in kinds.KINDS:
        properties.setdefault("event", name)
        return kinds.custom(name.removeprefix(kinds.CUSTOM))
    if TRUST[kinds.KINDS[name].told_by] > TRUST["server" if key.is_server else "browser"]:
        raise InputError("event", f"{name} is not told with a key of this sort")
    for field, reason in kinds.check(name, properties):
        raise InputError(field, reason)
    return name


def _source_id(event: dict[str, Any]) -> str:
    """Without an id of its own, an event that says when it happened is known by its content; any other is new."""
    given = event.get("messageId")
    if given is None:
        return ids.digest(orjson.dumps(event, option=orjson.OPT_SORT_KEYS)) if "timestamp" in event else str(ids.new())
    if not isinstance(given, str) or not 0 < len(given) <= LONGEST_ID:
        raise InputError("messageId", f"must be a string of 1 to {LONGEST_ID} characters")
    return given


def _occurred_at(event: dict[str, Any], properties: dict[str, Any], telling: Telling) -> datetime:
    """The client's clock, corrected by what it thought the time was when it sent."""
    received_at = telling.received_at
    if (stamp := event.get("timestamp", event.get("originalTimestamp"))) is None:  # RudderStack's browsers
        return received_at
    occurred_at = _moment(stamp, "timestamp")
    if (sent_at := telling.sent_at) is not None:
        skew = received_at - _moment(sent_at, "sentAt")
        if abs(skew) > MARKED_FROM:
            properties["clock_corrected_seconds"] = round(skew.total_seconds())
        occurred_at = _shifted(occurred_at, skew)
    if occurred_at < received_at - OLDEST:
        raise InputError("timestamp", "is more than 30 days back")
    if occurred_at > received_at + FUTURE:
        raise InputError("timestamp", "is more than 10 minutes ahead")
    return occurred_at


def _shifted(moment: datetime, skew: timedelta) -> datetime:
    try:
        return moment + skew
    except OverflowError:
        raise InputError("timestamp", "is out of range") from None


def _moment(value: Any, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo is UTC else _in_utc(moment)
    except (TypeError, ValueError, OverflowError):
        raise InputError(field, "must be a date and time in ISO 8601") from None


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _narrowed(context: dict[str, Any]) -> bool:
    """A consent banner's categories can take permission away, never give it."""
    consent = context.get("consent")
    categories = consent.get("categoryPreferences") if isinstance(consent, dict) else None
    if not isinstance(categories, dict) or not categories:
        return False
    named = [value for name, value in categories.items() if name.lower() in TRACKING_CATEGORIES]
    return not all(named) if named else not any(categories.values())


def _is_machine(context: dict[str, Any], telling: Telling) -> bool:
    """By whoever stands behind the event: a browser speaks for itself, a server says whom it speaks for."""
    agent = context.get("userAgent") or ("" if telling.key.is_server else telling.agent)
    return isinstance(agent, str) and machines.by_agent(agent) is not None
