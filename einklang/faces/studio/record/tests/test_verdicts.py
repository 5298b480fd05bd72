from __future__ import annotations

import pytest
from django.urls import reverse

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter, World
from einklang.facts.audit import trail


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
        query: enter("auditor").get(reverse("studio:verdicts") + query).content.decode().count("data-open")
        for query in ("", "?antwort=no", "?antwort=yes", "?regel=DE-CON-01", "?regel=DE-XXX-01", "?ab=unsinn")
    }
    assert rows == {
        "": 2,
        "?antwort=no": 1,
        "?antwort=yes": 1,
        "?regel=DE-CON-01": 1,
        "?regel=DE-XXX-01": 0,
        "?ab=unsinn": 2,
    }


def test_an_unknown_verdict_is_not_found(enter: Enter, world: World) -> None:
    assert enter("auditor").get(reverse("studio:verdict", args=[ids.new()])).status_code == 404


def _verdict(enter: Enter, world: World, **query: str) -> str:
    answer = enter("auditor").get(reverse("studio:verdict", args=[world.mail.verdict_id]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_file_is_the_list(enter: Enter, world: World) -> None:
    address = reverse("studio:verdicts") + "?antwort=no&als=csv"
    answer = enter("auditor").get(address)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].startswith("stored_at;act;channel")
    assert [line.split(";")[-1] for line in lines[1:]] == [str(world.mail.verdict_id)]
    (exported,) = trail.listing(cursor(), limit=10, act="list.export")
    assert (exported.object, exported.new) == ("list:verdicts", {"filters": ["antwort"]})


def test_who_sees_no_names_gets_no_file_and_no_small_group(enter: Enter, world: World) -> None:
    text = enter("analyst").get(reverse("studio:verdicts") + "?als=csv").content.decode()
    assert "unter 5" in text
    assert "data-open" not in text


def test_a_detail_keeps_the_filters_of_its_list(enter: Enter, world: World) -> None:
    address = reverse("studio:verdict", args=[world.mail.verdict_id])
    text = enter("auditor").get(address + "?antwort=no&kanal=email").content.decode()
    assert f'href="{address}?antwort=no&amp;kanal=email"' in text
    assert text.count("data-open") == 1


def test_what_was_not_stored_then_is_said(enter: Enter, world: World) -> None:
    cur = cursor()
    cur.execute("ALTER TABLE gate_facts DISABLE TRIGGER USER")
    cur.execute("UPDATE gate_facts SET body = body - 'consent'")
    text = _verdict(enter, world, nachrechnen="1")
    assert "Nicht vergleichbar." in text
    assert "<code>consent</code>" in text


@pytest.mark.parametrize("list_of", ["verdicts", "messages", "consents", "people", "audit"])
def test_a_filter_that_a_list_does_not_know_finds_nothing_and_is_named(
    enter: Enter, world: World, list_of: str
) -> None:
    known = {"verdicts": "regel", "messages": "zustand", "consents": "stand", "people": "land", "audit": "von"}
    page = enter("auditor").get(reverse(f"studio:{list_of}"), {known[list_of]: "DE-XXX-01"}).content.decode()
    assert "DE-XXX-01“ kennt diese Liste nicht." in page
    assert "data-open" not in page
    assert f'href="{reverse(f"studio:{list_of}")}">Ohne diesen Filter zeigen' in page
    assert "kennt diese Liste nicht" not in enter("auditor").get(reverse(f"studio:{list_of}")).content.decode()
