"""What can be allowed or refused. `rx_audience` and `sample_request` are not here: they rest on proof and request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["granted", "pending", "withdrawn", "objected"]
STATES: tuple[State, ...] = ("granted", "pending", "withdrawn", "objected")


@dataclass(frozen=True, slots=True)
class Permission:
    """`consent`: needs a yes first; otherwise allowed until objected. `confirmed`: by double opt-in."""

    channel: str
    purpose: str
    consent: bool = True
    confirmed: bool = False
    grades: tuple[str, ...] = ()


PERMISSIONS = {
    "tracking": Permission("portal", "measurement"),
    "mail_tracking": Permission("email", "measurement"),
    "rep_visibility": Permission("visit", "disclosure", grades=("topic", "title")),
    "email": Permission("email", "promotional", confirmed=True),
    "phone": Permission("phone", "promotional"),
    "visit": Permission("visit", "promotional", consent=False),
    "marketing": Permission("all", "promotional", consent=False),
}
