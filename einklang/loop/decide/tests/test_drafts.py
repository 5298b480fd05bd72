from __future__ import annotations

import json

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import NotFound
from einklang.core.pg import Cursor
from einklang.loop.decide.journeys import changes, drafts, store
from einklang.loop.decide.journeys.document import WrongDocument
from einklang.loop.decide.journeys.drafts import Draft, Outdated
from einklang.loop.decide.tests.documents import story, with_steps
from einklang.loop.decide.tests.parts import NOW, published
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cur(db: None) -> Cursor:
    return cursor()


@pytest.fixture
def draft(cur: Cursor) -> Draft:
    return drafts.of_journey(cur, published(), cast.administrator().id, NOW)


def save(cur: Cursor, draft: Draft, text: str) -> Draft:
    return drafts.save(cur, draft.id, text, revision=draft.revision, by=cast.administrator().id, now=NOW)


def said(cur: Cursor, draft: Draft, text: str) -> list[tuple[int, str]]:
    return [(line, problem.text.de) for line, problem in drafts.check(cur, draft, text, NOW).problems]


def test_a_draft_begins_with_the_newest_version_and_there_is_one(cur: Cursor, draft: Draft) -> None:
    assert json.loads(draft.text) == story()
    assert draft.journey is not None
    assert drafts.of_journey(cur, draft.journey, cast.petersen().id, NOW) == draft


def test_what_is_wrong_is_kept_and_not_published(cur: Cursor, draft: Draft) -> None:
    kept = save(cur, draft, "{")
    assert (kept.text, kept.revision) == ("{", 2)
    with pytest.raises(WrongDocument):
        drafts.publish(cur, draft.id, revision=2, by=cast.administrator().id, now=NOW)


def test_the_second_of_two_people_is_told_and_nothing_is_lost(cur: Cursor, draft: Draft) -> None:
    save(cur, draft, "first")
    with pytest.raises(Outdated) as told:
        save(cur, draft, "second")
    assert told.value.draft.text == drafts.get(cur, draft.id).text == "first"


def test_saving_twice_is_saving_once(cur: Cursor, draft: Draft) -> None:
    assert save(cur, draft, "first") == save(cur, draft, "first")


def test_nobody_publishes_what_she_has_not_seen(cur: Cursor, draft: Draft) -> None:
    save(cur, draft, changes.written(story(title={"de": "A", "en": "A"})))
    with pytest.raises(Outdated):
        drafts.publish(cur, draft.id, revision=1, by=cast.administrator().id, now=NOW)


def test_publishing_makes_the_next_version_and_ends_the_draft(cur: Cursor, draft: Draft) -> None:
    save(cur, draft, changes.written(story(title={"de": "A", "en": "A"})))
    journey = drafts.publish(cur, draft.id, revision=2, by=cast.administrator().id, now=NOW)
    assert journey == draft.journey
    assert [each.number for each in store.versions(cur, journey)] == [1, 2]
    with pytest.raises(NotFound):
        drafts.get(cur, draft.id)


def test_a_new_journey_starts_from_scratch_or_from_a_copy(cur: Cursor, draft: Draft) -> None:
    boss = cast.administrator().id
    scratch = drafts.begin(cur, boss, NOW)
    copy = drafts.begin(cur, boss, NOW, copy=draft.journey)
    assert said(cur, scratch, scratch.text) == said(cur, copy, copy.text) == []
    assert json.loads(copy.text)["key"] == "lesen-vertiefen-besuchen-kopie"
    assert drafts.publish(cur, copy.id, revision=1, by=boss, now=NOW) != draft.journey
    again = drafts.begin(cur, boss, NOW, copy=draft.journey)
    assert json.loads(again.text)["key"] == "lesen-vertiefen-besuchen-kopie-2"


def test_the_key_of_another_journey_is_refused(cur: Cursor, draft: Draft) -> None:
    scratch = drafts.begin(cur, cast.administrator().id, NOW)
    ((line, text),) = said(cur, scratch, scratch.text.replace("neue-journey", story()["key"]))
    assert line == 3
    assert "hat schon eine Journey" in text


def test_the_own_key_does_not_change(cur: Cursor, draft: Draft) -> None:
    ((_, text),) = said(cur, draft, changes.written(story(key="anders")))
    assert "ändert sich nicht" in text


def test_a_misspelt_content_is_said_with_its_line_and_the_right_name(cur: Cursor, draft: Draft) -> None:
    text = draft.text.replace("vertiefung-herz", "vertifung-herz")
    ((line, told),) = said(cur, draft, text)
    assert "vertifung" in text.splitlines()[line - 1]
    assert "Meinten Sie 'vertiefung-herzinsuffizienz'?" in told


def test_an_article_is_not_sent_as_a_mail(cur: Cursor, draft: Draft) -> None:
    mail = {**story()["steps"]["mail"]["message"], "content": "velunor-studie"}
    ((_, told),) = said(cur, draft, changes.written(with_steps(mail={"message": mail, "next": "listen"})))
    assert "falsche Art" in told


def test_a_discarded_draft_is_gone_unless_somebody_went_on(cur: Cursor, draft: Draft) -> None:
    save(cur, draft, "first")
    with pytest.raises(Outdated):
        drafts.discard(cur, draft.id, revision=1)
    drafts.discard(cur, draft.id, revision=2)
    assert drafts.listing(cur) == []
