"""How often doctors are approached, against the limit: for all as a distribution, for some roles with names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from einklang.faces.studio import export
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import Listing
from einklang.faces.studio.verdict_numbers import SMALLEST_GROUP, at_least
from einklang.facts.people import browse
from einklang.facts.people import read as people
from einklang.loop.gate import packs
from einklang.loop.interactions import pressure
from einklang.ui import channels, numbers
from einklang.ui.components import Bar, Chart, Figure, Mark, Series
from einklang.ui.text import t

SHOWN = 50
RULE = "AUR-CAP-01"
MARKET = "DE"
WITHOUT_LIMIT = (4, 28)
HEADER = ("person", "contacts", "limit", "days", "channels")
Contacts = Mapping[UUID, Mapping[str, int]]


@dataclass(frozen=True)
class Near:
    person: UUID
    name: str
    territory: str
    number: int
    limit: int
    ways: str

    @property
    def bar(self) -> Bar:
        return Bar(
            value=self.number, total=max(self.limit, self.number), tone="hold" if self.number >= self.limit else ""
        )

    @property
    def reached(self) -> bool:
        return self.number >= self.limit


@require_safe
@studio_view("studio.pressure")
def view(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    """`studio.people` sees who; everybody else sees groups of at least five."""
    most, days = limit(agent)
    named = agent.may("studio.people")
    asked = Listing(request, agent, [])
    contacts = pressure.contacts(agent.cur, agent.now - timedelta(days=days), agent.now)
    totals = {person: sum(by.values()) for person, by in contacts.items()}
    if asked.wants_csv and named:
        return export.answer(asked, "pressure", HEADER, _lines(contacts, totals, most, days))
    everybody = browse.total(agent.cur, agent.now)
    near = sorted((person for person in totals if totals[person] >= most - 1), key=lambda each: (-totals[each], each))
    return page(
        request,
        agent,
        "pressure",
        list=asked,
        named=named,
        limit=most,
        days=days,
        rule=RULE,
        figures=_figures(totals, everybody, most, named=named),
        chart=_distribution(totals, everybody, most, named=named),
        ways=_ways(contacts),
        territories=_territories(agent, totals, most, named=named),
        near=_near(agent, near[:SHOWN], contacts, most) if named else [],
        near_total=len(near),
    )


def chart(agent: Agent) -> Chart:
    most, days = limit(agent)
    found = pressure.contacts(agent.cur, agent.now - timedelta(days=days), agent.now)
    totals = {person: sum(by.values()) for person, by in found.items()}
    return _distribution(totals, browse.total(agent.cur, agent.now), most, named=agent.may("studio.people"))


def limit(agent: Agent) -> tuple[int, int]:
    """Contacts and days, as the rule packs of this house have it today."""
    chain = packs.current().chain(MARKET, agent.now)
    rule = chain.rules.get(RULE) if chain else None
    return (int(rule.params["max"]), int(rule.params["days"])) if rule else WITHOUT_LIMIT


def _figures(totals: Mapping[UUID, int], everybody: int, most: int, *, named: bool) -> list[Figure]:
    reached = sum(number >= most for number in totals.values())
    one_left = sum(number == most - 1 for number in totals.values())
    of = t(f"von {numbers.number(everybody)} Personen", f"of {numbers.number(everybody)} people")
    mean = sum(totals.values()) / len(totals) if totals else 0.0
    return [
        Figure(label=t("Angesprochen", "Approached"), value=at_least(len(totals), named=named), of=of, key="sent"),
        Figure(label=t("Limit erreicht", "Limit reached"), value=at_least(reached, named=named), of=of, key="held"),
        Figure(label=t("Noch ein Kontakt frei", "One contact left"), value=at_least(one_left, named=named), of=of),
        Figure(
            label=t("Kontakte im Mittel", "Contacts on average"),
            value=numbers.number(mean, 1),
            of=t(f"je angesprochener Person; erlaubt {most}", f"per approached person; allowed {most}"),
        ),
    ]


def _distribution(totals: Mapping[UUID, int], everybody: int, most: int, *, named: bool) -> Chart:
    """Groups under five are not drawn for those who see no names."""
    counted = Counter(totals.values())
    counted[0] = max(everybody - len(totals), 0)
    steps = range(max([most, *counted]) + 1)
    values = [
        counted[step] if named or counted[step] == 0 or counted[step] >= SMALLEST_GROUP else None for step in steps
    ]
    below = sum(counted[step] for step in steps if step < most)
    return Chart(
        id="distribution",
        title=t("Personen nach Zahl der Kontakte", "People by number of contacts"),
        finding=t(
            f"{numbers.number(below)} von {numbers.number(everybody)} Personen sind unter dem Limit von {most}.",
            f"{numbers.number(below)} of {numbers.number(everybody)} people are below the limit of {most}.",
        ),
        axis=t("Kontakte", "Contacts"),
        columns=[str(step) for step in steps],
        series=[Series(name=t("Personen", "People"), values=values)],
        marks=[Mark(name=t("Limit", "Limit"), value=most, across=True)],
    )


def _ways(contacts: Contacts) -> list[tuple[str, int, Bar]]:
    counted: Counter[str] = Counter()
    for by in contacts.values():
        counted.update(by)
    most = max(counted.values(), default=1)
    return [(way, number, Bar(value=number, total=most)) for way, number in counted.most_common()]


def _territories(
    agent: Agent, totals: Mapping[UUID, int], most: int, *, named: bool
) -> list[tuple[str, str, str, str]]:
    """Name, people approached, limit reached, contacts per person."""
    of = browse.territory_of(agent.cur, list(totals))
    grouped: dict[str, list[int]] = {}
    for person, number in totals.items():
        grouped.setdefault(of.get(person, t("Ohne Gebiet", "No territory")), []).append(number)
    told = []
    for name, all_of in sorted(grouped.items()):
        reached = sum(each >= most for each in all_of)
        small = not named and len(all_of) < SMALLEST_GROUP
        mean = "–" if small else numbers.number(sum(all_of) / len(all_of), 1)
        told.append((name, at_least(len(all_of), named=named), at_least(reached, named=named), mean))
    return told


def _near(agent: Agent, near: list[UUID], contacts: Contacts, most: int) -> list[Near]:
    cards = people.cards(agent.cur, near)
    territories = browse.territory_of(agent.cur, near)
    return [
        Near(
            each,
            cards[each].display_name,
            territories.get(each, ""),
            sum(contacts[each].values()),
            most,
            _told(contacts[each]),
        )
        for each in near
        if each in cards
    ]


def _told(by: Mapping[str, int]) -> str:
    return ", ".join(f"{channels.look(way).name} {number}" for way, number in sorted(by.items()))


def _lines(contacts: Contacts, totals: Mapping[UUID, int], most: int, days: int) -> Iterator[tuple[Any, ...]]:
    for person in sorted(totals, key=lambda each: (-totals[each], each)):
        ways = ", ".join(f"{way}: {number}" for way, number in sorted(contacts[person].items()))
        yield (person, totals[person], most, days, ways)
