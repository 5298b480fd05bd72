"""The forms of "Meine Daten": what shall be different, and the wish to be forgotten."""

from __future__ import annotations

from typing import Any

from django import forms

from einklang.core.errors import InputError
from einklang.core.words import Words, speak
from einklang.facts.people.correct import FIELDS, seen
from einklang.facts.people.read import PersonCard
from einklang.services.privacy.field_words import FIELDS as LABELS
from einklang.ui import locale
from einklang.ui.text import t

CHOICES = {
    "salutation": (("", "–"), ("Frau", "Frau"), ("Herr", "Herr")),
    "locale": (("de", "Deutsch"), ("en", "English")),
}
MISSING = Words("Der Name fehlt. Er steht auf Ihrem Ausweis.", "The name is missing. It stands on your ID.")
NOT_READ = Words("Es fehlt das Häkchen.", "The tick is missing.")


class Asking(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput)
    message = forms.CharField(required=False, strip=True, widget=forms.Textarea(attrs={"rows": 4}))

    def refuse(self, error: InputError) -> None:
        language = locale.current()
        field = error.field if error.field in self.fields else None
        self.add_error(field, f"{speak(error.rule, language)} {speak(error.way_out, language)}".strip())


class CorrectionForm(Asking):
    """Filled in with what is stored; only what differs is asked for. `seen` is what was stored when it was opened."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, card: PersonCard, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card
        for name in FIELDS:
            self.fields[name] = _field(name, getattr(card, name))
        self.fields["message"].label = t("Was sonst nicht stimmt", "What else is wrong")
        self.fields["message"].help_text = t(
            "Zum Beispiel die Praxisanschrift oder ein Eintrag im Verlauf.",
            "The address of the practice, for example, or an entry in the history.",
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("seen") and given["seen"] != seen(self.card):
            self.data = {**dict(self.data.items()), "seen": seen(self.card)}  # the next click knows what is stored now
            raise forms.ValidationError(
                t(
                    "Ihre Stammdaten wurden inzwischen geändert. Bitte vergleichen Sie noch einmal.",
                    "Your master data were changed meanwhile. Please compare once more.",
                )
            )
        return given

    def wishes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data[name] != getattr(self.card, name)}


class ErasureForm(Asking):
    understood = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["understood"].label = t(
            "Ich möchte, dass meine Daten gelöscht werden und mein Zugang endet.",
            "I want my data to be erased and my access to end.",
        )
        self.fields["understood"].error_messages["required"] = NOT_READ.in_(locale.current())
        self.fields["message"].label = t("Ein Grund, wenn Sie mögen", "A reason, if you like")


def _field(name: str, value: str) -> forms.Field:
    required = name in ("given_name", "family_name")
    field: forms.Field = (
        forms.ChoiceField(choices=CHOICES[name], required=False)
        if name in CHOICES
        else forms.CharField(required=required, max_length=200, strip=True)
    )
    field.label, field.initial = LABELS[name].in_(locale.current()), value
    field.error_messages["required"] = MISSING.in_(locale.current())
    return field
