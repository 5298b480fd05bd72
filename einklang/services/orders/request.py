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
from einklang.facts.products.read import Product
from einklang.loop.gate import door
from einklang.loop.gate.question import Question, Recipient, Verdict
from einklang.loop.interactions import log, make
from einklang.services.orders import quota, terms

COUNT_KEY = "brand_family"  # the stricter of the two ways to count (DE-SAM-04)
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
    return _ask(cur, wish, signed, ids.new(), now)


def hand_over(cur: Cursor, wish: Wish, now: datetime) -> Ordered:
    """Handing a sample over without a request of the person: the gate is asked, and refuses (DE-SAM-02)."""
    lock.hold(cur, [wish.person])
    return _ask(cur, wish, None, None, now)


def _ask(cur: Cursor, wish: Wish, signed: Signed | None, order: UUID | None, now: datetime) -> Ordered:
    product = _product(cur, wish.pack)
    given = given_facts(cur, wish.person, product, now)
    if order is not None:
        given["request"] = own_request(order, wish.person, product, now)
    asked = door.ask(cur, [question(wish, given, now)], now=now)[0]
    if not asked.verdict.yes or order is None or signed is None:
        return Ordered(None, asked.verdict_id, asked.verdict)
    _store(cur, order, wish, signed, count_key=product.brand, verdict=asked.verdict_id, now=now)
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


def given_facts(
    cur: Cursor, person: UUID, product: Product, now: datetime, *, without: UUID | None = None
) -> dict[str, Any]:
    """What the gate cannot see by itself: the units that count already, over all channels and strengths of a brand."""
    units = quota.ordered(cur, [person], without=without).get((person, product.brand), [])
    law = terms.of(product.market, now)
    return {"quota_used": quota.used(units, law, now), "count_key": COUNT_KEY}


def own_request(order: UUID, person: UUID, product: Product, at: datetime) -> dict[str, str]:
    return {
        "id": str(order),
        "at": at.isoformat(),
        "person": str(person),
        "authorisation": str(product.id),
        "form": "electronic",
    }


def _check(wish: Wish, signed: Signed) -> None:
    if wish.quantity < 1:
        raise InputError("quantity", QUANTITY)
    if not signed.name.strip():
        raise InputError("signature", UNSIGNED, SIGN)


def _product(cur: Cursor, pack_id: UUID) -> Product:
    pack = products.packs(cur, [pack_id]).get(pack_id)
    if pack is None:
        raise NotFound(Words("Diese Packung gibt es nicht.", "There is no such pack."))
    return products.product(cur, [pack.authorisation])[pack.authorisation]


def _known(cur: Cursor, token: str) -> Ordered | None:
    row = cur.execute("SELECT id, verdict FROM orders_order WHERE token = %s", (token,)).fetchone()
    return Ordered(row[0], row[1], None) if row else None


def _store(
    cur: Cursor, order: UUID, wish: Wish, signed: Signed, *, count_key: str, verdict: UUID, now: datetime
) -> None:
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
