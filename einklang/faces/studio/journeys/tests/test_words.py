from __future__ import annotations

import pytest

from einklang.faces.studio.journeys import words
from einklang.faces.studio.journeys.picture import Links, picture
from einklang.loop.decide.journeys.document import parse
from einklang.loop.decide.tests.documents import story

PLAN = parse(story())
TOPIC = min(PLAN.trigger.where.topics)
LONG = "Arzneimittelnebenwirkungsmeldung in der Gemeinschaftspraxis für Innere Medizin und Kardiologie"


def test_a_topic_is_called_by_its_name_and_without_one_by_its_slug() -> None:
    assert "zum Thema Herzschwäche" in words.condition(PLAN.trigger, {words.TOPIC + TOPIC: "Herzschwäche"})
    assert f"zum Thema {TOPIC.capitalize()}" in words.condition(PLAN.trigger, {})


@pytest.mark.parametrize("sign", ["", "geändert"])
def test_a_box_holds_the_beginning_of_a_long_title_and_says_that_more_follows(sign: str) -> None:
    drawn = picture(PLAN, {"vertiefung-herzinsuffizienz": LONG}, None, Links(signs=dict.fromkeys(PLAN.order, sign)))
    (shown,) = [each.node for each in drawn.nodes if each.node.title.startswith("E") and "„" in each.node.title]
    assert shown.title.endswith("…")
    assert f"E\u2011Mail „{LONG}“".startswith(shown.title.removesuffix("…"))
    assert shown.meta.startswith("erst Prüfung")


def test_a_box_is_higher_where_title_and_second_line_both_break() -> None:
    drawn = picture(PLAN, {}, None)
    heights = {each.node.key: float(each.height) for each in drawn.nodes}
    assert heights["mail"] > heights["+entry"]
