from __future__ import annotations

import pytest
from psycopg.errors import RestrictViolation

from einklang.core.connection import cursor
from einklang.core.errors import NotFound
from einklang.core.ids import new
from einklang.core.pg import Cursor
from einklang.loop.decide.journeys import store
from einklang.loop.decide.journeys.document import WrongDocument
from einklang.loop.decide.tests.documents import story, with_steps
from einklang.loop.decide.tests.parts import NOW, published
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cur(db: None) -> Cursor:
    return cursor()


@pytest.mark.parametrize(
    "change", ["UPDATE decide_version SET number = 7", "DELETE FROM decide_version", "TRUNCATE decide_version CASCADE"]
)
def test_a_published_version_never_changes(cur: Cursor, change: str) -> None:
    published()
    cur.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(RestrictViolation, match="never changes"):
        cur.execute(change)


def test_publishing_the_same_again_makes_no_version(cur: Cursor) -> None:
    journey = published()
    assert published() == journey
    assert [each.number for each in store.versions(cur, journey)] == [1]


def test_a_change_makes_the_next_version_and_the_listing_shows_it(cur: Cursor) -> None:
    journey = published()
    store.publish(cur, story(title={"de": "Neu", "en": "New"}), cast.administrator().id, NOW)
    (row,) = store.listing(cur)
    assert (row.id, row.number, row.title.en, row.state) == (journey, 2, "New", "active")


def test_a_wrong_document_is_not_published(cur: Cursor) -> None:
    with pytest.raises(WrongDocument):
        store.publish(cur, story(start="nowhere"), cast.administrator().id, NOW)
    assert store.listing(cur) == []


def test_what_a_step_sends_must_be_approved(cur: Cursor) -> None:
    with pytest.raises(WrongDocument) as caught:
        store.publish(cur, story(), cast.administrator().id, NOW)
    assert {each.step for each in caught.value.problems} == {"mail", "visit"}


def test_a_suggested_product_must_exist(cur: Cursor) -> None:
    cast.product_article()
    cast.mail()
    suggest = {**story()["steps"]["visit"]["suggest"], "products": ["nostrum"]}
    with pytest.raises(WrongDocument, match="nostrum"):
        store.publish(cur, with_steps(visit={"suggest": suggest, "next": "end"}), cast.administrator().id, NOW)


def test_a_switch_pressed_twice_is_pressed_once(cur: Cursor) -> None:
    journey = published()
    for _ in range(2):
        store.pause(cur, journey, NOW)
    for _ in range(2):
        store.resume(cur, journey, NOW)
    assert store.listing(cur)[0].state == "active"


def test_a_stopped_journey_does_not_resume_but_can_be_published_anew(cur: Cursor) -> None:
    journey = published()
    store.stop(cur, journey, NOW)
    store.resume(cur, journey, NOW)
    assert store.listing(cur)[0].state == "stopped"
    published()
    assert store.listing(cur)[0].state == "active"


def test_an_unknown_journey_is_said_to_be_unknown(cur: Cursor) -> None:
    with pytest.raises(NotFound):
        store.pause(cur, new(), NOW)
