from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.core.words import Words
from einklang.faces.studio.conftest import Enter
from einklang.faces.studio.record import audit_words
from einklang.facts.audit import trail
from einklang.facts.content import topic_book, topics
from einklang.facts.content.models import ContentVersion
from einklang.facts.content.topics import Topic
from einklang.loop.decide.journeys import store
from einklang.loop.decide.tests.documents import story
from einklang.services.approval.tests import parts
from tests import cast

pytestmark = pytest.mark.django_db
KIDNEY = {"slug": "nierenfunktion", "de": "Nierenfunktion", "en": "Kidney function", "revision": "0", "more": ""}


def named(*specialties: str) -> None:
    cur = cursor()
    topic_book.create(cur, cast.TOPIC, Topic(Words("Herzinsuffizienz", "Heart failure"), frozenset(specialties)))


def send(client: Client, name: str, told: dict[str, Any], topic: str = "") -> Any:
    return client.post(reverse(f"studio:{name}", args=[topic] if topic else []), told)


def change(**fields: Any) -> dict[str, Any]:
    return {"de": "Herzschwäche", "en": "Heart failure", "specialties": [], "more": "", "revision": "1"} | fields


def text(client: Client, name: str, *args: str) -> str:
    return client.get(reverse(f"studio:{name}", args=args)).content.decode()


def saved(slug: str = cast.TOPIC) -> Topic:
    return topics.load(cursor())[slug]


def test_a_house_without_topics_says_what_belongs_here(enter: Enter) -> None:
    assert "Das erste Thema anlegen" in text(enter("marketing"), "topics")
    assert "Das erste Thema anlegen" not in text(enter("auditor"), "topics")


def test_a_topic_is_made_and_unmade(enter: Enter) -> None:
    client = enter("marketing")
    send(client, "topic-new", KIDNEY | {"more": "Nephrologie, Diabetologie"})
    assert saved("nierenfunktion").specialties == {"Nephrologie", "Diabetologie"}
    assert reverse("studio:topic-drop", args=["nierenfunktion"]) in text(client, "topics")
    send(client, "topic-drop", {"revision": "1"}, "nierenfunktion")
    assert topics.load(cursor()) == {}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"slug": "zwei worte"}, "Buchstaben, Ziffern und Bindestrichen"),
        ({"slug": cast.TOPIC}, "gibt es schon"),
        ({"de": ""}, "Diese Angabe fehlt."),
        ({"en": "heart failure"}, "So heißt schon das Thema"),
        ({"de": "x" * 90}, "80"),
    ],
)
def test_a_wrong_entry_is_told_at_its_field_and_the_rest_stays(told: dict[str, str], said: str, enter: Enter) -> None:
    named()
    answer = send(enter("marketing"), "topic-new", KIDNEY | told)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert "Kidney function" in answer.content.decode() or "en" in told


def test_names_and_specialties_are_changed_and_changed_back(enter: Enter) -> None:
    cast.albrecht()
    named("Kardiologie")
    client = enter("marketing")
    send(client, "topic", change(specialties=["Kardiologie"], more="Innere Medizin"), cast.TOPIC)
    assert saved() == Topic(Words("Herzschwäche", "Heart failure"), frozenset({"Kardiologie", "Innere Medizin"}))
    undo = client.session["studio_toast"]["fields"]
    send(client, "topic", dict(undo), cast.TOPIC)
    assert saved() == Topic(Words("Herzinsuffizienz", "Heart failure"), frozenset({"Kardiologie"}))


def test_the_second_of_two_editors_is_told_what_is_saved_and_keeps_her_entries(enter: Enter) -> None:
    named()
    client = enter("marketing")
    send(client, "topic", change(de="Herzschwäche"), cast.TOPIC)
    second = send(client, "topic", change(de="Schwaches Herz"), cast.TOPIC)
    told = second.content.decode()
    assert second.status_code == 409
    assert "Gespeichert ist jetzt: Herzschwäche" in told
    assert "Schwaches Herz" in told
    assert 'name="revision" value="2"' in told
    send(client, "topic", change(de="Schwaches Herz", revision="2"), cast.TOPIC)
    assert saved().name.de == "Schwaches Herz"


def test_a_retired_topic_is_offered_no_more_and_comes_back(enter: Enter) -> None:
    named()
    client = enter("marketing")
    send(client, "topic-retire", {"revision": "1"}, cast.TOPIC)
    assert cast.TOPIC not in topics.offered(cursor())
    assert "Stillgelegt" in text(client, "topics")
    send(client, "topic-restore", {"revision": "1"}, cast.TOPIC)
    assert cast.TOPIC not in topics.offered(cursor())
    send(client, "topic-restore", {"revision": "2"}, cast.TOPIC)
    assert cast.TOPIC in topics.offered(cursor())


def test_what_uses_a_topic_stands_beside_it(enter: Enter) -> None:
    cur = cursor()
    cast.product_article(), cast.mail()
    store.publish(cur, story(), cast.administrator().id, cast.NOW)
    page = text(enter("marketing"), "topic", cast.TOPIC)
    (journey,) = store.running(cur)
    assert journey.plan.topics == {cast.TOPIC}
    assert reverse("studio:journey", args=[journey.journey]) in page
    for version in topic_book.contents(cur, cast.TOPIC):
        assert reverse("studio:content-detail", args=[version]) in page
    assert topic_book.contents(cur, cast.TOPIC)


def test_a_topic_that_contents_bear_and_nobody_named_waits_for_its_name(enter: Enter) -> None:
    cast.product_article()
    client = enter("marketing")
    assert "Noch ohne Namen" in text(client, "topics")
    send(client, "topic", change(revision="0"), cast.TOPIC)
    assert saved().name.de == "Herzschwäche"


def test_a_draft_takes_a_topic_by_its_name_and_no_unknown_or_retired_one(enter: Enter) -> None:
    named()
    client = enter("marketing")
    told = {"slug": "neu", "kind": "slides", "audience": "fachkreis", "valid_from": "2026-11-19"}
    refused = send(client, "content-new", told | {"topics": "Herzinsufizienz"})
    assert "Das Thema „Herzinsufizienz“ gibt es nicht." in refused.content.decode()
    send(client, "content-new", told | {"topics": "heart failure, Herzinsuffizienz"})
    assert ContentVersion.objects.get(slug="neu").topics == [cast.TOPIC]
    topic_book.retire(cursor(), cast.TOPIC, revision=1)
    assert send(client, "content-new", told | {"slug": "neuer", "topics": cast.TOPIC}).status_code == 422


def test_a_draft_keeps_the_topics_that_it_bears(enter: Enter) -> None:
    version = parts.draft()
    assert parts.content(version).topics
    answer = enter("marketing").get(reverse("studio:content-edit", args=[version]))
    assert ", ".join(parts.content(version).topics) in answer.content.decode()


def test_each_act_stands_in_the_audit_log_in_words(enter: Enter) -> None:
    client = enter("marketing")
    send(client, "topic-new", KIDNEY)
    send(client, "topic", change(de="Nieren", revision="1"), "nierenfunktion")
    send(client, "topic-retire", {"revision": "2"}, "nierenfunktion")
    found = trail.listing(cursor(), limit=10, object="topic:nierenfunktion")
    assert [each.act for each in found] == ["topic.retire", "topic.change", "topic.create"]
    assert {audit_words.act(each.act) for each in found}.isdisjoint({each.act for each in found})
    assert "deutsch: Nieren" in audit_words.value(found[1].new)


@pytest.mark.parametrize(("locale", "words"), [("de", "Worum es geht"), ("en", "What it is about")])
def test_the_list_speaks_both_languages(locale: str, words: str, enter: Enter) -> None:
    named()
    client = enter("auditor")
    session = client.session
    session["locale"] = locale
    session.save()
    assert words in text(client, "topics")
    assert saved().name.in_(locale) in text(client, "topic", cast.TOPIC)
