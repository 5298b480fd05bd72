from __future__ import annotations

from django.urls import reverse

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.studio.tests.conftest import Enter, World
from einklang.loop.decide.journeys import store


def test_a_journey_shows_its_steps_and_numbers(enter: Enter, world: World) -> None:
    page = enter("analyst").get(reverse("studio:journey", args=[world.journey])).content.decode()
    for said in ("Lesen, vertiefen, besuchen", "Aufgenommen", "Ziel erreicht", "pause", "mail", "listen", "visit"):
        assert said in page
    assert "Anhalten" not in page


def test_marketing_pauses_resumes_and_stops(enter: Enter, world: World) -> None:
    client = enter("marketing")
    for act, state in (("pause", "paused"), ("resume", "active"), ("stop", "stopped")):
        answer = client.post(reverse("studio:switch", args=[world.journey]), {"act": act})
        assert answer.headers["Location"] == reverse("studio:journey", args=[world.journey])
        assert [row.state for row in store.listing(cursor(), world.journey)] == [state]


def test_an_unknown_act_changes_nothing(enter: Enter, world: World) -> None:
    assert enter("marketing").post(reverse("studio:switch", args=[world.journey]), {"act": "burn"}).status_code == 400


def test_an_unknown_journey_is_not_found(enter: Enter, world: World) -> None:
    assert enter("marketing").get(reverse("studio:journey", args=[ids.new()])).status_code == 404
    assert enter("marketing").post(reverse("studio:switch", args=[ids.new()]), {"act": "stop"}).status_code == 404
