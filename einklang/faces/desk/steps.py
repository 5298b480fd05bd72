"""Next best steps and the rep's answers to them: accept, later, dismiss. Each can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.words import Words, speak
from einklang.faces.desk import acting, undo
from einklang.faces.desk.access import Rep, rep_view
from einklang.faces.desk.undo import Undo
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.loop.channels.visit import todo
from einklang.loop.decide import insight, next_best, replies, suggestions
from einklang.loop.decide.next_best import Step
from einklang.loop.profiles import read as profiles
from einklang.loop.profiles.read import Profile
from einklang.ui import channels, locale, numbers
from einklang.ui.components import Factor, Why
from einklang.ui.text import t

SHOWN = 8
PAUSES = {
    "tomorrow": (timedelta(days=1), Words("Morgen", "Tomorrow")),
    "week": (timedelta(days=7), Words("In einer Woche", "In a week")),
    "month": (timedelta(days=30), Words("In einem Monat", "In a month")),
}


@dataclass(frozen=True)
class Suggested:
    card: PersonCard
    step: Step

    @property
    def title(self) -> str:
        return say(self.step.title)

    @property
    def why(self) -> Why:
        factors = [
            Factor(title=say(each.text), word=f"+{each.points}", detail=channels.look(each.channel).name)
            for each in self.step.reasons
        ]
        return Why(sentence=say(self.step.reasons[0].text), factors=factors)


def say(text: Words) -> str:
    return text.in_(locale.current())


def suggested(rep: Rep) -> list[Suggested]:
    """Whoever a journey suggests, and then who waits longest for a visit: best step first."""
    persons = list(rep.territory)
    grades = insight.grades(rep.cur, rep.user.id, persons, rep.now)
    chosen = _chosen(rep, offered(rep, grades))
    best = next_best.for_person(rep.cur, rep.user.id, chosen, rep.now, grades=grades)
    cards = people.cards(rep.cur, chosen)
    found = [Suggested(cards[person], each.steps[0]) for person, each in best.items() if each.steps]
    return sorted(found, key=lambda each: (each.step.accepted, -each.step.score))[:SHOWN]


def offered(rep: Rep, grades: Mapping[UUID, str | None]) -> list[UUID]:
    """Those of the graded with a suggestion that the rep may know of. A place on the list for another would tell."""
    standing = suggestions.open_for(rep.cur, list(grades))
    return sorted(
        person
        for person, offers in standing.items()
        if grades[person] or any(next_best.channel_of(each) == "visit" for each in offers)
    )


def _chosen(rep: Rep, first: Sequence[UUID]) -> list[UUID]:
    known = profiles.profiles(rep.cur, list(rep.territory))
    due = sorted(rep.territory - set(first), key=lambda person: (_visited(known[person]), person))
    return [*first, *due[: max(0, SHOWN - len(first))]]


def _visited(known: Profile) -> float:
    return known.last["visit"].timestamp() if "visit" in known.last else 0.0


def choices() -> dict[str, Sequence[tuple[str, str]]]:
    """What the two small menus under a step offer."""
    return {
        "pauses": [(name, say(text)) for name, (_, text) in PAUSES.items()],
        "refusals": [(name, say(text)) for name, text in replies.REASONS.items()],
    }


@require_POST
@rep_view("desk.visit")
def reply(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    card, key = rep.person(person), request.POST.get("key", "")
    try:
        with transaction.atomic():
            undo.offer(request, _answer(request, rep, card, key))
    except NotFound as error:
        raise Http404 from error
    except InputError as error:
        messages.error(request, speak(error.rule, locale.current()))
    except Conflict as error:
        messages.warning(request, speak(error.args[0], locale.current()))
    return acting.back(request)


def _answer(request: HttpRequest, rep: Rep, card: PersonCard, key: str) -> Undo:
    match request.POST.get("answer"):
        case "accept":
            return _accept(request, rep, card, key)
        case "later":
            return _later(rep, card, key, request.POST.get("until", ""))
        case "dismiss":
            given = replies.dismiss(rep.cur, card.id, key, rep.user.id, rep.now, reason=request.POST.get("reason", ""))
            text = t(
                f"Der Schritt zu {card.display_name} ist abgelehnt.", f"The step on {card.display_name} is declined."
            )
            return Undo(text, "reply", str(given))
    raise Http404


def _accept(request: HttpRequest, rep: Rep, card: PersonCard, key: str) -> Undo:
    """It is a task of today from now on."""
    given = replies.accept(rep.cur, card.id, key, rep.user.id, rep.now)
    source = f"step:{card.id}:{key}"
    title = " ".join(request.POST.get("title", "").split())[: todo.LONGEST] or t(
        "Besuch vereinbaren", "Arrange a visit"
    )
    todo.add(rep.cur, rep=rep.user.id, person=card.id, title=title, due=rep.today, source=source, now=rep.now)
    return Undo(t("Übernommen. Der Schritt steht jetzt bei Ihren Aufgaben.", "Accepted. The step is among your tasks."),
                "reply", str(given), source)  # fmt: skip


def _later(rep: Rep, card: PersonCard, key: str, pause: str) -> Undo:
    until = _until(rep, pause)
    given = replies.later(rep.cur, card.id, key, rep.user.id, rep.now, until=until)
    day = numbers.short_day(until)
    return Undo(t(f"Der Schritt kommt am {day} wieder.", f"The step comes back on {day}."), "reply", str(given))


def _until(rep: Rep, pause: str) -> datetime:
    if pause not in PAUSES:
        raise Http404
    return rep.midnight + PAUSES[pause][0]
