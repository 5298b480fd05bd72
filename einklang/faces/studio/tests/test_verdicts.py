from __future__ import annotations

from django.urls import reverse

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.studio.tests.conftest import Enter, World


def test_a_verdict_opens_to_reasons_rules_and_versions(enter: Enter, world: World) -> None:
    page = _verdict(enter, world)
    assert "Nein. " in page
    assert "DE-CON-01" in page
    assert "DE-HWG-02" in page
    assert "Vertiefung Herzinsuffizienz“ (Fassung 1) an Dr. med. Miriam Albrecht senden?" in page
    for pack in world.mail.verdict.packs:
        assert pack in page


def test_replaying_says_that_the_same_facts_give_the_same_verdict(enter: Enter, world: World) -> None:
    assert "gleiche Fakten, gleiches Urteil" not in _verdict(enter, world)
    assert "gleiche Fakten, gleiches Urteil" in _verdict(enter, world, nachrechnen="1")


def test_replaying_shows_that_stored_facts_were_changed(enter: Enter, world: World) -> None:
    cur = cursor()
    cur.execute("ALTER TABLE gate_facts DISABLE TRIGGER USER")
    cur.execute("UPDATE gate_facts SET body = body || '{\"forged\": true}'::jsonb")
    assert "Nachgerechnet ergibt sich etwas anderes." in _verdict(enter, world, nachrechnen="1")


def test_the_list_is_narrowed_by_answer_and_rule(enter: Enter, world: World) -> None:
    rows = {
        query: enter("auditor").get(reverse("studio:verdicts") + query).content.decode().count("<tr><td")
        for query in ("", "?antwort=no", "?antwort=yes", "?regel=DE-CON-01", "?regel=DE-XXX-01", "?vor=unsinn")
    }
    assert rows == {
        "": 2,
        "?antwort=no": 1,
        "?antwort=yes": 1,
        "?regel=DE-CON-01": 1,
        "?regel=DE-XXX-01": 0,
        "?vor=unsinn": 2,
    }


def test_an_unknown_verdict_is_not_found(enter: Enter, world: World) -> None:
    assert enter("auditor").get(reverse("studio:verdict", args=[ids.new()])).status_code == 404


def _verdict(enter: Enter, world: World, **query: str) -> str:
    answer = enter("auditor").get(reverse("studio:verdict", args=[world.mail.verdict_id]), query)
    assert answer.status_code == 200
    return answer.content.decode()
