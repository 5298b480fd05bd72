from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.products import read
from einklang.facts.products.models import Smpc
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW
DAY = timedelta(days=1)


def test_DE_SAM_08_the_valid_version_is_known_by_number_and_digest() -> None:
    product = cast.velunor()
    found = read.smpc_valid(cursor(), [product.id, ids.new()], NOW)
    stored = Smpc.objects.get(authorisation=product)
    assert found == {product.id: read.SmpcRef(stored.id, 12, stored.sha256, stored.valid_from)}
    assert stored.sha256 == ids.digest(stored.body.encode())
    assert read.smpc_body(cursor(), stored.id) == stored.body


def test_the_next_version_takes_over_at_its_moment() -> None:
    product = cast.velunor()
    Smpc.objects.filter(authorisation=product).update(valid_to=NOW + DAY)
    Smpc.objects.create(authorisation=product, version=13, valid_from=NOW + DAY, body="Fassung 13")
    versions = [read.smpc_valid(cursor(), [product.id], at)[product.id].version for at in (NOW, NOW + DAY)]
    assert versions == [12, 13]


def test_before_the_first_version_none_is_valid() -> None:
    assert read.smpc_valid(cursor(), [cast.velunor().id], NOW - 10 * cast.YEAR) == {}


@pytest.mark.parametrize("valid_to", [None, NOW - cast.YEAR + DAY])
def test_two_versions_are_never_valid_at_the_same_time(valid_to: datetime | None) -> None:
    product = cast.velunor()
    with pytest.raises(IntegrityError), transaction.atomic():
        Smpc.objects.create(
            authorisation=product, version=13, valid_from=NOW - 2 * cast.YEAR, valid_to=valid_to, body="Fassung 13"
        )


def test_a_version_is_never_rewritten() -> None:
    product = cast.velunor()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Smpc.objects.filter(authorisation=product).update(body="anders")
