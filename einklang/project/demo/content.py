"""Writes what the company may say: products with Fachinformation and mandatory text, content signed by three people."""

from __future__ import annotations

import shutil
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
        "velunor-10": _product(
            velunor, "velunor-10", "Velunor 10 mg Filmtabletten", True, ["herzinsuffizienz"], _ago(now, 900), 12, now
        ),
        "salvago": _product(
            salvago, "salvago", "Salvago Halstabletten", False, ["halsschmerz"], _ago(now, 2000), 4, now
        ),
        "nefrisan-5": _product(
            nefrisan, "nefrisan-5", "Nefrisan 5 mg Tabletten", True, ["hyperkaliämie"], _ago(now, 28), 1, now
        ),
    }  # fmt: skip


def _ago(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def _product(
    brand: Brand, slug: str, name: str, rx: bool, indications: list[str], since: datetime, edition: int, now: datetime
) -> MandatoryText:  # fmt: skip
    product = Authorisation.objects.create(
        slug=slug, brand=brand, name=name, rx=rx, indications=indications, authorised_from=since
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
        version=edition,
        valid_from=max(since, now - timedelta(days=45)),
        body=f"{name}. Fachinformation, Fassung {edition}. {FICTION}",
    )
    return MandatoryText.objects.create(
        authorisation=product, version=edition, valid_from=since, fields=_mandatory(brand, name, rx)
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
