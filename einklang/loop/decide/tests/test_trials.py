"""Tests that stand beside a journey: given, when, then, on a virtual clock."""

from __future__ import annotations

from typing import Any

import pytest

from einklang.core.connection import cursor
from einklang.loop.decide.journeys import drafts, store
from einklang.loop.decide.journeys.document import parse
from einklang.loop.decide.journeys.trials import outcomes
from einklang.loop.decide.tests.documents import story, with_steps
from einklang.loop.decide.tests.parts import NOW
from tests import cast

GOOD = """
- name: Who clicks is suggested to the rep at once
  when:
    - {after: P3D, clicks: mail}
  then:
    - {sent: mail, after: P2D}
    - {suggested: visit, after: P3D}
    - {ends: done}
- name: Who reads what the mail links to is treated alike
  given: {content: {links: [velunor-studie]}}
  when:
    - {after: P4D, happens: content.viewed, with: {content_slug: velunor-studie}}
  then: [{suggested: visit, after: P4D}]
- name: Without consent there is no mail
  given: {without: [email], specialty: Kardiologie}
  then:
    - {never: sent}
    - {withheld: mail, rule: DE-CON-01, after: P2D}
    - {suggested: visit, after: P5D}
- name: At night the mail waits for the morning
  given: {at: 2026-03-05T02:00:00+01:00}
  then: [{sent: mail, after: P2DT7H}]
- name: The goal ends it
  when: [{after: P1D, happens: visit.held}]
  then: [{never: sent}, {ends: goal}]
- name: The goal counts after the last step, too
  when: [{after: P20D, happens: visit.held}]
  then: [{suggested: visit}, {ends: goal, after: P20D}]
"""


def said(text: str, document: dict[str, Any] | None = None) -> list[tuple[int, str]]:
    """Those that failed, with the lines."""
    found = outcomes(parse(document or story()), text)
    return [(each.line, each.text.en) for each in found if each.text]


def test_a_journey_that_does_what_its_tests_say_passes() -> None:
    assert said(GOOD) == []
    assert [each.line for each in outcomes(parse(story()), GOOD)] == [2, 9, 14, 20, 23, 26]


def test_no_tests_are_no_outcomes() -> None:
    assert outcomes(parse(story()), " \n") == []


def test_a_failing_line_is_named_with_what_came_instead() -> None:
    text = "- name: wrong\n  then:\n    - {sent: mail, after: P2D}\n    - {suggested: visit, after: P3D}\n"
    came = "“mail” sent (P2D); “visit” suggested (P5D); end without the goal (P5D)"
    assert said(text) == [(4, f"Asked for: “visit” suggested (P3D). Came: {came}.")]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("{withheld: mail, rule: DE-CON-01, after: P2D}", "„mail“ zurückgehalten, DE-CON-01 (P2D)"),
        ("{way: {pause: neu}}", "Weg „neu“ bei „pause“"),
        ("{ends: goal}", "Ende mit dem Ziel"),
        ("{never: sent}", "nie etwas gesendet"),
    ],
)
def test_what_was_asked_for_is_said_in_words(wanted: str, words: str) -> None:
    (found,) = outcomes(parse(story()), f"- name: wrong\n  then:\n    - {wanted}\n")
    assert found.text
    assert found.text.de.startswith(f"Verlangt: {words}. Es kam: „mail“ gesendet (P2D)")


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("- name: [", 1, "no valid YAML"),
        ("name: x", 1, "does not have the right form"),
        ("- name: x\n  then:\n    - {send: mail}", 3, "0.then.0"),
        ("- name: x\n  given: {at: yesterday}\n  then: [{ends: done}]", 2, "yesterday"),
        ("- name: x\n  when: [{after: P1M, happens: visit.held}]\n  then: [{ends: done}]", 1, "duration"),
        ("- name: x\n  given: {ways: {versuch: a}}\n  then: [{ends: done}]", 2, "no such ways"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, line: int, part: str) -> None:
    ((where, told),) = said(text)
    assert where == line
    assert part in told


def test_a_test_chooses_the_way_that_chance_takes() -> None:
    split = {"split": [{"name": name, "share": 1, "next": step} for name, step in (("a", "mail"), ("b", "visit"))]}
    text = "\n".join(
        f"- name: way {way}\n  given: {{ways: {{pause: {way}}}}}\n  then: [{{way: {{pause: {way}}}}}, {{{then}}}]"
        for way, then in (("a", "sent: mail"), ("b", "suggested: visit"))
    )
    assert said(text, with_steps(pause=split)) == []


@pytest.mark.django_db
def test_publishing_refuses_while_a_test_fails_and_names_the_line() -> None:
    cast.product_article()
    cast.mail()
    cur, user = cursor(), cast.administrator().id
    wrong = "- name: wrong\n  then: [{ends: goal}]\n"
    with pytest.raises(store.TestsFail, match="Zeile 2: wrong"):
        store.publish(cur, story(), user, NOW, wrong)
    first = store.publish(cur, story(), user, NOW, GOOD)
    assert store.publish(cur, story(), user, NOW, GOOD) == first
    assert store.versions(cur, store.journey_of(cur, first))[-1].tests == GOOD


@pytest.mark.django_db
def test_a_draft_carries_the_tests_of_the_version_it_began_from() -> None:
    cast.product_article()
    cast.mail()
    cur, user = cursor(), cast.administrator().id
    journey = store.journey_of(cur, store.publish(cur, story(), user, NOW, GOOD))
    draft = drafts.of_journey(cur, journey, user, NOW)
    assert draft.tests == GOOD
    wrong = GOOD + "- name: wrong\n  then: [{ends: exited}]\n"
    saved = drafts.save(cur, draft.id, draft.text, tests=wrong, revision=draft.revision, by=user, now=NOW)
    checked = drafts.check(cur, saved, saved.text, NOW, saved.tests)
    assert (checked.whole, [each.name for each in checked.trials if not each.passed]) == (False, ["wrong"])
    with pytest.raises(store.TestsFail):
        drafts.publish(cur, draft.id, revision=saved.revision, by=user, now=NOW)
