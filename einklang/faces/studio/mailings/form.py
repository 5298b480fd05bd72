"""The draft of a mailing as a form: what goes out, when, and to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms

from einklang.core.errors import InputError
from einklang.faces.studio import words
from einklang.faces.studio.access import Agent
from einklang.faces.studio.users.forms import HouseForm, day_input
from einklang.facts.content import read as content
from einklang.facts.content import topics
from einklang.facts.content.read import Version
from einklang.facts.people import browse, choose
from einklang.facts.products import read as products
from einklang.loop.decide.mailings import segment
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.decide.mailings.store import LONGEST_NAME, Mailing, Wanted
from einklang.ui import locale
from einklang.ui.text import t

MOST_CHOICES = 200
READABLE = ("article", "study", "video")
LABELS = {
    "professions": ("Beruf", "Profession"),
    "specialties": ("Fachgebiet", "Specialty"),
    "laender": ("Land", "Land"),
    "territories": ("Gebiet", "Territory"),
    "organisations": ("Einrichtung", "Organisation"),
    "topics": ("Interessiert sich für", "Is interested in"),
    "read": ("Hat gelesen", "Has read"),
    "not_read": ("Hat nicht gelesen", "Has not read"),
    "allowed": ("Hat eingewilligt in", "Has agreed to"),
    "contacted_within": ("Kontakt in so vielen Tagen", "A contact in so many days"),
    "not_contacted_within": ("Kein Kontakt seit so vielen Tagen", "No contact in so many days"),
}
Choices = list[tuple[str, str]]


class MailingForm(HouseForm):
    name = forms.CharField(max_length=LONGEST_NAME)
    brand = forms.ChoiceField(required=False)
    content = forms.ChoiceField(required=False)
    begins = forms.DateField(widget=day_input())
    ends = forms.DateField(widget=day_input())
    contacted_within = forms.IntegerField(required=False, min_value=1, max_value=segment.LONGEST_SPAN)
    not_contacted_within = forms.IntegerField(required=False, min_value=1, max_value=segment.LONGEST_SPAN)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, agent: Agent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = choices(agent)
        self.label("name", "Name", "Name", ("Nur im Studio zu sehen.", "Seen in the studio only."))
        self.label("brand", "Marke", "Brand", ("Ohne Angabe die der Mail.", "The mail's where none is chosen."))
        self.label("content", "Mail", "Mail", ("Freigegebene Mails.", "Approved mails."))
        self.label("begins", "Zeitraum von", "Period from")
        self.label("ends", "Zeitraum bis", "Period until")
        for name in ("brand", "content"):
            self.fields[name] = _choice(self.fields[name], offered.pop(name))
        for name, options in offered.items():
            self.fields[name] = forms.MultipleChoiceField(
                required=False, choices=options, widget=forms.CheckboxSelectMultiple
            )
        for name, (de, en) in LABELS.items():
            self.label(name, de, en)
        self._offer_no_retired_topic(agent, offered["topics"])

    def _offer_no_retired_topic(self, agent: Agent, options: Choices) -> None:
        """A draft keeps one that was retired after it was chosen."""
        retired = topics.load(agent.cur).keys() - topics.offered(agent.cur).keys() - {*(self["topics"].value() or ())}
        field = self.fields["topics"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [option for option in options if option[0] not in retired]

    @property
    def basics(self) -> list[Any]:
        return [self[name] for name in ("name", "brand", "content", "begins", "ends")]

    @property
    def picks(self) -> list[Any]:
        """The criteria that offer something, with what is chosen of each."""
        shown = [self[name] for name in LABELS if name not in segment.DAYS]
        return [(each, len(each.value() or [])) for each in shown if list(each.subwidgets)]

    @property
    def spans(self) -> list[Any]:
        return [self[name] for name in segment.DAYS]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                given["segment"] = segment.parse({name: given.get(name) for name in LABELS})
            except InputError as error:
                self.refuse(error)
        return given

    def wanted(self) -> Wanted:
        given = self.cleaned_data
        version = UUID(given["content"]) if given["content"] else None
        return Wanted(given["name"], given["brand"], version, given["begins"], given["ends"], given["segment"])


def initial(mailing: Mailing) -> dict[str, Any]:
    own: Mapping[str, Any] = mailing.document
    return {
        **own,
        "name": mailing.name,
        "brand": mailing.brand,
        "content": str(mailing.content or ""),
        "begins": mailing.begins,
        "ends": mailing.ends,
        "revision": mailing.revision,
    }


def choices(agent: Agent) -> dict[str, Choices]:
    """In a constant number of queries."""
    cur, language = agent.cur, locale.current()
    mails = content.listing(cur, now=agent.now, kinds=["mail"])
    readable = content.listing(cur, now=agent.now, kinds=READABLE)
    known = topics.load(cur)
    slugs = sorted({*known, *(topic for each in readable for topic in each.topics)})
    titles = _titles(readable, language)
    return {
        "content": [
            ("", t("Bitte wählen", "Please choose")),
            *((str(each.id), each.title(language)) for each in mails),
        ],
        "brand": [("", t("Die der Mail", "The mail's")), *sorted(brands(agent).items(), key=lambda pair: pair[1])],
        "professions": [(each, t(*words.PROFESSIONS[each][:2])) for each in browse.known(cur, "profession")],
        "specialties": [(each, each) for each in browse.known(cur, "specialty")],
        "laender": [(each, words.land(each)) for each in browse.known(cur, "land")],
        "territories": [(str(id_), name) for id_, name in browse.territories(cur)],
        "organisations": [(str(id_), f"{name}, {city}") for id_, name, city in choose.organisations(cur, MOST_CHOICES)],
        "topics": [(slug, topics.name(known, slug).in_(language)) for slug in slugs],
        "read": titles,
        "not_read": titles,
        "allowed": [(name, t(*told[:2])) for name, told in words.PERMISSIONS.items()],
    }


def brands(agent: Agent) -> dict[str, str]:
    return {each.brand: each.brand_name for each in products.all_products(agent.cur)}


def said(wanted: Segment, offered: Mapping[str, Choices]) -> list[tuple[str, str]]:
    """The criteria in words: (criterion, one of these)."""
    return [(t(*LABELS[name]), _shown(value, offered.get(name, []))) for name, value in wanted.document.items()]


def _shown(value: list[str] | int, offered: Choices) -> str:
    if isinstance(value, int):
        return str(value)
    named = dict(offered)
    return ", ".join(named.get(each, each) for each in value)


def _titles(versions: Iterable[Version], language: str) -> Choices:
    return sorted(((each.slug, each.title(language)) for each in versions), key=lambda pair: pair[1])[:MOST_CHOICES]


def _choice(old: forms.Field, options: Choices) -> forms.ChoiceField:
    field = forms.ChoiceField(required=False, choices=options, label=old.label, help_text=str(old.help_text))
    field.error_messages = old.error_messages
    return field


class ScheduleForm(HouseForm):
    starts_at = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label(
            "starts_at", "Beginn", "Start",
            ("Berliner Zeit. In Ruhezeiten und an freien Tagen wartet jede Mail.",
             "Berlin time. Within quiet hours and on days off each mail waits."),
        )  # fmt: skip
