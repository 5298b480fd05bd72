"""The page under a release: who signed what, when, and what the signature means (21 CFR 11.50)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from einklang.core import company
from einklang.core.clock import ZONE
from einklang.core.pg import Cursor
from einklang.facts.content import sign
from einklang.facts.content.read import Version
from einklang.facts.products import read as products
from einklang.ui import documents

ROLES = {
    "medical_reviewer": "Medizin",
    "legal_reviewer": "Recht",
    "information_officer": "Informationsbeauftragte Person",
    "product": "Produkt",
}
STATES = {
    "draft": "Entwurf, nicht freigegeben",
    "frozen": "Freigegeben",
    "withheld": "Zurückgehalten",
    "withdrawn": "Zurückgezogen",
}


def pdf(cur: Cursor, content: Version, now: datetime) -> bytes:
    given = sign.signatures(cur, [content.id]).get(content.id, [])
    named = [content.authorisation] if content.authorisation else []
    medicine = ", ".join(each.name for each in products.product(cur, named).values()) or "keines"
    return documents.pdf(
        Path(__file__).with_name("signature_page.typ"),
        {
            "title": content.title("de"),
            "company": company.current().name,
            "printed": _moment(now),
            "lines": [
                ["Inhalt", content.slug],
                ["Fassung", str(content.version)],
                ["Stand", STATES[content.state]],
                ["Arzneimittel", medicine],
                ["Fachinformation", f"Fassung {content.smpc_version}" if content.smpc_version is not None else "keine"],
                ["Gültig ab", _moment(content.valid_from)],
                ["Gültig bis", _moment(content.valid_to) if content.valid_to else "ohne Ende"],
            ],
            "sha256": content.sha256,
            "signatures": [
                {
                    "name": each.name,
                    "role": ROLES[each.role],
                    "meaning": each.meaning,
                    "at": _moment(each.at),
                    "void": not each.valid(content),
                    "sha256": each.sha256,
                }
                for each in given
            ],
        },
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%d.%m.%Y, %H:%M:%S %Z}"
