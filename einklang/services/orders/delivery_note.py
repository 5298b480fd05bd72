"""The delivery note of a sample (DE-SAM-06, -08, -13): day, product, quantity, addresses, label, Fachinformation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from einklang.core import company, settings
from einklang.core.clock import ZONE
from einklang.facts.people.read import PersonCard
from einklang.facts.products.read import Pack, Product, SmpcRef
from einklang.services.orders.read import Order
from einklang.ui import documents

LABEL = "Unverkäufliches Muster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    number: str
    day: datetime
    order: Order
    recipient: PersonCard
    product: Product
    pack: Pack
    batch: str
    expiry: date
    smpc: SmpcRef | None


def entries(note: Note) -> dict[str, str | int | None]:
    """What the paper says, by the names of DE-SAM-13, for the gate."""
    return {
        "date": note.day.astimezone(ZONE).date().isoformat(),
        "product": note.product.slug,
        "quantity": note.order.quantity,
        "supplier": settings.get().legal_entity,
        "recipient": str(note.order.person) if note.recipient.street and note.recipient.city else None,
        "label": LABEL,
        "smpc": str(note.smpc.id) if note.smpc else None,
    }


def pdf(note: Note) -> bytes:
    """Raises `ValueError` for a note without Fachinformation, which the gate never lets pass."""
    if note.smpc is None:
        raise ValueError("a delivery note names the Fachinformation that it encloses")
    return documents.pdf(
        Path(__file__).with_name("delivery_note.typ"),
        {
            "number": note.number,
            "day": _day(note.day),
            "label": LABEL,
            "supplier": [company.current().name, *company.current().address],
            "recipient": list(note.recipient.address),
            "requested": _day(note.order.requested_at),
            "signed": note.order.signed_name,
            "smpc": str(note.smpc.version),
            "smpc_sha256": note.smpc.sha256,
            "lines": [
                ["Arzneimittel", note.product.name],
                ["Packung", f"{note.pack.size}, PZN {note.pack.pzn}"],
                ["Menge", str(note.order.quantity)],
                ["Charge", note.batch],
                ["Verwendbar bis", f"{note.expiry:%m/%Y}"],
                ["Fachinformation", f"Fassung {note.smpc.version}"],
            ],
        },
    )


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%d.%m.%Y}"
