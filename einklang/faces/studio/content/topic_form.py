"""A topic as a form: its slug once, its names, and the specialties that it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from einklang.core.words import Words
from einklang.faces.studio.users.forms import HouseForm
from einklang.facts.content.topic_book import LONGEST_NAME, LONGEST_SLUG, Entry
from einklang.facts.content.topics import Topic

LONGEST_SPECIALTIES = 400


class TopicForm(HouseForm):
    slug = forms.CharField(max_length=LONGEST_SLUG)
    de = forms.CharField(max_length=LONGEST_NAME)
    en = forms.CharField(max_length=LONGEST_NAME)
    specialties = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    more = forms.CharField(max_length=LONGEST_SPECIALTIES, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, known: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["specialties"].choices = [(each, each) for each in known]  # type: ignore[attr-defined]
        self.label(
            "slug", "Kürzel", "Slug",
            ("Steht an den Inhalten und ändert sich nicht mehr: Buchstaben, Ziffern, Bindestriche.",
             "Stands at the contents and never changes: letters, digits, hyphens."),
        )  # fmt: skip
        self.label("de", "Name auf Deutsch", "German name", ("So liest ihn das Portal.", "As the portal shows it."))
        self.label("en", "Name auf Englisch", "English name")
        self.label("specialties", "Fachgebiete, die es betrifft", "Specialties that it concerns")
        self.label("more", "Weitere Fachgebiete", "More specialties", ("Durch Kommas getrennt.", "Parted by commas."))

    @property
    def topic(self) -> Topic:
        given = self.cleaned_data
        more = (each.strip() for each in given["more"].split(","))
        return Topic(Words(given["de"], given["en"]), frozenset([*given["specialties"], *filter(None, more)]))


def initial(entry: Entry) -> dict[str, Any]:
    return {**entry.told, "slug": entry.slug, "revision": entry.revision}
