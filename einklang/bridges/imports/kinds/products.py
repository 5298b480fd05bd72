"""Brands, authorisations and packs: one row per pack, or per authorisation where it has none yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from einklang.bridges.imports import fields
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import Job, Kind, Outcome, Row, by_chunk, taken, write
from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import names
from einklang.facts.people.rows import Difference, Stage
from einklang.facts.products import bulk

PZN_DIGITS = 8
NO_PZN = (
    Words("Das ist keine PZN: Sie hat acht Ziffern.", "This is no PZN: it has eight digits."),
    Words("Sie steht unter dem Strichcode der Packung.", "It is below the bar code of the pack."),
)
WRONG_DIGIT = Words(
    "Die Prüfziffer der PZN stimmt nicht. Sie steht unter dem Strichcode der Packung.",
    "The check digit of the PZN is not right. It is below the bar code of the pack.",
)
NOT_RX = (
    Words("Ein Betäubungsmittel ist verschreibungspflichtig.", "A narcotic is a prescription medicine."),
    Words("Bitte prüfen Sie die Spalte „Rezeptpflichtig“.", "Please check the column “Prescription only”."),
)
COLUMNS = (
    "name",
    "strength",
    "rx",
    "status",
    "authorised_from",
    "indications",
    "btm_annex",
    "t_rezept",
    "un_psychotropic",
    "hwg10_2",
)
NOTHING = Difference({}, {})


def pzn(field: str, value: str) -> str:
    plain = re.sub(r"[\s-]|PZN", "", fields.text(field, value)).zfill(PZN_DIGITS)
    if len(plain) != PZN_DIGITS or not (plain.isascii() and plain.isdigit()):
        raise InputError(field, *NO_PZN)
    return plain


def doubtful(value: str) -> Words | None:
    """Weights 1 to 7, modulo 11."""
    total = sum(int(digit) * weight for weight, digit in enumerate(value[:7], start=1))
    return None if total % 11 == int(value[7]) else WRONG_DIGIT


FIELDS = (
    Field(
        name="brand",
        label=Words("Marke", "Brand"),
        synonyms=("markenname", "brand name", "handelsname"),
        parse=fields.text,
        required=True,
        samples=("Velunor", "Linosan"),
    ),
    Field(
        name="substance",
        label=Words("Wirkstoff", "Active substance"),
        synonyms=("substanz", "substance", "inn", "molecule"),
        parse=fields.text,
        required=True,
        samples=("Velunorat", "Linosin"),
    ),
    Field(
        name="name",
        label=Words("Arzneimittel", "Medicine"),
        synonyms=("bezeichnung", "produkt", "produktname", "product", "product name", "name"),
        parse=fields.text,
        required=True,
        hint=Words("Name mit Stärke und Darreichungsform.", "Name with strength and form."),
        samples=("Velunor 10 mg Filmtabletten", "Linosan 200 mg Tabletten"),
    ),
    Field(name="strength", label=Words("Stärke", "Strength"), parse=fields.text, samples=("10 mg", "200 mg")),
    Field(
        name="rx",
        label=Words("Rezeptpflichtig", "Prescription only"),
        synonyms=("verschreibungspflichtig", "rx", "prescription", "rezept"),
        parse=fields.yes_no,
        required=True,
        samples=("ja", "nein"),
    ),
    Field(
        name="status",
        label=Words("Zulassung", "Authorisation"),
        synonyms=("zulassungsstatus", "status"),
        parse=fields.choice(
            {
                "authorised": ("zugelassen", "authorized"),
                "pending": ("beantragt", "nicht zugelassen"),
                "withdrawn": ("zurückgenommen", "widerrufen"),
            }
        ),
        hint=Words("Ohne Angabe gilt: nicht zugelassen.", "Without an entry it counts as not authorised."),
        samples=("zugelassen", "zugelassen"),
    ),
    Field(
        name="authorised_from",
        label=Words("Zugelassen seit", "Authorised since"),
        synonyms=("zulassungsdatum", "authorisation date"),
        parse=fields.moment,
        samples=("01.03.2021", "15.06.2012"),
    ),
    Field(
        name="indications",
        label=Words("Anwendungsgebiete", "Indications"),
        synonyms=("indikationen", "indikation", "indication"),
        parse=fields.several,
        hint=Words("Mehrere mit Komma getrennt.", "Several separated by commas."),
        samples=("herzinsuffizienz", "schmerz, fieber"),
    ),
    Field(
        name="btm_annex",
        label=Words("BtM-Anlage", "Narcotics annex"),
        synonyms=("btm", "betäubungsmittel"),
        parse=fields.choice({"I": (), "II": (), "III": ()}),
    ),
    Field(name="t_rezept", label=Words("T-Rezept", "T prescription"), parse=fields.yes_no),
    Field(
        name="un_psychotropic",
        label=Words("Psychotroper Stoff (UN)", "Psychotropic substance (UN)"),
        parse=fields.yes_no,
    ),
    Field(
        name="hwg10_2",
        label=Words("Schlaf- oder Beruhigungsmittel (§ 10 Abs. 2 HWG)", "Sedative (§ 10 (2) HWG)"),
        parse=fields.yes_no,
    ),
    Field(
        name="pzn",
        label=Words("PZN", "PZN"),
        synonyms=("pharmazentralnummer",),
        parse=pzn,
        warn=doubtful,
        samples=("12345678", "23456783"),
    ),
    Field(
        name="size",
        label=Words("Packung", "Pack size"),
        synonyms=("packungsgröße", "inhalt", "pack", "größe"),
        parse=fields.text,
        samples=("30 Stück", "20 Stück"),
    ),
    Field(
        name="is_smallest",
        label=Words("Kleinste Packung", "Smallest pack"),
        synonyms=("kleinste", "smallest"),
        parse=fields.yes_no,
        samples=("ja", "ja"),
    ),
)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    if values.get("btm_annex") and not values["rx"]:
        raise InputError("rx", *NOT_RX)
    return (f"pzn:{values['pzn']}",) if "pzn" in values else (f"name:{slug(values['name'])}",)


class Chunk:
    def __init__(self, cur: Cursor, rows: Sequence[Row], job: Job) -> None:
        self.job = job
        brands = bulk.BRAND.find(cur, ("id",), ((slug(row.get("brand")),) for row in rows))
        self.brands = Stage(bulk.BRAND, lambda row: row["id"], brands)
        known = bulk.AUTHORISATION.find(cur, ("slug",), ((slug(row.get("name")),) for row in rows))
        self.products = Stage(
            bulk.AUTHORISATION, lambda row: row["slug"], (row for row in known if row["market"] == "DE")
        )
        packs = bulk.PACK.find(cur, ("pzn",), ((row.get("pzn"),) for row in rows if row.get("pzn")))
        self.packs = Stage(bulk.PACK, lambda row: row["pzn"], packs)

    def take(self, row: Row) -> Outcome:
        brand, name = slug(row.get("brand")), slug(row.get("name"))
        made = self.brands.put(brand, {"name": row.get("brand"), "substance": row.get("substance")}, {"id": brand})
        held = self.products.get(name)
        product = held["id"] if held else ids.new()
        said = row.only(*COLUMNS) | {"brand_id": brand}
        new = {"id": product, "slug": name, "market": "DE", **bulk.UNSPECIFIED}
        main = self.products.put(name, said, new)
        pack, added = self._pack(row, product)
        return taken(row, product, main, held is None or added, made, pack)

    def write(self, cur: Cursor) -> None:
        write(cur, self.job, self.brands, self.products, self.packs)

    def _pack(self, row: Row, product: UUID) -> tuple[Difference, bool]:
        number = row.get("pzn")
        if not number:
            return NOTHING, False
        new = self.packs.get(number) is None
        said = {"authorisation_id": product, "pzn": number} | row.only("size", "is_smallest")
        made = {"id": ids.new(), "slug": f"{slug(row.get('name'))[:40]}-{number}", **bulk.PACKED}
        return self.packs.put(number, said, made), new


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", names.fold(text)).strip("-")[:50]


KIND = Kind(
    name="products",
    label=Words("Produkte", "Products"),
    icon="package",
    about=Words(
        "Marken, Arzneimittel und Packungen. Fachinformation und Pflichtangaben kommen über die Freigabe.",
        "Brands, medicines and packs. Product information and mandatory texts come by approval.",
    ),
    found_by=Words(
        "Eine Packung wird an der PZN wiedererkannt, ein Arzneimittel am vollen Namen.",
        "A pack is known again by its PZN, a medicine by its full name.",
    ),
    fields=FIELDS,
    keys=keys,
    load=by_chunk(Chunk),
    sourced=False,
)
