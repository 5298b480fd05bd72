from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.products import read
from einklang.facts.products.models import Authorisation, Pack
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW


def catalogue() -> list[str]:
    return [pack.slug for pack in read.sample_catalogue(cursor(), NOW)]


def test_a_product_knows_its_brand_and_market() -> None:
    velunor = cast.velunor()
    found = read.product(cursor(), [velunor.id, ids.new()])
    assert list(found) == [velunor.id]
    product = found[velunor.id]
    assert (product.brand, product.brand_name, product.market, product.rx) == ("velunor", "Velunor", "DE", True)
    assert product.indications == [cast.TOPIC]
    assert read.by_slug(cursor(), ["velunor", "unknown"]) == {"velunor": product}
    assert read.by_slug(cursor(), ["velunor"], market="AT") == {}


def test_products_are_listed_by_name() -> None:
    cast.velunor()
    cast.linosan()
    assert [product.slug for product in read.all_products(cursor())] == ["linosan", "velunor"]


def test_a_product_is_authorised_from_its_day_on() -> None:
    product = cast.velunor()
    Authorisation.objects.filter(id=product.id).update(authorised_from=NOW)
    found = read.product(cursor(), [product.id])[product.id]
    assert found.authorised(NOW)
    assert not found.authorised(NOW - cast.YEAR)
    Authorisation.objects.filter(id=product.id).update(status="withdrawn")
    assert not read.product(cursor(), [product.id])[product.id].authorised(NOW)


def test_a_pack_is_found_by_its_id() -> None:
    pack = cast.pack()
    assert read.packs(cursor(), [pack.id])[pack.id].name == "Velunor 10 mg Filmtabletten"


def test_the_catalogue_of_samples_has_the_smallest_labelled_packs() -> None:
    cast.velunor()
    cast.linosan()
    assert catalogue() == ["linosan-14", "velunor-14"]


@pytest.mark.parametrize(
    "flaw", [{"is_smallest": False}, {"label_confirmed": False}], ids=["DE_SAM_05_larger_pack", "DE_SAM_06_no_label"]
)
def test_a_pack_that_may_be_no_sample_is_not_in_the_catalogue(flaw: dict[str, object]) -> None:
    Pack.objects.filter(id=cast.pack().id).update(**flaw)
    assert catalogue() == []


@pytest.mark.parametrize(
    "flaw",
    [
        {"btm_annex": "II"},
        {"t_rezept": True},
        {"un_psychotropic": True},
        {"status": "withdrawn"},
        {"status": "pending"},
        {"authorised_from": None},
        {"authorised_from": NOW + cast.YEAR},
    ],
)
def test_DE_SAM_07_an_excluded_product_is_not_in_the_catalogue(flaw: dict[str, object]) -> None:
    Authorisation.objects.filter(id=cast.velunor().id).update(**flaw)
    assert catalogue() == []


def test_DE_SAM_06_a_label_is_confirmed_by_evidence() -> None:
    with pytest.raises(IntegrityError, match="pack_label_with_evidence"), transaction.atomic():
        Pack.objects.filter(id=cast.pack().id).update(label_evidence="")
