"""Writes what the company may say: products with Fachinformation and mandatory text, content signed by three people."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from einklang.core import ids, settings
from einklang.core.pg import Cursor
from einklang.facts.content import sign
from einklang.facts.content.models import ContentVersion
from einklang.facts.products.models import Authorisation, Brand, MandatoryText, Pack, Smpc

HERE = Path(__file__).parent
FICTION = "Fiktives Arzneimittel der Demo."


@dataclass(frozen=True, slots=True)
class Medicine:
    """Authorised so many days ago; `edition` numbers its Fachinformation and mandatory text."""

    brand: Brand
    slug: str
    name: str
    rx: bool
    indication: str
    authorised_days: int
    edition: int


def write(cur: Cursor, signers: dict[str, UUID], now: datetime) -> None:
    texts = _products(now)
    for entry in yaml.safe_load((HERE / "content.yaml").read_text()):
        version = _draft(entry, texts, now)
        sign.release(cur, version=version.id, signers=signers, now=now - timedelta(days=entry["days_old"]))


def _draft(entry: dict[str, Any], texts: dict[str, MandatoryText], now: datetime) -> ContentVersion:
    text = texts.get(entry.get("product", ""))
    return ContentVersion.objects.create(
        slug=entry["slug"],
        kind=entry["kind"],
        promotional=entry["promotional"],
        rx=entry["rx"],
        audience=entry["audience"],
        authorisation=text.authorisation if text else None,
        mandatory_text=text,
        smpc_version=12 if text else None,
        topics=entry["topics"],
        indications=entry.get("indications", []),
        body={locale: entry[locale] for locale in ("de", "en") if locale in entry},
        assets={f"content/{name}": _keep(name) for name in entry.get("assets", [])},
        valid_from=now - timedelta(days=entry["days_old"]),
        valid_to=now + timedelta(days=220),
    )


def _keep(name: str) -> str:
    folder = settings.get().home / "files" / "content"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "assets" / name, folder / name)
    return ids.digest((folder / name).read_bytes())


def _products(now: datetime) -> dict[str, MandatoryText]:
    velunor = Brand.objects.create(id="velunor", name="Velunor", substance="Talvixin")
    salvago = Brand.objects.create(id="salvago", name="Salvago", substance="Menthylpin")
    nefrisan = Brand.objects.create(id="nefrisan", name="Nefrisan", substance="Daroxetal")
    return {
        each.slug: _product(each, now)
        for each in (
            Medicine(velunor, "velunor-10", "Velunor 10 mg Filmtabletten", True, "herzinsuffizienz", 900, 12),
            Medicine(salvago, "salvago", "Salvago Halstabletten", False, "halsschmerz", 2000, 4),
            Medicine(nefrisan, "nefrisan-5", "Nefrisan 5 mg Tabletten", True, "hyperkaliämie", 28, 1),
        )
    }


def _product(medicine: Medicine, now: datetime) -> MandatoryText:
    brand, slug, name, rx = medicine.brand, medicine.slug, medicine.name, medicine.rx
    since = now - timedelta(days=medicine.authorised_days)
    product = Authorisation.objects.create(
        slug=slug, brand=brand, name=name, rx=rx, indications=[medicine.indication], authorised_from=since
    )
    Pack.objects.create(
        slug=f"{slug}-n1",
        authorisation=product,
        pzn=f"{90_000_000 + sum(slug.encode()):08d}",
        size="14 Stück (N1)",
        is_smallest=True,
        label_confirmed=True,
        label_evidence="Foto der Faltschachtel, 2026-09",
    )
    Smpc.objects.create(
        authorisation=product,
        version=medicine.edition,
        valid_from=max(since, now - timedelta(days=45)),
        body=f"{name}. Fachinformation, Fassung {medicine.edition}. {FICTION}",
    )
    return MandatoryText.objects.create(
        authorisation=product, version=medicine.edition, valid_from=since, fields=_mandatory(brand, name, rx)
    )


def _mandatory(brand: Brand, name: str, rx: bool) -> dict[str, str]:
    heart = brand.id == "velunor"
    return {
        "company": "Aurelia Pharma GmbH, Hannover",
        "name": name,
        "substance": brand.substance,
        "composition": f"1 Tablette enthält {brand.substance}; sonstige Bestandteile siehe Fachinformation.",
        "indications": "Chronische Herzinsuffizienz bei Erwachsenen." if heart else "Siehe Fachinformation.",
        "contraindications": "Überempfindlichkeit, eGFR < 20 ml/min, Schwangerschaft.",
        "side_effects": "Häufig: Hypotonie, Hyperkaliämie, Schwindel. Gelegentlich: Nierenfunktionsstörung.",
        "warnings": f"n/a: Auf der Packung stehen keine weiteren Warnhinweise. {FICTION}",
        "prescription": "Verschreibungspflichtig." if rx else "Apothekenpflichtig.",
    }
