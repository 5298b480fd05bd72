"""One person's way through the loop, newest first: log, journeys, and what the gate held back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse

from einklang.core.words import Words
from einklang.faces.studio import words
from einklang.faces.studio.access import Agent
from einklang.facts.people.read import PersonCard
from einklang.loop.decide.models import Enrolment
from einklang.loop.gate import queue
from einklang.loop.gate.queue import Message
from einklang.loop.interactions import kinds, log
from einklang.loop.interactions.types import Entry
from einklang.ui import locale
from einklang.ui.components import Story, TimelineEntry
from einklang.ui.text import t

LONGEST = 200
LOCKED_PURPOSES = ("medical", "safety")
NOT_SENT = ("withheld", "held", "failed", "uncertain")


def story(agent: Agent, card: PersonCard) -> Story:
    entries = [
        *_interactions(agent, card),
        *_enrolments(card.id),
        *_messages(agent, card.id),
    ]
    return Story(entries=sorted(entries, key=lambda each: each.at, reverse=True)[:LONGEST], with_year=True)


def _interactions(agent: Agent, card: PersonCard) -> Iterator[TimelineEntry]:
    history = log.person_history(agent.cur, [card.id], limit=LONGEST)
    for entry in history:
        yield _locked(entry) if locked(entry, agent) else _told(entry, card, agent)


def locked(entry: Entry, agent: Agent) -> bool:
    """What was said to medical or to drug safety is for drug safety; others learn that there is something."""
    confidential = entry.purpose in LOCKED_PURPOSES or entry.unit == "medical"
    return confidential and not agent.may("safety.read")


def _locked(entry: Entry) -> TimelineEntry:
    return TimelineEntry(
        at=entry.occurred_at,
        channel=entry.channel,
        title=t("Vertraulich.", "Confidential."),
        detail=t(
            "Nur Medizin und Arzneimittelsicherheit lesen diesen Eintrag.",
            "Only medical and drug safety may read this.",
        ),
        locked=True,
    )


def _told(entry: Entry, card: PersonCard, agent: Agent) -> TimelineEntry:
    href, act = _verdict_of(entry, agent)
    return TimelineEntry(
        at=entry.occurred_at,
        channel=entry.channel,
        title=_subject(entry, card),
        detail=kinds.sentence(entry.kind, entry.properties, locale.current()) + ".",
        icon=words.icon(entry.kind),
        lines=(entry.kind,),
        href=href,
        act=act,
    )


def _subject(entry: Entry, card: PersonCard) -> str:
    if entry.kind == "suggestion.made":
        return t("Die Journey", "The journey")
    return words.company() if entry.initiator == "company" else card.short(locale.current())


def _verdict_of(entry: Entry, agent: Agent) -> tuple[str, str]:
    if entry.message is None or entry.kind != "email.sent" or not agent.may("studio.verdicts"):
        return "", ""
    message = queue.get(agent.cur, entry.message)
    return _verdict_link(message.dispatch_verdict or message.verdict)


def _enrolments(person: UUID) -> Iterator[TimelineEntry]:
    for each in Enrolment.objects.filter(person_id=person).select_related("version"):
        title = Words(**each.version.document["title"]).in_(locale.current())
        yield TimelineEntry(
            at=each.entered_at,
            channel="system",
            icon="path",
            title=t("Die Journey", "The journey"),
            detail=t(f"„{title}“ nahm sie auf.", f"“{title}” took her in."),
        )


def _messages(agent: Agent, person: UUID) -> Iterator[TimelineEntry]:
    """What never became an interaction, because it was not sent."""
    for state in NOT_SENT:
        for message in queue.listing(agent.cur, state=state, person=person, limit=LONGEST):
            yield _unsent(message, agent)


def _unsent(message: Message, agent: Agent) -> TimelineEntry:
    href, act = _verdict_link(message.verdict) if agent.may("studio.verdicts") else ("", "")
    return TimelineEntry(
        at=message.updated_at,
        channel=message.channel,
        title=words.state(message.state),
        detail=message.detail,
        withheld=message.state == "withheld",
        href=href,
        act=act,
    )


def _verdict_link(verdict: UUID) -> tuple[str, str]:
    return reverse("studio:verdict", args=[verdict]), t("Urteil", "Verdict")
