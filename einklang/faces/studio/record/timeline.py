"""One person's way through the loop, newest first: log, journeys, and what the gate held back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from einklang.faces.studio import words
from einklang.faces.studio.access import Agent
from einklang.facts.people.read import PersonCard
from einklang.loop.decide import disclosure
from einklang.loop.decide.journeys import enrolments
from einklang.loop.gate import browse
from einklang.loop.gate.queue import Message
from einklang.loop.interactions import kinds, log
from einklang.loop.interactions.types import Entry
from einklang.ui import channels, locale
from einklang.ui.components import Story, TimelineEntry
from einklang.ui.text import t

LONGEST = 200
NOT_SENT = ("withheld", "held", "failed", "uncertain")


def story(agent: Agent, card: PersonCard) -> Story:
    entries = [
        *_interactions(agent, card),
        *_enrolments(agent, card.id),
        *_messages(agent, card.id),
    ]
    return Story(entries=sorted(entries, key=lambda each: each.at, reverse=True)[:LONGEST], with_year=True)


def _interactions(agent: Agent, card: PersonCard) -> Iterator[TimelineEntry]:
    history = log.person_history(agent.cur, [card.id], limit=LONGEST)
    judged = _verdicts(agent, history) if agent.may("studio.verdicts") else {}
    for entry in history:
        yield _locked(entry) if locked(entry, agent) else _told(entry, card, judged)


def _verdicts(agent: Agent, history: Sequence[Entry]) -> dict[UUID, UUID]:
    return browse.judged(agent.cur, {each.message for each in history if each.message and each.kind == "email.sent"})


def locked(entry: Entry, agent: Agent) -> bool:
    """What was said to medical or to drug safety is for drug safety; others learn that there is something."""
    return disclosure.confidential(entry.purpose, entry.unit) and not agent.may("safety.read")


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


def _told(entry: Entry, card: PersonCard, judged: Mapping[UUID, UUID]) -> TimelineEntry:
    verdict = judged.get(entry.message) if entry.message and entry.kind == "email.sent" else None
    href, act = _verdict_link(verdict) if verdict else ("", "")
    return TimelineEntry(
        at=entry.occurred_at,
        channel=entry.channel,
        title=_subject(entry, card),
        detail=kinds.sentence(entry.kind, entry.properties, locale.current()) + ".",
        icon=channels.sign(entry.kind),
        href=href,
        act=act,
    )


def _subject(entry: Entry, card: PersonCard) -> str:
    if entry.kind == "suggestion.made":
        return t("Die Journey", "The journey")
    return words.company() if entry.initiator == "company" else card.short(locale.current())


def _enrolments(agent: Agent, person: UUID) -> Iterator[TimelineEntry]:
    for entered_at, journey in enrolments.entered(agent.cur, person):
        title = journey.in_(locale.current())
        yield TimelineEntry(
            at=entered_at,
            channel="system",
            icon="path",
            title=t("Die Journey", "The journey"),
            detail=t(f"„{title}“ nahm sie auf.", f"“{title}” took her in."),
        )


def _messages(agent: Agent, person: UUID) -> Iterator[TimelineEntry]:
    """What never became an interaction, because it was not sent."""
    for message in browse.listing(agent.cur, states=list(NOT_SENT), person=person, limit=LONGEST):
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
