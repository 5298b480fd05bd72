from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from einklang.core.errors import InputError
from einklang.core.words import speak
from einklang.faces.studio.users.forms import HouseForm
from einklang.services.tokens.scopes import SCOPES
from einklang.services.tokens.tokens import LONGEST_NAME
from einklang.ui import locale, proof
from einklang.ui.text import t

PERIODS = (30, 90, 180, 366)


class TokenForm(HouseForm):
    name = forms.CharField(max_length=LONGEST_NAME)
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(coerce=int)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label("name", "Welches System benutzt es?", "Which system will use it?")
        self.fields["name"].help_text = t("So steht es in der Liste.", "So it stands in the list.")
        self.label("scopes", "Was darf es?", "What may it do?")
        self.label(
            "days",
            "Wie lange gilt es?",
            "How long is it valid?",
            ("Danach machen Sie ein neues.", "Then make a new one."),
        )
        self._offer(
            "scopes", [(name, _scope(name, scope.words.in_(locale.current()))) for name, scope in SCOPES.items()]
        )
        self._offer("days", [(days, t(f"{days} Tage", f"{days} days")) for days in PERIODS])

    def refuse_or_tell(self, error: InputError) -> str:
        """What is wrong with the proof, which is no field of this form and never comes back to the page."""
        if error.field != proof.FIELD:
            self.refuse(error)
            return ""
        told = " ".join(filter(None, (speak(part, locale.current()) for part in (error.rule, error.way_out))))
        self.add_error(None, told)
        return told

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def _scope(name: str, words: str) -> str:
    return format_html('{} <code class="quiet">{}</code>', words, name)
