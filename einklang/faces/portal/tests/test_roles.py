"""The portal is for health professionals: driven by the one table of roles."""

from __future__ import annotations

import pytest
from django.test import Client

from einklang.facts.people.roles import ACTS, ROLES
from tests import cast

pytestmark = pytest.mark.django_db

PATHS = (
    "/wissen",
    "/inhalt/herzinsuffizienz-praxis",
    "/einstellungen",
    "/einwilligung",
    "/arzneimittel",
    "/nebenwirkung",
)


@pytest.mark.parametrize("role", sorted(set(ROLES) - ACTS["portal.read"]))
def test_people_of_the_company_have_faces_of_their_own(client: Client, role: str) -> None:
    cast.article()
    client.force_login(cast.staff(role), backend="django.contrib.auth.backends.ModelBackend")
    assert {client.get(path).status_code for path in PATHS} == {403}
    assert client.get("/").headers["Location"] in ("/desk/", "/studio/")
