"""A mailing from its draft to its end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError
from einklang.core.pg import Cursor
from einklang.facts.content import read as content
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.decide.erasure import erase, export
from einklang.loop.decide.mailings import outlook, run, store
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.decide.tests.mailing_parts import NOON, mailed, runs, scheduled, wanted, writable
from einklang.loop.gate import notes, queue, tally, tasks
from tests import cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cur() -> Cursor:
    writable()
    return cursor()


def test_everybody_is_asked_about_once_however_small_the_pieces(cur: Cursor) -> None:
    mailing = scheduled(cur)
    runs(cur, limit=1)
    found = store.get(cur, mailing)
    assert (found.state, found.asked, found.planned) == ("done", 4, 2)
    assert sorted(state for _, state in mailed(cur)) == ["planned", "planned", "withheld", "withheld"]
    assert sum(tally.withheld(cur, mailing).values()) == 2


def test_nothing_happens_before_it_starts(cur: Cursor) -> None:
    scheduled(cur, NOON + timedelta(hours=1))
    assert run.advance(cur, NOON) == 0
    assert mailed(cur) == []


def test_only_whom_the_segment_names_is_asked_about(cur: Cursor) -> None:
    scheduled(cur, segment=Segment(specialties=("Kardiologie",)))
    runs(cur)
    assert mailed(cur) == [(cast.albrecht().id, "planned")]


def test_stopped_what_waits_is_withheld_and_nobody_else_is_asked_about(cur: Cursor) -> None:
    mailing = scheduled(cur)
    run.advance(cur, NOON, 3)
    waiting = queue.ids(cur, journey=mailing)
    store.stop(cur, mailing, "Falscher Betreff", by=cast.administrator().id, now=NOON)
    runs(cur)
    found = store.get(cur, mailing)
    assert (found.state, found.asked, found.reason) == ("stopped", 3, "Falscher Betreff")
    assert {queue.get(cur, each).detail for each in waiting} == {notes.MAILING_STOPPED}
    assert queue.ids(cur, journey=mailing) == []


def test_from_the_stop_on_nothing_leaves_though_it_is_not_withheld_yet(cur: Cursor) -> None:
    mailing = scheduled(cur)
    runs(cur)
    store.stop(cur, mailing, "Falscher Betreff", by=cast.administrator().id, now=NOON)
    adapter = FakeAdapter()
    tasks.dispatch(NOON, {"email": adapter})
    assert adapter.sent == []
    assert {state for _, state in mailed(cur)} == {"withheld"}
    runs(cur)
    assert store.get(cur, mailing).state == "stopped"


def test_what_would_leave_only_after_the_last_day_is_withheld(cur: Cursor) -> None:
    night = cast.NOW.replace(hour=21)  # 22:00 in Berlin: quiet until the next morning
    mailing = scheduled(cur, night)
    runs(cur, night)
    assert {state for _, state in mailed(cur)} == {"withheld"}
    assert tally.withheld(cur, mailing)["EU-END-01"] == 2


def test_after_the_last_day_nobody_else_is_asked_about(cur: Cursor) -> None:
    mailing = scheduled(cur)
    run.advance(cur, NOON, 1)
    runs(cur, NOON + DAY)
    assert (store.get(cur, mailing).state, store.get(cur, mailing).asked) == ("done", 1)


def test_the_second_of_two_editors_is_told(cur: Cursor) -> None:
    by = cast.administrator().id
    mailing = store.create(cur, "Neu", by=by, now=cast.NOW)
    store.save(cur, mailing, wanted(), revision=1, by=by, now=cast.NOW)
    with pytest.raises(Conflict):
        store.save(cur, mailing, wanted(name="Anders"), revision=1, by=by, now=cast.NOW)
    assert store.get(cur, mailing).name == "Velunor im Herbst"


def test_a_mailing_is_scheduled_once_and_comes_back_while_nobody_was_asked_about(cur: Cursor) -> None:
    by = cast.administrator().id
    mailing = scheduled(cur)
    with pytest.raises(Conflict):
        store.schedule(cur, mailing, NOON, revision=2, by=by, now=cast.NOW)
    store.unschedule(cur, mailing, by=by, now=cast.NOW)
    assert store.get(cur, mailing).state == "draft"
    assert run.advance(cur, NOON) == 0


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 101}),
        ("ends", {"ends": cast.NOW.date() - DAY}),
        ("ends", {"ends": cast.NOW.date() + 400 * DAY}),
        ("content", {"content": UUID(int=1)}),
        ("brand", {"brand": "unbekannt"}),
    ],
)
def test_a_draft_that_breaks_a_rule_names_its_field(cur: Cursor, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(InputError) as raised:
        store.check(cur, wanted(**changes), cast.NOW)
    assert raised.value.field == field


def test_a_start_outside_of_the_period_and_a_draft_without_a_mail_are_refused(cur: Cursor) -> None:
    with pytest.raises(InputError, match="starts_at"):
        scheduled(cur, NOON + 3 * DAY)
    with pytest.raises(InputError, match="content"):
        scheduled(cur, content=None)


def test_she_is_told_of_the_mailing_and_erased_from_it_and_its_count_stays(cur: Cursor) -> None:
    mailing, person = scheduled(cur), cast.albrecht().id
    runs(cur)
    (told,) = export(cur, person)["mailings"]
    assert told["mailing"] == "Velunor im Herbst"
    erase(cur, person, NOON)
    assert export(cur, person)["mailings"] == []
    assert store.get(cur, mailing).asked == 4


def test_the_outlook_says_beforehand_what_the_run_then_does(cur: Cursor) -> None:
    version = content.versions(cur, [cast.mail().id])[cast.mail().id]
    seen = outlook.look(cur, Segment(), version, at=NOON, until=NOON + DAY, now=cast.NOW)
    assert mailed(cur) == [], "looking sends nothing"
    mailing = scheduled(cur)
    runs(cur)
    found = store.get(cur, mailing)
    assert (seen.total, seen.may, seen.withheld) == (found.asked, found.planned, found.withheld)
    assert {each.rule: each.people for each in seen.held} == tally.withheld(cur, mailing)


def test_without_a_mail_the_outlook_counts_and_judges_nothing(cur: Cursor) -> None:
    seen = outlook.look(cur, Segment(), None, at=NOON, until=NOON + DAY, now=cast.NOW)
    assert (seen.total, seen.judged) == (4, 0)


def test_a_mailing_is_of_its_mails_brand_and_of_no_other(cur: Cursor) -> None:
    assert store.check(cur, wanted(), cast.NOW) == "velunor"
    assert store.check(cur, wanted(brand="velunor"), cast.NOW) == "velunor"
    cast.linosan()
    with pytest.raises(InputError) as raised:
        store.check(cur, wanted(brand="linosan"), cast.NOW)
    assert raised.value.field == "content"


def test_the_period_ends_before_the_approval_of_its_mail_does(cur: Cursor) -> None:
    short = cast.mail("kurz", valid_to=cast.NOW + DAY)
    with pytest.raises(InputError) as raised:
        store.check(cur, wanted(content=short.id, ends=cast.NOW.date() + 2 * DAY), cast.NOW)
    assert raised.value.field == "ends"
