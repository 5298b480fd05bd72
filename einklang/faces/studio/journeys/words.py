"""What a journey's steps are called, what they do and when: in the language of the reader."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from einklang.loop.decide.journeys.document import (
    Branch,
    Condition,
    Journey,
    Message,
    Split,
    Step,
    Suggest,
    Wait,
    WaitFor,
)
from einklang.loop.decide.journeys.order import origin
from einklang.loop.decide.journeys.wake import NOTHING_TO_SEND
from einklang.loop.gate import closed, packs
from einklang.ui import channels, locale, numbers
from einklang.ui.text import label, t

EVENTS = {
    "content.viewed": ("Inhalt gelesen", "Content read"),
    "email.sent": ("E\u2011Mail gesendet", "E\u2011mail sent"),
    "email.opened": ("E\u2011Mail geöffnet", "E\u2011mail opened"),
    "email.clicked": ("Link in E\u2011Mail geklickt", "Link in e\u2011mail clicked"),
    "email.bounced": ("E\u2011Mail nicht angenommen", "E\u2011mail bounced"),
    "visit.held": ("Besuch gehalten", "Visit held"),
    "call.held": ("Anruf geführt", "Call held"),
    "sample.requested": ("Muster angefordert", "Sample requested"),
    "sample.dispatched": ("Muster versandt", "Sample dispatched"),
    "consent.changed": ("Einwilligung geändert", "Consent changed"),
    "recommendation.shown": ("Empfehlung gezeigt", "Recommendation shown"),
    "suggestion.made": ("Vorschlag gemacht", "Suggestion made"),
    "person.identified": ("Person erkannt", "Person identified"),
}
OUTCOMES = {
    "waited": ("weitergegangen", "went on"),
    "planned": ("freigegeben", "allowed"),
    "withheld": ("zurückgehalten", "withheld"),
    "happened": ("Zeichen gesehen", "sign seen"),
    "timeout": ("Zeit abgelaufen", "time ran out"),
    "suggested": ("vorgeschlagen", "suggested"),
    "then": ("ja", "yes"),
    "else": ("nein", "no"),
    "goal": ("Ziel erreicht", "goal reached"),
    "exited": ("ausgetreten", "left"),
}
ICONS = {
    Wait: "clock-countdown", WaitFor: "book-open-text", Branch: "path", Split: "flask", Suggest: "handshake"
}  # fmt: skip
KINDS = {
    Wait: ("Warten", "Wait"),
    WaitFor: ("Auf ein Zeichen warten", "Wait for a sign"),
    Branch: ("Verzweigen", "Branch"),
    Split: ("Versuch", "Experiment"),
    Message: ("Nachricht", "Message"),
    Suggest: ("Vorschlag", "Suggestion"),
}
HOLLOW = re.compile(r"[:,]?\s*\.$")  # what is left where a sentence names more than is known here
Titles = Mapping[str, str]  # of content, by slug; of topics, with TOPIC before it
TOPIC = "topic:"


def event(kind: str) -> str:
    return t(*EVENTS.get(kind, (kind, kind)))


def outcome(name: str) -> str:
    return t(*OUTCOMES.get(name, (name, name)))


def kind(step: Step) -> str:
    return t(*KINDS[type(step)])


def icon(step: Step) -> str:
    return channels.look(step.channel).icon if isinstance(step, Message) else ICONS[type(step)]


def hue(step: Step) -> str:
    if isinstance(step, Message):
        return channels.look(step.channel).hue
    return "visit" if isinstance(step, Suggest) else ""


def title(step: Step, titles: Titles) -> str:
    match step:
        case Wait(duration=timedelta() as span):
            return t(f"{numbers.span(span)} warten", f"Wait {numbers.span(span)}")
        case Wait(until=until):
            return t(f"Bis {until:%H:%M} Uhr warten", f"Wait until {until:%H:%M}")
        case WaitFor():
            return t("Auf ein Zeichen warten", "Wait for a sign")
        case Branch():
            return t("Verzweigung", "Branch")
        case Split():
            return t("Versuch: ", "Experiment: ") + t(" oder ", " or ").join(each.name for each in step.ways)
        case Message(content=slug, channel=channel):
            name = titles.get(slug, slug)
            return f"{channels.look(channel).name} " + t(f"„{name}“", f"“{name}”")
        case Suggest():
            return t("Vorschlag an den Außendienst", "Suggestion to the rep")


def short(step: Step, titles: Titles) -> str:
    """As it stands in a box."""
    return t("An Außendienst", "To the rep") if isinstance(step, Suggest) else title(step, titles)


def condition(asked: Condition, titles: Titles) -> str:
    """Inhalt gelesen zum Thema Herzinsuffizienz."""
    said = t(" oder ", " or ").join(sorted(event(each) for each in asked.kinds))
    if asked.where.topics:
        names = (titles.get(TOPIC + each, label(each)) for each in sorted(asked.where.topics))
        said += t(" zum Thema ", " about ") + _all(names)
    if asked.where.content_slugs:
        said += f": {_all(sorted(asked.where.content_slugs))}"
    if asked.where.linked_by:
        said += t(" aus dieser Nachricht", " from this message")
    return said


def place(name: str) -> str:
    """A step as its author calls it: those of an order stand twice in the plan."""
    own, inside = origin(name)
    return inside or own


def shares(split: Split) -> str:
    """50 % a, 50 % b."""
    total = sum(each.share for each in split.ways)
    return ", ".join(f"{numbers.percent(100 * each.share / total)} {each.name}" for each in split.ways)


def question(branch: Branch) -> str:
    """What a branch asks, as a line."""
    parts = []
    if branch.outcome:
        parts.append(f"{place(branch.outcome[0][0])}: {outcome(branch.outcome[1])}")
    if branch.specialties:
        parts.append(t("Fachgebiet ", "specialty ") + _all(sorted(branch.specialties)))
    if branch.professions:
        parts.append(t("Beruf ", "profession ") + _all(sorted(branch.professions)))
    return ", ".join(parts)


def does(step: Step, titles: Titles) -> str:
    """One sentence on what happens here."""
    match step:
        case Wait():
            return t("Danach geht es ohne Prüfung weiter.", "Then the way goes on without a check.")
        case WaitFor(condition=asked, at_most=span):
            within = numbers.span(span)
            return t(
                f"Wartet höchstens {within} auf: {condition(asked, titles)}.",
                f"Waits at most {within} for: {condition(asked, titles)}.",
            )
        case Branch():
            return t(f"Fragt: {question(step)}.", f"Asks: {question(step)}.")
        case Split():
            return t(
                f"Teilt zufällig und auf Dauer: {shares(step)}. Verglichen wird mit „{step.ways[0].name}“.",
                f"Divides by chance and for good: {shares(step)}. The comparison is with “{step.ways[0].name}”.",
            )
        case Message():
            return t(
                "Erst wird geprüft, dann gesendet. Wer nichts erhält, geht den Weg weiter.",
                "First the check, then the dispatch. Who gets nothing goes on along the way.",
            )
        case Suggest(title_de=de, title_en=en):
            return t(f"Schlägt dem Außendienst einen Besuch vor: {de}", f"Suggests a visit to the rep: {en}")


def meta(step: Step, standing: int | None) -> str:
    """The second line in the box: what for, and how many stand here."""
    here = "" if not standing else t(f"{numbers.number(standing)} warten noch", f"{numbers.number(standing)} wait here")
    match step:
        case Wait():
            return here
        case WaitFor(at_most=span):
            limit = t(f"bis {numbers.span(span)}", f"up to {numbers.span(span)}")
            return f"{limit}, {here}" if here else limit
        case Branch():
            return question(step)
        case Split():
            return shares(step)
        case Message():
            return t("erst Prüfung, dann Versand", "first check, then dispatch")
        case Suggest():
            return t("Vorschlag mit Grund", "Suggestion with reason")


def rule(name: str) -> str:
    """The sentence of a rule without a name; a journey sends by e-mail only."""
    if name == NOTHING_TO_SEND:
        return t("Inhalt nicht mehr freigegeben", "Content no longer approved")
    wording = closed.CLOSED[name].wording if name in closed.CLOSED else packs.current().wording(name)
    look = channels.look("email")
    mail = t(look.de, look.en.lower())
    parts = {"person": t("Die Person", "The person"), "contact": t(f"der {mail}", mail), "channel": mail}
    said = wording.text[locale.current()].format_map(defaultdict(str, parts))
    return HOLLOW.sub(".", said)


def days(plan: Journey) -> dict[str, tuple[float, float]]:
    """When people reach a step, earliest and latest, in days since they entered."""
    found: dict[str, tuple[float, float]] = {plan.start: (0.0, 0.0)}
    for name in plan.order:
        least, most = found[name]
        for target, (early, late) in _passing(plan.steps[name]):
            known = found.get(target, (least + early, most + late))
            found[target] = (min(known[0], least + early), max(known[1], most + late))
    return found


def day(span: tuple[float, float]) -> str:
    """Tag 2, Tag 2–5."""
    first, last = round(span[0]), round(span[1])
    return t(f"Tag {first}", f"Day {first}") if first == last else t(f"Tag {first}–{last}", f"Day {first}–{last}")


def _passing(step: Step) -> Iterable[tuple[str, tuple[float, float]]]:
    """Where a step leads, and how long it takes, in days."""
    match step:
        case Wait(duration=timedelta() as span, next=target):
            yield target, (span / timedelta(days=1),) * 2
        case Wait(next=target):
            yield target, (0.0, 1.0)
        case WaitFor(at_most=span, then=then, otherwise=otherwise):
            yield then, (0.0, span / timedelta(days=1))
            yield otherwise, (span / timedelta(days=1),) * 2
        case Branch(then=then, otherwise=otherwise):
            yield then, (0.0, 0.0)
            yield otherwise, (0.0, 0.0)
        case Split(ways=ways):
            yield from ((way.next, (0.0, 0.0)) for way in ways)
        case Message(next=target) | Suggest(next=target):
            yield target, (0.0, 0.0)


def _all(names: Iterable[str]) -> str:
    return ", ".join(names)
