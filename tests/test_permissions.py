"""Each address of the house, tried as everybody: the table in docs/roles.md, cell by cell."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from einklang.faces.portal.models import Notice
from einklang.facts.people.models import TerritoryRep, User
from einklang.facts.people.roles import ACTS, HCP, REP, ROLES
from einklang.project import permissions
from einklang.project.permissions import Address
from einklang.ui.access import OPEN
from tests import cast

NOWHERE = UUID(int=7)
VALUES = {"uuid": NOWHERE, "slug": "nirgends", "str": "nirgends", "path": "nirgends", "int": 7}
LOGIN = "/anmelden"
pytestmark = pytest.mark.django_db


def path(address: Address) -> str:
    kinds = {name: kind for kind, name in _parameters(address.route)}
    return reverse(address.name, kwargs={name: VALUES[kinds[name]] for name in address.parameters})


def guarded() -> list[Address]:
    return [each for each in permissions.addresses() if each.act != OPEN]


def enter(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def user_with(role: str) -> User:
    if role == REP:
        return cast.petersen()
    if role != HCP:
        return cast.staff(role)
    user = cast.login_of(cast.albrecht())
    Notice.objects.get_or_create(user=user, defaults={"accepted": False, "at": cast.NOW})
    return user


def test_each_view_says_what_it_asks_for_and_the_table_knows_it() -> None:
    unknown = [each.name for each in permissions.addresses() if each.act not in {OPEN, *ACTS}]
    assert unknown == []


def test_the_page_of_the_documentation_is_this_table() -> None:
    written = Path(__file__).parents[1] / "docs" / "roles.md"
    assert written.read_text() == permissions.page(), "run `make roles`"


def test_who_is_not_logged_in_is_asked_to_log_in_everywhere() -> None:
    client = enter(None)
    for each in guarded():
        for answer in (client.get(path(each)), client.post(path(each))):
            asked = answer.status_code == 302 and answer.headers["Location"].startswith(LOGIN)
            assert asked or answer.status_code == 405, each.name


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_its_column_ticks_and_nothing_else(role: str) -> None:
    client = enter(user_with(role))
    for each in guarded():
        assert each.act
        answers = [client.get(path(each)), client.post(path(each))]
        refused = [answer.status_code == 403 for answer in answers if answer.status_code != 405]
        elsewhere = each.name == "portal:home" and role != HCP  # sends people of the company to their own face
        if role in ACTS[each.act]:
            assert not all(refused), each.name  # what it changes may ask for one act more
        else:
            assert all(refused) or elsewhere, each.name
        assert all(answer.status_code < 500 for answer in answers), each.name


def of_a_person() -> list[Address]:
    return [each for each in permissions.addresses() if each.name.startswith("desk:") and "person" in each.parameters]


def test_a_rep_of_another_territory_finds_nobody_at_any_address_of_the_desk() -> None:
    doctor = cast.albrecht()
    client = enter(cast.adler())
    assert of_a_person()
    for each in of_a_person():
        address = path(each).replace(str(NOWHERE), str(doctor.id))
        assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}, each.name


def test_a_rep_whose_territory_has_ended_finds_nobody() -> None:
    doctor = cast.albrecht()
    rep = cast.petersen()
    TerritoryRep.objects.filter(user=rep).update(until=cast.NOW - timedelta(days=1))
    client = enter(rep)
    for each in of_a_person():
        assert client.get(path(each).replace(str(NOWHERE), str(doctor.id))).status_code in {404, 405}, each.name


def test_who_has_left_the_company_is_logged_out() -> None:
    rep = cast.petersen()
    client = enter(rep)
    User.objects.filter(id=rep.id).update(is_active=False)
    assert client.get("/desk/").headers["Location"].startswith(LOGIN)


def _parameters(route: str) -> list[tuple[str, str]]:
    """(converter, name) of each `<converter:name>`; a bare `<name>` is a string."""
    inside = [part.split(">", 1)[0] for part in route.split("<")[1:]]
    return [
        (kind, name) if (kind and name) else ("str", kind or name)
        for kind, _, name in (i.partition(":") for i in inside)
    ]
