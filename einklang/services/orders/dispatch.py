"""The warehouse sends what was requested: batch and expiry, the Fachinformation valid today, and a delivery note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.clock import ZONE
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import lock
from einklang.facts.people import read as people
from einklang.facts.products import read as products
from einklang.facts.products.read import SmpcRef
from einklang.loop.gate import door
from einklang.loop.gate.question import Verdict
from einklang.loop.interactions import log, make
from einklang.services.orders import delivery_note, read, request, terms

NO_BATCH = Words("Es fehlt die Charge.", "The batch is missing.")
ON_THE_PACK = Words("Sie steht auf der Packung neben „Ch.-B.“.", "It stands on the pack beside “Lot”.")
EXPIRED = Words("Die Packung ist abgelaufen.", "The pack has expired.")
OTHER_PACK = Words("Bitte eine Packung mit späterem Verfalldatum nehmen.", "Please take a pack that expires later.")
GONE = Words("Diese Bestellung gibt es nicht.", "There is no such order.")
DONE = Words("Diese Bestellung ist schon versandt.", "This order has been dispatched already.")


@dataclass(frozen=True, slots=True)
class Dispatched:
    """`number` is None where the gate said no."""

    number: str | None
    verdict_id: UUID
    verdict: Verdict


def dispatch(cur: Cursor, *, order: UUID, batch: str, expiry: date, user: UUID, now: datetime) -> Dispatched:
    """One shipment per order. Raises `InputError`, `NotFound`, `Conflict`; never commits."""
    today = now.astimezone(ZONE).date()
    _check(batch, expiry, today)
    wanted = _claim(cur, order)
    pack = products.packs(cur, [wanted.pack])[wanted.pack]
    product = products.product(cur, [pack.authorisation])[pack.authorisation]
    smpc = products.smpc_valid(cur, [product.id], now).get(product.id)
    paper = delivery_note.Note(
        number=_number(order, now),
        day=now,
        order=wanted,
        recipient=people.cards(cur, [wanted.person])[wanted.person],
        product=product,
        pack=pack,
        batch=batch,
        expiry=expiry,
        smpc=smpc,
    )
    retain_until = terms.of(product.market, now).retain_until(today, expiry)
    given = request.given_facts(cur, wanted.person, product, now, without=order) | {
        "request": request.own_request(order, wanted.person, product, wanted.requested_at),
        "smpc": str(smpc.id) if smpc else None,
        "retention": {
            "recorded": today.isoformat(),
            "expiry": expiry.isoformat(),
            "until": retain_until.isoformat(),
        },
        "delivery_note": delivery_note.entries(paper),
    }
    wish = request.Wish(person=wanted.person, pack=wanted.pack, quantity=wanted.quantity, channel="post", user=user)
    asked = door.ask(cur, [request.question(wish, given, now)], now=now)[0]
    if not asked.verdict.yes or smpc is None:
        return Dispatched(None, asked.verdict_id, asked.verdict)
    _store(cur, paper, smpc, verdict=asked.verdict_id, user=user, retain_until=retain_until)
    _record(cur, wanted, paper)
    return Dispatched(paper.number, asked.verdict_id, asked.verdict)


def _check(batch: str, expiry: date, today: date) -> None:
    if not batch.strip() or not batch.isprintable():
        raise InputError("batch", NO_BATCH, ON_THE_PACK)
    if expiry <= today:
        raise InputError("expiry", EXPIRED, OTHER_PACK)


def _claim(cur: Cursor, order: UUID) -> read.Order:
    """The order, while its person is held: whoever sends it a second time waits here and finds it sent."""
    if (found := read.get(cur, order)) is None:
        raise NotFound(GONE)
    if found.state != "requested":  # cancelled by an erasure: nobody is left to hold
        raise Conflict(DONE)
    lock.hold(cur, [found.person])
    row = cur.execute("SELECT FROM orders_order WHERE id = %s AND state = 'requested' FOR UPDATE", (order,)).fetchone()
    if row is None:
        raise Conflict(DONE)
    return found


def _number(order: UUID, now: datetime) -> str:
    return f"M{now:%y%m%d}-{order.hex[-6:].upper()}"


def _store(
    cur: Cursor, paper: delivery_note.Note, smpc: SmpcRef, *, verdict: UUID, user: UUID, retain_until: date
) -> None:
    pdf = delivery_note.pdf(paper)
    cur.execute("UPDATE orders_order SET state = 'dispatched' WHERE id = %s", (paper.order.id,))
    cur.execute(
        """INSERT INTO orders_shipment (order_id, number, batch, expiry, dispatched_at, dispatched_by, verdict,
                                        smpc, smpc_version, smpc_sha256, retain_until, note, note_sha256)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            paper.order.id, paper.number, paper.batch, paper.expiry, paper.day, user, verdict,
            smpc.id, smpc.version, smpc.sha256, retain_until, pdf, ids.digest(pdf),
        ),
    )  # fmt: skip


def _record(cur: Cursor, wanted: read.Order, paper: delivery_note.Note) -> None:
    told = make.interaction(
        "sample.dispatched",
        now=paper.day,
        person=wanted.person,
        channel="post",
        purpose="service",
        source="orders",
        source_id=f"{wanted.id}.dispatched",
        properties={"order": str(wanted.id), "pack": str(wanted.pack), "quantity": wanted.quantity},
    )
    log.record(cur, [told])
