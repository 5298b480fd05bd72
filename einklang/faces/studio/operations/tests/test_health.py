from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from einklang.core import clock, settings
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter, World, plans, reads
from einklang.faces.studio.operations import charts
from einklang.faces.studio.operations.health import health
from einklang.loop.channels.email.sender_check import Finding
from einklang.loop.gate import mail_domain, pace
from einklang.loop.interactions.consumers import Consumer, advance
from einklang.loop.interactions.pulse import Beat
from einklang.watch import house
from einklang.watch.house import Chore, House, Worker
from tests import cast

DAY = timedelta(days=1)
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


def test_who_works_and_who_fell_silent_is_told_with_the_chores(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clock.real_now()
    works, silent = Worker("here/1", real, real), Worker("elsewhere/7", real, real - timedelta(minutes=5))
    days = [Chore("forget", DAY, real - 4 * DAY), Chore("house", DAY, real), Chore("sender", DAY, None)]
    monkeypatch.setattr(house, "_house", House(lambda cur: [works, silent], lambda cur: days))
    page = enter("administrator").get(reverse("studio:health")).content.decode()
    for told in ("here/1", "arbeitet", "elsewhere/7", "verstummt", "1 am Werk", "überfällig", "getan", "noch nie"):
        assert told in page


def test_a_house_without_a_worker_says_so(enter: Enter, world: World) -> None:
    assert "Niemand: es geht nichts hinaus" in enter("administrator").get(reverse("studio:health")).content.decode()


def test_what_is_uncertain_leads_to_where_people_decide(enter: Enter, world: World) -> None:
    cursor().execute("UPDATE gate_message SET state = 'uncertain' WHERE id = %s", (plans(),))
    page = enter("administrator").get(reverse("studio:health")).content.decode()
    assert "Bei einer Nachricht weiß niemand, ob sie ankam." in page
    assert "?zustand=uncertain" in page


def test_how_much_was_read_is_told_by_how_far_readers_came(world: World) -> None:
    at = [cast.NOW + number * timedelta(minutes=30) for number in range(4)]
    steps = zip(at, (1000, 4000, None, 2_000_000_000), strict=True)
    drawn = charts.throughput([Beat("profiles", moment, 0, 0.0, pos) for moment, pos in steps])
    assert drawn
    assert list(drawn.series[0].values) == [100.0, None, None], "a gap and a restored log are no throughput"


def test_without_a_course_there_is_no_chart() -> None:
    assert charts.throughput([]) is None
    assert charts.lag([Beat("profiles", cast.NOW, 0, 0.0)]) is None
