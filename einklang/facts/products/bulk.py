"""The tables of products for whoever brings many at once (`rows.Stage`)."""

from __future__ import annotations

from einklang.facts.people.rows import Record, Table

BRAND = Table("products_brand", {"id": "text", "name": "text", "substance": "text"})
AUTHORISATION = Table(
    "products_authorisation",
    {
        "id": "uuid",
        "slug": "text",
        "brand_id": "text",
        "market": "text",
        "name": "text",
        "strength": "text",
        "rx": "boolean",
        "status": "text",
        "authorised_from": "timestamptz",
        "indications": "text[]",
        "btm_annex": "text",
        "t_rezept": "boolean",
        "un_psychotropic": "boolean",
        "hwg10_2": "boolean",
    },
)
PACK = Table(
    "products_pack",
    {
        "id": "uuid",
        "slug": "text",
        "authorisation_id": "uuid",
        "pzn": "text",
        "size": "text",
        "is_smallest": "boolean",
        "label_confirmed": "boolean",
        "label_evidence": "text",
    },
)

UNSPECIFIED: Record = {
    "strength": "",
    "status": "pending",
    "authorised_from": None,
    "indications": [],
    "btm_annex": "",
    "t_rezept": False,
    "un_psychotropic": False,
    "hwg10_2": False,
}
PACKED: Record = {"size": "", "is_smallest": False, "label_confirmed": False, "label_evidence": ""}
