from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter, World
from einklang.faces.studio.journeys.picture import GOAL, Links, picture
from einklang.facts.audit import trail
from einklang.loop.decide.journeys import changes, drafts, store
from einklang.loop.decide.journeys.document import parse
from einklang.loop.decide.journeys.ways import Ways
from einklang.loop.decide.tests.documents import story, with_steps
from tests import cast

NUMBERS = Ways(
    places={
        ("waiting", "pause"): 96,
        ("waiting", "listen"): 56,
        ("done", "end"): 794,
        ("goal", "end"): 214,
        ("exited", "pause"): 124,
    },
    passed={
        ("pause", "waited"): 1_064,
        ("mail", "planned"): 742,
        ("mail", "withheld"): 322,
        ("listen", "happened"): 231,
        ("listen", "timeout"): 777,
        ("visit", "suggested"): 1_008,
    },
    withheld={("mail", "DE-CON-01"): 241, ("mail", "AUR-CAP-02"): 81},
    open=287,
)


def opened(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"studio:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def state(journey: UUID) -> str:
    return store.listing(cursor(), journey)[0].state


def acts() -> list[str]:
    return [each.act for each in trail.listing(cursor(), limit=10)][::-1]


# Picture


def test_what_arrives_at_a_step_is_what_came_down_its_ribbons() -> None:
    with translation.override("de"):
        drawn = picture(parse(story()), {}, NUMBERS, Links("/x/STEP/", "mail"))
    people = {shown.node.key: shown.node.people for shown in drawn.nodes}
    assert people["mail"] == 742 + 322
    assert people["listen"] == 56 + 231 + 777
    assert people[GOAL] == 214
    assert people["+entry"] == NUMBERS.entered == 1_284
    assert [shown.node.href for shown in drawn.nodes if shown.node.current] == ["/x/mail/"]
    assert [flow.style for flow in drawn.flows].count("hold") == 1
    assert {label.text for label in drawn.labels} >= {"742 freigegeben", "322 zurückgehalten"}


def test_without_numbers_the_way_alone_is_drawn() -> None:
    with translation.override("en"):
        drawn = picture(parse(story()), {}, None)
    assert all(shown.node.people is None and not shown.node.href for shown in drawn.nodes)
    assert drawn.labels == ()
    assert [said for _, _, said in drawn.days] == ["Day 0", "Day 2", "Day 2–5", "up to day 30"]


# Pages


def test_a_journey_shows_its_picture_its_numbers_and_a_step(enter: Enter, world: World) -> None:
    page = opened(enter("analyst"), "journey", world.journey)
    for said in ("Lesen, vertiefen, besuchen", "Aufgenommen", "Besuch gehalten", "2\N{NO-BREAK SPACE}Tage warten"):
        assert said in page
    assert page.count("<foreignObject") == 8
    assert "Ändern, anhalten und beenden dürfen Marketing und Administration" in page
    assert "Anhalten</button>" not in page


def test_every_step_has_an_address(enter: Enter, world: World) -> None:
    client = enter("marketing")
    for step in story()["steps"]:
        page = opened(client, "journey-step", world.journey, step)
        assert re.findall(r'aria-current="true"[^>]*>', page)
    assert client.get(reverse("studio:journey-step", args=[world.journey, "nowhere"])).status_code == 404


def test_the_same_numbers_stand_in_a_table(enter: Enter, world: World) -> None:
    page = opened(enter("marketing"), "journey", world.journey, ansicht="tabelle")
    assert "<foreignObject" not in page
    assert page.count("/step/") == len(story()["steps"])


def test_the_list_counts_by_state_and_filters(enter: Enter, world: World) -> None:
    client = enter("marketing")
    assert "Lesen, vertiefen, besuchen" in opened(client, "journeys")
    assert "In diesem Zustand ist keine Journey." in opened(client, "journeys", zustand="stopped")


def test_an_unknown_journey_is_not_found(enter: Enter, world: World) -> None:
    client = enter("marketing")
    for name in ("journey", "journey-versions", "journey-stop"):
        assert client.get(reverse(f"studio:{name}", args=[ids.new()])).status_code == 404
    assert client.post(reverse("studio:switch", args=[ids.new()]), {"act": "pause"}).status_code == 404
    assert client.get(reverse("studio:journey", args=[world.journey]), {"fassung": "9"}).status_code == 404


# Pause, resume, stop


def test_a_pause_can_be_taken_back_and_both_are_audited(enter: Enter, world: World) -> None:
    client = enter("marketing")
    address = reverse("studio:switch", args=[world.journey])
    page = client.post(address, {"act": "pause"}, follow=True).content.decode()
    assert state(world.journey) == "paused"
    assert "Rückgängig" in page
    assert "Niemand tritt ein" in page
    client.post(address, {"act": "pause"})
    client.post(address, {"act": "resume"})
    assert state(world.journey) == "active"
    assert acts() == ["journey.pause", "journey.resume"]


def test_an_unknown_act_changes_nothing(enter: Enter, world: World) -> None:
    for act in ("burn", "stop"):
        answer = enter("marketing").post(reverse("studio:switch", args=[world.journey]), {"act": act})
        assert answer.status_code == 400


def test_a_stop_says_whom_it_concerns_and_wants_a_reason(enter: Enter, world: World) -> None:
    client = enter("marketing")
    address = reverse("studio:journey-stop", args=[world.journey])
    assert "Personen treten aus" in client.get(address).content.decode()
    refused = client.post(address, {"reason": "zu kurz"})
    assert refused.status_code == 422
    assert "zu kurz</textarea>" in refused.content.decode()
    assert state(world.journey) == "active"
    page = client.post(address, {"reason": "Die Zulassung ruht seit heute."}, follow=True).content.decode()
    assert state(world.journey) == "stopped"
    assert "Die Zulassung ruht seit heute." in page
    (entry,) = trail.listing(cursor(), limit=1)
    assert (entry.act, entry.old, entry.new, entry.reason) == (
        "journey.stop",
        "active",
        "stopped",
        "Die Zulassung ruht seit heute.",
    )
    assert client.post(address, {"reason": "Noch einmal gedrückt."}).status_code == 302
    assert acts() == ["journey.stop"]


# Versions


def test_two_versions_are_compared_in_words_lines_and_pictures(enter: Enter, world: World) -> None:
    changed = with_steps(pause={"wait": {"for": "P3D"}, "next": "mail"})
    store.publish(cursor(), changed, cast.administrator().id, cast.NOW)
    client = enter("auditor")
    page = opened(client, "journey-versions", world.journey)
    assert "Schritt „pause“: Wartezeit" in page
    assert page.count('<svg class="graph"') == 2
    assert page.count("node  changed") == 2
    assert "Diese Fassungen sind gleich." in opened(client, "journey-versions", world.journey, von="1", mit="1")
    assert client.get(reverse("studio:journey-versions", args=[world.journey]), {"von": "7"}).status_code == 404


def test_an_earlier_version_keeps_its_page(enter: Enter, world: World) -> None:
    store.publish(cursor(), story(title={"de": "Neu", "en": "New"}), cast.administrator().id, cast.NOW)
    page = opened(enter("marketing"), "journey", world.journey, fassung="1")
    assert "Eine frühere Fassung" in page


# Writing


@pytest.fixture
def draft(enter: Enter, world: World) -> str:
    """The address of the journey's draft, just begun."""
    answer = enter("marketing").post(reverse("studio:journey-edit", args=[world.journey]))
    return str(answer.headers["Location"])


def written(**changed: object) -> str:
    return changes.written(story(**changed))


def test_a_wrong_document_is_kept_and_said_with_its_line(enter: Enter, draft: str) -> None:
    text = written(start="nowhere")
    answer = enter("marketing").post(draft, {"act": "publish", "revision": "1", "text": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Den Schritt &#x27;nowhere&#x27; gibt es nicht." in page
    line = next(n for n, each in enumerate(text.splitlines(), 1) if '"start"' in each)
    assert f'data-line="{line}"' in page
    assert "&quot;nowhere&quot;" in page


def test_typing_is_checked_without_being_stored(enter: Enter, draft: str) -> None:
    client = enter("marketing")
    page = client.post(f"{draft}check", {"text": written(title={"de": "A", "en": "B"})}).content.decode()
    assert "Alles stimmt." in page
    assert '<svg class="graph"' in page
    assert "<html" not in page
    broken = client.post(f"{draft}check", {"text": '{"format": 1\n"key": 2}'}).content.decode()
    assert "Zeile 2" in broken
    assert "&quot;A&quot;" not in client.get(draft).content.decode()


def test_publishing_shows_what_changes_first(enter: Enter, draft: str, world: World) -> None:
    client = enter("marketing")
    changed = with_steps(pause={"wait": {"for": "P3D"}, "next": "mail"})
    page = client.post(
        draft, {"act": "publish", "revision": "1", "text": changes.written(changed)}, follow=True
    ).content.decode()
    assert "Fassung 2 veröffentlichen?" in page
    assert "Schritt „pause“: Wartezeit" in page
    assert len(store.versions(cursor(), world.journey)) == 1
    answer = client.post(f"{draft}publish", {"revision": "2"})
    assert answer.headers["Location"] == reverse("studio:journey", args=[world.journey])
    assert [each.number for each in store.versions(cursor(), world.journey)] == [1, 2]
    assert acts() == ["journey.publish"]
    assert client.post(f"{draft}publish", {"revision": "2"}).status_code == 404


def test_the_second_of_two_people_keeps_her_text_and_sees_the_others(enter: Enter, draft: str) -> None:
    enter("marketing").post(draft, {"act": "save", "revision": "1", "text": written(title={"de": "Eins", "en": "One"})})
    second = enter("administrator")
    mine = written(title={"de": "Zwei", "en": "Two"})
    answer = second.post(draft, {"act": "save", "revision": "1", "text": mine})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "marketing hat den Entwurf inzwischen gespeichert." in page
    assert "&quot;Eins&quot;" in page
    assert "&quot;Zwei&quot;" in page
    assert 'name="revision" value="2"' in page
    assert second.post(draft, {"act": "save", "revision": "2", "text": mine}).status_code == 302


def test_nobody_publishes_what_somebody_else_has_just_changed(enter: Enter, draft: str, world: World) -> None:
    first = enter("marketing")
    first.post(draft, {"act": "publish", "revision": "1", "text": written(title={"de": "Eins", "en": "One"})})
    enter("administrator").post(draft, {"act": "save", "revision": "2", "text": written(title={"de": "Z", "en": "Z"})})
    answer = first.post(f"{draft}publish", {"revision": "2"})
    assert answer.status_code == 409
    assert "Jemand anderes hat den Entwurf inzwischen geändert." in answer.content.decode()
    assert len(store.versions(cursor(), world.journey)) == 1


def test_a_version_published_meanwhile_is_told(enter: Enter, draft: str, world: World) -> None:
    store.publish(cursor(), story(title={"de": "Neu", "en": "New"}), cast.administrator().id, cast.NOW)
    assert "ist Fassung 2 erschienen" in enter("marketing").get(draft).content.decode()


def test_a_new_journey_from_scratch_and_as_a_copy(enter: Enter, world: World) -> None:
    client = enter("marketing")
    fresh = client.post(reverse("studio:journey-new"))
    assert client.post(reverse("studio:journey-new")).headers["Location"] == fresh.headers["Location"]
    copy = client.post(reverse("studio:journey-new"), {"copy": str(world.journey)})
    page = client.get(copy.headers["Location"]).content.decode()
    assert "lesen-vertiefen-besuchen-kopie" in page
    assert "Alles stimmt." in page
    assert len(drafts.listing(cursor())) == 2


def test_a_discarded_draft_is_gone(enter: Enter, draft: str) -> None:
    client = enter("marketing")
    client.post(draft, {"act": "discard", "revision": "1", "text": ""})
    assert client.get(draft).status_code == 404


def test_a_discarded_draft_comes_back_once_with_text_and_tests(enter: Enter, draft: str) -> None:
    client = enter("marketing")
    client.post(draft, {"act": "discard", "revision": "1", "text": "{geschrieben", "tests": "- name: meiner"})
    told = client.session["studio_toast"]
    first, second = (client.post(told["undo"], dict(told["fields"])) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    page = client.get(first.headers["Location"]).content.decode()
    assert "{geschrieben" in page
    assert "- name: meiner" in page


def test_a_draft_that_another_began_meanwhile_is_not_overwritten(enter: Enter, world: World, draft: str) -> None:
    client = enter("marketing")
    client.post(draft, {"act": "discard", "revision": "1", "text": "{meins"})
    told = client.session["studio_toast"]
    begun = client.post(reverse("studio:journey-edit", args=[world.journey])).headers["Location"]
    client.post(begun, {"act": "save", "revision": "1", "text": "{ihres"})
    answer = client.post(told["undo"], dict(told["fields"]))
    assert (answer.status_code, "{meins" in answer.content.decode()) == (409, True)
    assert "{ihres" in client.get(begun).content.decode()


@pytest.mark.parametrize("revision", ["", "x", "99999999999999", "0"])
def test_a_form_without_a_true_revision_saves_nothing(enter: Enter, draft: str, revision: str) -> None:
    answer = enter("marketing").post(draft, {"act": "save", "revision": revision, "text": "{"})
    assert answer.status_code == 409


def test_who_may_only_look_writes_nothing(enter: Enter, draft: str, world: World) -> None:
    client = enter("analyst")
    assert client.get(draft).status_code == 403
    for name, args in (("journey-new", []), ("journey-edit", [world.journey])):
        assert client.post(reverse(f"studio:{name}", args=args)).status_code == 403
    assert client.post(f"{draft}check", {"text": "{}"}).status_code == 403
    assert client.get(reverse("studio:journey-stop", args=[world.journey])).status_code == 403
