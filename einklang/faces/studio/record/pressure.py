"""How often doctors are approached, against the limit: for all as a distribution, for some roles with names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from einklang.faces.studio import export, groups
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import Listing
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
    """`studio.people` sees who; everybody else sees whole fives."""
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
        ways=_ways(contacts, named=named),
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
    people = groups.told(everybody, named=named)
    of = t(f"von {people} Personen", f"of {people} people")
    return [
        Figure(label=t("Angesprochen", "Approached"), value=groups.told(len(totals), named=named), of=of, key="sent"),
        Figure(label=t("Limit erreicht", "Limit reached"), value=groups.told(reached, named=named), of=of, key="held"),
        Figure(label=t("Noch ein Kontakt frei", "One contact left"), value=groups.told(one_left, named=named), of=of),
        Figure(
            label=t("Kontakte im Mittel", "Contacts on average"),
            value=_mean(totals.values(), named=named),
            of=t(f"je angesprochener Person; erlaubt {most}", f"per approached person; allowed {most}"),
        ),
    ]


def _mean(contacts: Collection[int], *, named: bool) -> str:
    """Of what is shown, so that it tells no more."""
    people, total = groups.shown(len(contacts), named=named), groups.shown(sum(contacts), named=named)
    return numbers.number(total / people, 1) if people else "–"


def _distribution(totals: Mapping[UUID, int], everybody: int, most: int, *, named: bool) -> Chart:
    """Groups under five are not drawn for those who see no names."""
    counted = Counter(totals.values())
    counted[0] = max(everybody - len(totals), 0)
    drawn = [step for step, number in counted.items() if groups.shown(number, named=named)]
    steps = range(max([most, *drawn]) + 1)
    return Chart(
        id="distribution",
        title=t("Personen nach Zahl der Kontakte", "People by number of contacts"),
        finding=_below(sum(counted[step] for step in range(most)), everybody, most, named=named),
        axis=t("Kontakte", "Contacts"),
        columns=[str(step) for step in steps],
        series=[
            Series(
                name=t("Personen", "People"),
                values=[groups.drawn(counted[step], named=named) for step in steps],
            )
        ],
        marks=[Mark(name=t("Limit", "Limit"), value=most, across=True)],
    )


def _below(below: int, everybody: int, most: int, *, named: bool) -> str:
    """With the total for those who see names; without it nobody can tell how many have reached the limit."""
    people = numbers.number(groups.shown(below, named=named))
    if not named:
        return t(
            f"Mindestens {people} Personen sind unter dem Limit von {most}.",
            f"At least {people} people are below the limit of {most}.",
        )
    total = numbers.number(everybody)
    return t(
        f"{people} von {total} Personen sind unter dem Limit von {most}.",
        f"{people} of {total} people are below the limit of {most}.",
    )


def _ways(contacts: Contacts, *, named: bool) -> list[tuple[str, str, Bar]]:
    counted: Counter[str] = Counter()
    for by in contacts.values():
        counted.update(by)
    most = max((groups.shown(number, named=named) for number in counted.values()), default=1) or 1
    return [
        (way, groups.told(number, named=named), Bar(value=groups.shown(number, named=named), total=most))
        for way, number in counted.most_common()
    ]


def _territories(agent: Agent, totals: Mapping[UUID, int], most: int, *, named: bool) -> list[tuple[str, ...]]:
    """Name, people approached, limit reached, contacts per person."""
    of = browse.territory_of(agent.cur, list(totals))
    grouped: dict[str, list[int]] = {}
    for person, number in totals.items():
        grouped.setdefault(of.get(person, t("Ohne Gebiet", "No territory")), []).append(number)
    return [
        (
            name,
            groups.told(len(contacts), named=named),
            groups.told(sum(each >= most for each in contacts), named=named),
            _mean(contacts, named=named),
        )
        for name, contacts in sorted(grouped.items())
    ]


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
