"""A person asks for a sample: her own request, signed, counted under her lock, answered by the gate (AMG § 47)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import lock
from einklang.facts.products import read as products
from einklang.loop.gate import door
from einklang.loop.gate.question import Question, Recipient, Verdict
from einklang.loop.interactions import log, make
from einklang.services.orders import quota

UNSIGNED = Words("Es fehlt die Unterschrift.", "The signature is missing.")
SIGN = Words("Bitte im Feld unterschreiben oder den Namen eintragen.", "Please sign in the field or enter the name.")
QUANTITY = Words("Die Menge ist mindestens eine Packung.", "The quantity is at least one pack.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What the person declared. `token` names the form, so that a second click orders nothing twice;
    `signature` is the path of an SVG, empty where she typed her name instead."""

    token: str
    name: str
    signature: str
    text_shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    person: UUID
    pack: UUID
    quantity: int
    channel: str
    user: UUID


@dataclass(frozen=True, slots=True)
class Ordered:
    """`order` is None where the gate said no; the verdict tells why."""

    order: UUID | None
    verdict_id: UUID
    verdict: Verdict | None
    interaction: UUID | None = None


def request(cur: Cursor, wish: Wish, signed: Signed, now: datetime) -> Ordered:
    """One request for one delivery (DE-SAM-02). Raises `InputError` and `NotFound`; never commits."""
    _check(wish, signed)
    lock.hold(cur, [wish.person])
    if (known := _known(cur, signed.token)) is not None:
        return known
    order = ids.new()
    own_request = {"id": str(order), "at": now.isoformat(), "person": str(wish.person), "pack": str(wish.pack)}
    return _ask(cur, wish, own_request, signed, order, now)


def hand_over(cur: Cursor, wish: Wish, now: datetime) -> Ordered:
    """Handing a sample over without a request of the person: the gate is asked, and refuses (DE-SAM-02)."""
    lock.hold(cur, [wish.person])
    return _ask(cur, wish, None, None, None, now)


def _ask(
    cur: Cursor, wish: Wish, own_request: dict[str, str] | None, signed: Signed | None, order: UUID | None, now: datetime
) -> Ordered:
    brand = _brand(cur, wish.pack)
    given = given_facts(cur, wish.person, brand) | {"stage": "request"}
    if own_request:
        given["request"] = own_request
    asked = door.ask(cur, [question(wish, given, now)], now=now)[0]
    if not asked.verdict.yes or order is None or signed is None:
        return Ordered(None, asked.verdict_id, asked.verdict)
    _store(cur, order, wish, signed, brand, asked.verdict_id, now)
    return Ordered(order, asked.verdict_id, asked.verdict, _record(cur, order, wish, now))


def question(wish: Wish, given: dict[str, Any], now: datetime) -> Question:
    return Question(
        act="hand_over",
        recipient=Recipient(kind="person", id=wish.person),
        channel=wish.channel,
        purpose="service",
        sender=wish.user,
        unit="sales",
        pack=wish.pack,
        quantity=wish.quantity,
        at=now,
        given=given,
    )


def given_facts(cur: Cursor, person: UUID, count_key: str, *, without: UUID | None = None) -> dict[str, Any]:
    """What the gate cannot see by itself: the units that this person has ordered already, over all channels."""
    units = quota.ordered(cur, [person], without=without).get((person, count_key), [])
    return {"ordered": [[at.isoformat(), quantity] for at, quantity in units]}


def _check(wish: Wish, signed: Signed) -> None:
    if wish.quantity < 1:
        raise InputError("quantity", QUANTITY)
    if not signed.name.strip():
        raise InputError("signature", UNSIGNED, SIGN)


def _brand(cur: Cursor, pack_id: UUID) -> str:
    pack = products.packs(cur, [pack_id]).get(pack_id)
    if pack is None:
        raise NotFound(str(Words("Diese Packung gibt es nicht.", "There is no such pack.")))
    return products.product(cur, [pack.authorisation])[pack.authorisation].brand


def _known(cur: Cursor, token: str) -> Ordered | None:
    row = cur.execute("SELECT id, verdict FROM orders_order WHERE token = %s", (token,)).fetchone()
    return Ordered(row[0], row[1], None) if row else None


def _store(
    cur: Cursor, order: UUID, wish: Wish, signed: Signed, count_key: str, verdict: UUID, now: datetime
) -> None:  # fmt: skip
    cur.execute(
        """INSERT INTO orders_order (id, person, pack, count_key, quantity, channel, requested_by, requested_at,
                                     signed_name, signature, text_shown, verdict, token, state)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'requested')""",
        (
            order, wish.person, wish.pack, count_key, wish.quantity, wish.channel, wish.user, now,
            signed.name, signed.signature, signed.text_shown, verdict, signed.token,
        ),
    )  # fmt: skip


def _record(cur: Cursor, order: UUID, wish: Wish, now: datetime) -> UUID:
    told = make.interaction(
        "sample.requested",
        now=now,
        person=wish.person,
        channel=wish.channel,
        purpose="service",
        source="orders",
        source_id=str(order),
        properties={"pack": str(wish.pack), "quantity": wish.quantity, "order": str(order)},
    )
    return log.record(cur, [told])[0].id
