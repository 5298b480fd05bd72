from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from einklang.core.errors import InputError
from einklang.facts.people import checks
from einklang.facts.people.models import Organisation, Person, User
from tests import cast


def test_an_address_is_kept_in_lower_case() -> None:
    assert checks.email("  Miriam.Albrecht@Praxis.Example ") == "miriam.albrecht@praxis.example"


@pytest.mark.parametrize(
    "value", ["a@b.example\nBcc: c@d.example", "a@b.example\r\n", "a@b.example\u2028x", "a\0@b.example"]
)
def test_an_address_with_a_line_break_is_refused(value: str) -> None:
    with pytest.raises(InputError) as refused:
        checks.email(value)
    assert refused.value.rule == checks.ONE_LINE[0]


@pytest.mark.parametrize(
    "value",
    ["", "a", "a@b", "@b.example", "a b@c.example", "a@b.example,c@d.example", "a@.example", "x" * 250 + "@b.example"],
)
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(InputError) as refused:
        checks.email(value)
    assert refused.value.rule == checks.NO_ADDRESS[0]


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["email", "family_name", "given_name", "title", "phone"])
def test_the_database_refuses_a_line_break_in_a_name_or_address(field: str) -> None:
    doctor = cast.albrecht()
    with pytest.raises(IntegrityError, match="person_one_line"), transaction.atomic():
        Person.objects.filter(id=doctor.id).update(**{field: "Anna\nBcc: x"})


@pytest.mark.django_db
def test_the_database_refuses_a_line_break_in_a_postal_address() -> None:
    with pytest.raises(IntegrityError, match="organisation_one_line"), transaction.atomic():
        Organisation.objects.create(name="Praxis", street="Lindenallee 4\r\n30159 Hannover")


@pytest.mark.django_db
def test_one_address_is_one_user_whatever_its_case() -> None:
    user = User.objects.create_user("Jonas@aurelia.example", "einklang-im-test")
    assert User.objects.get_by_natural_key("JONAS@aurelia.example") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("jonas@AURELIA.example")


@pytest.mark.django_db
def test_a_superuser_is_an_administrator() -> None:
    user = User.objects.create_superuser("root@aurelia.example", "einklang-im-test")
    assert user.may("studio.health")
    assert user.check_password("einklang-im-test")
