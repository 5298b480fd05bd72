from __future__ import annotations

import pytest
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter
from einklang.facts.audit import trail
from einklang.loop.interactions import keys
from tests import cast

pytestmark = pytest.mark.django_db


def made(name: str = "Shop") -> keys.Listed:
    keys.create(cursor(), name, server=True, now=cast.NOW)
    return next(each for each in keys.listing(cursor()) if each.name == name)


def test_keys_are_listed_without_giving_them_away(enter: Enter) -> None:
    key = keys.create(cursor(), "Shop", server=True, now=cast.NOW)
    page = enter("auditor").get(reverse("studio:keys")).content.decode()
    assert "Shop" in page
    assert key not in page
    assert "Zurücknehmen" not in page


def test_a_key_that_was_taken_back_tells_nothing_more_and_the_audit_log_knows_who_did_it(enter: Enter) -> None:
    key = keys.create(cursor(), "Shop", server=True, now=cast.NOW)
    (listed,) = keys.listing(cursor())
    client, place = enter("administrator"), reverse("studio:key-revoke", args=[listed.id])
    assert "Zurücknehmen" in client.get(reverse("studio:keys")).content.decode()
    assert "gilt nicht mehr" in client.post(place, follow=True).content.decode()
    assert keys.lookup(cursor(), key) is None
    (act,) = trail.listing(cursor(), limit=9, act="key.revoke")
    assert (act.object, act.old) == (f"key:{listed.id}", "Shop")
    assert "gilt schon nicht mehr" in client.post(place, follow=True).content.decode()
    assert len(trail.listing(cursor(), limit=9, act="key.revoke")) == 1


def test_the_key_of_our_own_pages_stays(enter: Enter) -> None:
    key = keys.browser(cursor(), cast.NOW)
    (listed,) = keys.listing(cursor())
    enter("administrator").post(reverse("studio:key-revoke", args=[listed.id]))
    assert keys.browser(cursor(), cast.NOW) == key
    assert keys.lookup(cursor(), key) is not None


def test_an_unknown_key_is_not_found(enter: Enter) -> None:
    assert enter("administrator").post(reverse("studio:key-revoke", args=[999])).status_code == 404
