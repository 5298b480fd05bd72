from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from einklang.core.errors import InputError
from einklang.core.words import speak
from einklang.faces.studio.users.words import ROLES
from einklang.facts.people.staffing import KINDS
from einklang.ui import locale
from einklang.ui.text import t

LANGUAGES = [("de", "Deutsch"), ("en", "English")]


def day_input() -> forms.DateInput:
    """A browser's own picker knows ISO dates only."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HouseForm(forms.Form):
    """Speaks the house's sentences. Each act on an account has a reason (GXP-08)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = t("Diese Angabe fehlt.", "This entry is missing.")
            field.error_messages["invalid"] = t(
                "Das ist nicht zu lesen. Bitte prüfen Sie die Angabe.", "This cannot be read. Please check the entry."
            )
            field.error_messages["invalid_choice"] = t("Bitte wählen Sie aus der Liste.", "Please choose of the list.")

    def refuse(self, error: InputError) -> None:
        sentence = " ".join(filter(None, (speak(part, locale.current()) for part in (error.rule, error.way_out))))
        self.add_error(error.field if error.field in self.fields else None, sentence)

    def label(self, name: str, de: str, en: str, hint: tuple[str, str] = ("", "")) -> None:
        self.fields[name].label, self.fields[name].help_text = t(de, en), t(*hint)


class Reasoned(HouseForm):
    reason = forms.CharField(max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label("reason", "Grund", "Reason", ("Steht im Protokoll.", "Stands in the log."))


class AccountForm(Reasoned):
    name = forms.CharField(max_length=200)
    locale = forms.ChoiceField(choices=LANGUAGES)
    roles = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("name", "locale", "roles", "reason", "version")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label("name", "Name", "Name")
        self.label("locale", "Sprache", "Language")
        self.label("roles", "Rollen", "Roles")
        shown = '<b>{}</b><br><span class="quiet">{}</span>'
        named = [(name, format_html(shown, t(*title), t(*opens))) for name, (title, opens) in ROLES.items()]
        self.fields["roles"].choices = named  # type: ignore[attr-defined]


class InviteForm(AccountForm):
    email = forms.CharField(max_length=254, widget=forms.EmailInput)
    version = None  # type: ignore[assignment]
    field_order = ("name", "email", "locale", "roles", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label("email", "E\u2011Mail-Adresse", "E\u2011mail address")


class PeriodForm(Reasoned):
    since = forms.DateField(widget=day_input())
    until = forms.DateField(widget=day_input(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label("since", "Ab", "From")
        self.label("until", "Bis", "Until", ("Leer: ohne Ende.", "Empty: without end."))

    def moment(self, name: str) -> datetime | None:
        return midnight(self.cleaned_data[name])


class TerritoryForm(PeriodForm):
    territory = forms.ChoiceField()
    field_order = ("territory", "since", "until", "reason")

    def __init__(self, *args: Any, territories: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label("territory", "Gebiet", "Territory")
        self.fields["territory"].choices = [(str(id_), name) for id_, name in territories]  # type: ignore[attr-defined]


class ProofForm(PeriodForm):
    kind = forms.ChoiceField()
    field_order = ("kind", "since", "until", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label("kind", "Nachweis nach § 75 AMG", "Proof under § 75 AMG")
        self.fields["kind"].choices = [(name, t(*words)) for name, words in KINDS.items()]  # type: ignore[attr-defined]


def midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None
