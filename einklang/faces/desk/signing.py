"""A signature drawn on the tablet: a path of moves and lines, as `sign.js` writes it."""

from __future__ import annotations

import re

from django import forms

from einklang.ui.text import t

DRAWN = re.compile(r"[ML0-9 .,-]*")
LONGEST = 20_000


class SignatureField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, max_length=LONGEST)

    def clean(self, value: object) -> str:
        drawn: str = super().clean(value)
        if not DRAWN.fullmatch(drawn):
            raise forms.ValidationError(t("Die Unterschrift ist nicht lesbar. Bitte neu unterschreiben.",
                                          "The signature cannot be read. Please sign again."))  # fmt: skip
        return drawn
