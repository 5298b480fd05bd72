from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from psycopg import Cursor

from einklang.core import ids, pg
from einklang.core.connection import cursor
from einklang.faces.studio.access import Agent
from einklang.faces.studio.conftest import Enter, World, reads
from einklang.faces.studio.record import timeline
from einklang.facts.people import read as people
from einklang.loop.interactions import log, make
from einklang.loop.interactions.types import Interaction
from tests import cast


def test_a_person_is_found_by_part_of_name_practice_or_town(enter: Enter, world: World) -> None:
    cast.kern()
    for text in ("albr", "Praxis Albrecht", "miriam hannover"):
        page = enter("data_steward").get(reverse("studio:people"), {"q": text}).content.decode()
        assert "Dr. med. Miriam Albrecht" in page
        assert "Kern" not in page


def test_nobody_found_says_what_to_try(enter: Enter, world: World) -> None:
    page = enter("data_steward").get(reverse("studio:people"), {"q": "Xylophon"}).content.decode()
    assert "Niemand gefunden" in page


def test_the_timeline_tells_what_happened_and_what_was_withheld(enter: Enter, world: World) -> None:
    page = _timeline(enter, "auditor", world)
    assert "hat „Herzinsuffizienz“ gelesen" in page
    assert "hat ein Muster angefordert" in page
    assert "Zurückgehalten" in page
    assert reverse("studio:verdict", args=[world.mail.verdict_id]) in page


def test_the_timeline_tells_each_permission_in_words(enter: Enter, world: World) -> None:
    cast.allow(world.person, "rep_visibility", grade="topic")
    cast.withdraw(world.person, "tracking")
    cast.object_to(world.person, "visit")
    page = _timeline(enter, "auditor", world).replace("\u00a0", " ")
    for said in (
        "erteilt am 19. Nov., nur Thema",
        "widerrufen am 19. Nov.",
        "widersprochen am 19. Nov.",
        "nie erteilt",
    ):
        assert said in page


def test_what_was_said_to_medical_is_a_lock_and_a_sentence(enter: Enter, world: World) -> None:
    reads(world.person, purpose="medical", source_id="secret", unit="medical")
    page = _timeline(enter, "service_agent", world)
    assert "Nur Medizin und Arzneimittelsicherheit lesen diesen Eintrag." in page
    assert page.count("hat „Herzinsuffizienz“ gelesen") == 1


def test_who_may_not_read_verdicts_gets_no_link_to_one(enter: Enter, world: World) -> None:
    assert "/studio/verdicts/" not in _timeline(enter, "service_agent", world)


def test_a_longer_history_takes_no_more_queries(world: World) -> None:
    assert world.mail.message is not None
    card, counts = people.cards(cursor(), [world.person.id])[world.person.id], []
    for number in range(30):
        log.record(cursor(), [_sent(world.person.id, world.mail.message, number)])
        if number in (0, 29):
            queries = Counting(cursor().connection)
            pg.adapt_json(queries)
            story = timeline.story(Agent(cast.staff("auditor"), queries, cast.NOW), card)
            counts.append(queries.count)
    assert counts[0] == counts[1]
    assert sum(reverse("studio:verdict", args=[world.mail.verdict_id]) == each.href for each in story.entries) == 31


class Counting(Cursor[Any]):
    count = 0

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        self.count += 1
        return super().execute(*args, **kwargs)


def _sent(person: UUID, message: UUID, number: int) -> Interaction:
    said = {"subject": f"Brief {number}", "content_slug": "brief", "topics": []}
    return make.interaction(
        "email.sent", now=cast.NOW, source="test", source_id=str(number), person=person, message=message,
        purpose="promotional", unit="marketing", properties=said,
    )  # fmt: skip


def test_an_unknown_person_is_not_found(enter: Enter, world: World) -> None:
    assert enter("auditor").get(reverse("studio:person", args=[ids.new()])).status_code == 404


def _timeline(enter: Enter, role: str, world: World) -> str:
    answer = enter(role).get(reverse("studio:person", args=[world.person.id]))
    assert answer.status_code == 200
    return answer.content.decode()
