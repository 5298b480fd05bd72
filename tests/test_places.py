"""A mail that went out keeps its links for ever: a route that is renamed or lost breaks them all."""

from __future__ import annotations

import pytest
from django.urls import resolve

from einklang.ui import places
from einklang.ui.places import Place


def test_every_place_is_in_the_list() -> None:
    assert {each for each in vars(places).values() if isinstance(each, Place)} == set(places.ALL)


@pytest.mark.parametrize("place", places.ALL, ids=lambda place: str(place.view))
def test_an_address_that_stands_in_mails_leads_to_its_view(place: Place) -> None:
    assert resolve(place.path("a-part")).view_name == place.view
