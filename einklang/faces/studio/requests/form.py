"""What a data steward takes down for somebody who wrote or phoned."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms

from einklang.faces.studio.requests.words import IDENTITIES, KINDS, SOURCES
from einklang.faces.studio.users.forms import LANGUAGES, HouseForm, day_input, midnight
from einklang.facts.people.correct import CHOICES, FIELDS, seen
from einklang.facts.people.read import PersonCard
from einklang.services.privacy import cases
from einklang.services.privacy.cases import Kind, Taken
from einklang.services.privacy.field_words import FIELDS as LABELS
from einklang.ui import locale
from einklang.ui.text import t

IDENTITY_HINT = (
    "Im Zweifel zurückrufen: Auskunft und Löschung bekommt nur die Person selbst (Art. 12 Abs. 6 DSGVO).",
    "Call back in doubt: access and erasure are for the person alone (Art. 12 (6) GDPR).",
)
MEANWHILE = (
    "Die Stammdaten wurden inzwischen geändert. Bitte vergleichen Sie noch einmal.",
    "The master data were changed meanwhile. Please compare once more.",
)


class TakenForm(HouseForm):
    """Filled in with what is stored; only what differs is a wish. `seen` is what was stored when it was opened."""

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    source = forms.ChoiceField()
    identity = forms.ChoiceField()
    received = forms.DateField(widget=day_input())
    message = forms.CharField(required=False, strip=True, widget=forms.Textarea(attrs={"rows": 4}))
    token = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, card: PersonCard, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card
        self.label("kind", "Worum bittet die Person?", "What does the person ask for?")
        self.label("source", "Wie kam die Bitte?", "How did it come in?")
        self.label("identity", "Woran erkannt?", "Recognised by what?", IDENTITY_HINT)
        self.label(
            "received", "Eingegangen am", "Received on", ("Ab hier zählt der Monat.", "The month counts from here.")
        )
        self.label("message", "Was die Person gesagt hat", "What the person said")
        self._choose("kind", [(each, t(*words)) for each, words in KINDS.items()])
        self._choose("source", [("", "–"), *((each, t(*SOURCES[each])) for each in cases.SOURCES)])
        self._choose("identity", [("", "–"), *((each, t(*IDENTITIES[each])) for each in cases.IDENTITIES)])
        for name in FIELDS:
            self.fields[name] = _stored(name, getattr(card, name))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("seen") not in (None, seen(self.card)):
            self.data = {**dict(self.data.items()), "seen": seen(self.card)}  # the next click knows what is stored now
            raise forms.ValidationError(t(*MEANWHILE))
        return given

    def corrections(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS]

    @property
    def asked(self) -> Kind:
        return cast(Kind, self.cleaned_data["kind"])

    def wishes(self) -> dict[str, str]:
        if self.asked != "correction":
            return {}
        return {name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data[name] != getattr(self.card, name)}

    def taken(self, by: UUID) -> Taken:
        at = cast(datetime, midnight(self.cleaned_data["received"]))
        return Taken(self.cleaned_data["source"], self.cleaned_data["identity"], by, at)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def _stored(name: str, value: str) -> forms.Field:
    offered = LANGUAGES if name == "locale" else [(each, each or "–") for each in CHOICES.get(name, ())]
    field: forms.Field = (
        forms.ChoiceField(choices=offered, required=False)
        if offered
        else forms.CharField(required=False, max_length=200, strip=True)
    )
    field.label, field.initial = LABELS[name].in_(locale.current()), value
    return field
