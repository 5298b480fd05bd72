"""The medicines of a page: mandatory text once for each, and the Fachinformation one tap away (DE-REP-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from einklang.faces.desk.access import Rep
from einklang.facts.content.read import Version
from einklang.facts.products import read as products
from einklang.facts.products.read import Product, SmpcRef
from einklang.ui.components import Mandatory
from einklang.ui.text import t


@dataclass(frozen=True)
class Medicine:
    product: Product
    smpc: SmpcRef


def all_of(rep: Rep, market: str) -> list[Medicine]:
    """Those with a Fachinformation that is valid today."""
    known = products.all_products(rep.cur, market)
    valid = products.smpc_valid(rep.cur, [each.id for each in known], rep.now)
    return [Medicine(each, valid[each.id]) for each in known if each.id in valid]


def of(rep: Rep, market: str, version: Version) -> list[Medicine]:
    """The medicine that a content is about; for one without, all that may come up."""
    known = all_of(rep, market)
    return [each for each in known if each.product.id == version.authorisation] or known


def mandatory(rep: Rep, versions: Sequence[Version]) -> list[Mandatory]:
    named = {each.authorisation: each.mandatory_text for each in versions if each.mandatory_text}
    texts = products.mandatory_texts(rep.cur, [text for text in named.values() if text])
    medicines = products.product(rep.cur, [each for each in named if each])
    return [_mandatory(medicines[each], texts[text], text) for each, text in named.items() if each and text]


def _mandatory(medicine: Product, text: products.Mandatory, id_: UUID) -> Mandatory:
    return Mandatory(
        title=t(f"Pflichtangaben: {medicine.name}", f"Mandatory text: {medicine.name}"),
        fields=text.lines("de"),
        foot=t("Fassung {}", "Version {}").format(text.version),
        href=reverse("desk:smpc", args=[medicine.slug]),
        act=t("Fachinformation", "Product information"),
        id=f"must-{id_}",
    )
