from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from einklang.core import settings
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter, World, plans, reads
from einklang.faces.studio.operations.health import health
from einklang.loop.channels.email.sender_check import Finding
from einklang.loop.gate import mail_domain, pace
from einklang.loop.interactions.consumers import Consumer, advance
from tests import cast

READER = Consumer("test-reader", lambda cur, entries, now: None)


def test_nothing_behind_and_nothing_uncertain_is_well(world: World) -> None:
    found = health(cursor(), cast.NOW)
    assert found["ok"] is True
    assert found["messages"] == {"withheld": 1}


def test_an_uncertain_message_is_not_well(world: World) -> None:
    cursor().execute("UPDATE gate_message SET state = 'uncertain' WHERE id = %s", (plans(),))
    assert health(cursor(), cast.NOW)["ok"] is False


def test_a_reader_that_is_behind_is_named_with_its_lag(enter: Enter, fresh_db: str) -> None:
    advance(cursor(), READER, cast.NOW)
    reads(cast.albrecht())
    found = health(cursor(), cast.NOW + timedelta(minutes=5))
    (lag,) = found["consumers"]
    assert found["ok"] is False
    assert (lag["name"], lag["behind"], lag["seconds"]) == ("test-reader", 1, 300.0)
    page = enter("administrator").get(reverse("studio:health")).content.decode()
    assert "test-reader" in page


def test_a_sending_domain_without_its_records_is_told_what_to_set(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINKLANG_SMTP_URL", "smtp://mail.aurelia.example:25")
    monkeypatch.setenv("EINKLANG_MAIL_DOMAIN", "aurelia.example")
    settings.get.cache_clear()
    missing = Finding("spf", "missing", "aurelia.example", "v=spf1 ip4:203.0.113.7 -all")
    mail_domain.keep(cursor(), "aurelia.example", [missing], cast.NOW)
    pace.set_cap(cursor(), "gmx.example", 500, cast.NOW)
    page = enter("administrator").get(reverse("studio:health")).content.decode()
    for told in (
        "Werbung per E‑Mail wartet.",
        "v=spf1 ip4:203.0.113.7 -all",
        "Der Eintrag fehlt.",
        "gmx.example, je Stunde",
    ):
        assert told in page
    monkeypatch.undo()
    settings.get.cache_clear()
