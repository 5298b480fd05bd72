from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.products import mandatory, read
from einklang.facts.products.models import MandatoryText
from tests import cast


def test_DE_HWG_04_eight_fields_make_a_mandatory_text() -> None:
    assert mandatory.problems(cast.FIELDS) == []
    assert len(mandatory.LABELS) == 8


@pytest.mark.parametrize("name", list(mandatory.LABELS))
@pytest.mark.parametrize("text", ["", "  ", "n/a", "n/a:", "n/a: "])
def test_DE_HWG_04_a_field_is_filled_or_says_why_not(name: str, text: str) -> None:
    assert mandatory.problems({**cast.FIELDS, name: text}) == [name]
    assert mandatory.problems({**cast.FIELDS, name: "n/a: nur ein Wirkstoff"}) == []


def test_a_field_that_is_missing_or_unknown_is_named() -> None:
    fields = {name: text for name, text in cast.FIELDS.items() if name != "side_effects"}
    assert mandatory.problems({**fields, "price": "10 EUR"}) == ["price", "side_effects"]


def test_what_does_not_apply_is_not_printed() -> None:
    labels = [label for label, _ in mandatory.lines(cast.FIELDS, "de")]
    assert "Warnhinweise" not in labels
    assert labels[0] == "Pharmazeutischer Unternehmer"
    assert [label for label, _ in mandatory.lines(cast.FIELDS, "en")][-1] == "Supply"


@pytest.mark.django_db
def test_the_newest_version_that_has_begun_is_the_current_one() -> None:
    product = cast.velunor()
    MandatoryText.objects.create(authorisation=product, version=13, valid_from=cast.NOW + cast.YEAR, fields=cast.FIELDS)
    now = read.mandatory(cursor(), [product.id], cast.NOW)[product.id]
    later = read.mandatory(cursor(), [product.id], cast.NOW + cast.YEAR)[product.id]
    assert (now.version, later.version) == (12, 13)
    assert read.mandatory_texts(cursor(), [now.id]) == {now.id: now}
    assert now.lines("de")[1] == ("Bezeichnung", "Velunor 10 mg Filmtabletten")


@pytest.mark.django_db
def test_an_incomplete_text_is_not_stored_and_a_stored_one_not_rewritten() -> None:
    product = cast.velunor()
    with pytest.raises(InputError, match="warnings"):
        MandatoryText.objects.create(
            authorisation=product, version=13, valid_from=cast.NOW, fields={**cast.FIELDS, "warnings": ""}
        )
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        MandatoryText.objects.filter(authorisation=product).update(fields={})


@pytest.mark.parametrize(("locale", "label"), [("de", "Wirkstoff"), ("en", "Active substance")])
def test_DE_HWG_04_a_single_active_substance_follows_the_name(locale: str, label: str) -> None:
    told = mandatory.lines(cast.FIELDS, locale)
    assert told[1:3] == [(mandatory.LABELS["name"][locale], cast.FIELDS["name"]), (label, "Velunorat")]


@pytest.mark.parametrize("change", [{"name": "Velunorat 10 mg"}, {"substance": ""}, {"substance": "n/a: zwei"}])
def test_DE_HWG_04_the_substance_is_not_repeated_and_never_made_up(change: dict[str, str]) -> None:
    labels = [label for label, _ in mandatory.lines({**cast.FIELDS, **change}, "de")]
    assert "Wirkstoff" not in labels
