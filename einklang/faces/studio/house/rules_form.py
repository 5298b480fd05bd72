"""The settings as fields: each shows what the company's rule says, and may only tighten it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django import forms

from einklang.faces.studio.users.forms import Reasoned, day_input
from einklang.loop.gate import overlay
from einklang.loop.gate.errors import PackError
from einklang.loop.gate.rules.contact import holiday
from einklang.loop.gate.tighten import tightened
from einklang.ui.text import t

LANDS = ("BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH")
LINE = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.\s*(?P<name>[^:]+?)\s*(?::\s*(?P<lands>[A-Z ]+))?")
PARAMS = {
    "contacts": ("AUR-CAP-01", "max"),
    "days": ("AUR-CAP-01", "days"),
    "mails": ("AUR-CAP-02", "max"),
    "opens": ("AUR-TIME-01", "from"),
    "closes": ("AUR-TIME-01", "until"),
    "holidays": ("AUR-TIME-01", "holidays"),
}
NAMED = re.compile(r"^(easter[+-]\d+|before \d [\d-]+|\d\d-\d\d) ")
LEAP_YEAR = 2028


class RulesForm(Reasoned):
    contacts = forms.IntegerField(min_value=0, max_value=99)
    days = forms.IntegerField(min_value=1, max_value=366)
    mails = forms.IntegerField(min_value=0, max_value=99)
    opens = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    closes = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    holidays = forms.CharField(widget=forms.Textarea(attrs={"rows": "4"}), required=False, max_length=4000)
    valid_from = forms.DateField(widget=day_input())
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = (*PARAMS, "valid_from", "reason", "version")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.own = own_params()
        for name, (de, en) in LABELS.items():
            self.label(name, de, en, self._rule(name))
        for name in ("contacts", "days", "mails"):
            field = self.fields[name]
            for code in ("min_value", "max_value"):
                field.error_messages[code] = t("Diese Zahl ist nicht möglich.", "This number is not possible.")
                field.validators = []

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < self.today:
            raise forms.ValidationError(
                t("Rückwirkend gilt nichts. Frühestens heute.", "Nothing counts backwards. Today at the earliest.")
            )
        return day

    def clean_holidays(self) -> list[str]:
        """`24.12. Heiligabend` for all, `8.8. Friedensfest: BY` for one Land."""
        return [_holiday(line) for line in self.cleaned_data["holidays"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name, (rule, param) in PARAMS.items():
            if name in given:
                self._tighter(name, rule, param, self._value(name, given[name]))
        return given

    def tighten(self) -> dict[str, dict[str, Any]]:
        """Only what differs from the company's rule."""
        changed: dict[str, dict[str, Any]] = {}
        for name, (rule, param) in PARAMS.items():
            value = self._value(name, self.cleaned_data[name])
            if value != self.own[name]["value"]:
                changed.setdefault(rule, {})[param] = value
        return changed

    def _value(self, name: str, given: Any) -> Any:
        if isinstance(given, time):
            return f"{given:%H:%M}"
        known = self.own["holidays"]["value"]
        return [*known, *(each for each in given if each not in known)] if name == "holidays" else given

    def _tighter(self, name: str, rule: str, param: str, value: Any) -> None:
        try:
            tightened(rule, param, self.own[name], value)
        except PackError:
            self.add_error(name, _loosens(rule, self.own[name]["value"]))

    def _rule(self, name: str) -> tuple[str, str]:
        rule = PARAMS.get(name, ("", ""))[0]
        if name == "holidays":
            return (
                f"Über die der Regel {rule} hinaus. Eine Zeile je Tag: 24.12. Heiligabend, oder 8.8. Friedensfest: BY",
                f"Beside those of rule {rule}. One line a day: 24.12. Heiligabend, or 8.8. Friedensfest: BY",
            )
        if not rule:
            return ("Ab Mitternacht dieses Tages, Berliner Zeit.", "From midnight of that day on, Berlin time.")
        value = self.own[name]["value"]
        return f"Regel {rule}: {value}. Strenger geht.", f"Rule {rule}: {value}. Stricter is possible."


LABELS = {
    "contacts": ("Kontakte höchstens", "Contacts at most"),
    "days": ("in so vielen Tagen", "in so many days"),
    "mails": ("E\u2011Mails im Monat höchstens", "E\u2011mails a month at most"),
    "opens": ("Gesendet wird ab", "Sending begins at"),
    "closes": ("Gesendet wird bis", "Sending ends at"),
    "holidays": ("Weitere freie Tage", "Further days off"),
    "valid_from": ("Gilt ab", "Counts from"),
}


def days_off(entries: Iterable[str], year: int) -> list[tuple[date, str, str]]:
    """Day of this year, name, and the Länder where it is free; none means all."""
    named = [(holiday(entry, year), NAMED.sub("", entry).partition(":")) for entry in entries]
    return sorted((day, name.strip(), lands.strip()) for day, (name, _, lands) in named)


def own_params() -> dict[str, dict[str, Any]]:
    rules = {rule["id"]: rule for rule in overlay.own()["rules"]}
    return {name: rules[rule]["params"][param] for name, (rule, param) in PARAMS.items()}


def initial(settings: Mapping[str, Any] | None) -> dict[str, Any]:
    """What counts: the company's rule, tightened."""
    known, changed = own_params(), (settings or {}).get("tighten", {})
    values = {name: changed.get(rule, {}).get(param, known[name]["value"]) for name, (rule, param) in PARAMS.items()}
    extra = [each for each in values["holidays"] if each not in known["holidays"]["value"]]
    return values | {
        "opens": time.fromisoformat(values["opens"]),
        "closes": time.fromisoformat(values["closes"]),
        "holidays": "\n".join(_shown(each) for each in extra),
    }


def _holiday(line: str) -> str:
    found = LINE.fullmatch(line.strip())
    lands = (found["lands"] or "").split() if found else []
    unknown = [land for land in lands if land not in LANDS]
    if found is None or unknown:
        named = ", ".join(unknown) or line.strip()
        raise forms.ValidationError(
            t(
                f"Nicht zu lesen: {named}. So geht es: 24.12. Heiligabend, oder für Länder: 8.8. Friedensfest: BY",
                f"Cannot be read: {named}. Like this: 24.12. Heiligabend, or for Länder: 8.8. Friedensfest: BY",
            )
        )
    entry = f"{int(found['month']):02}-{int(found['day']):02} {found['name']}"
    try:
        holiday(entry, LEAP_YEAR)
    except ValueError as error:
        raise forms.ValidationError(t(f"Diesen Tag gibt es nicht: {line}", f"There is no such day: {line}")) from error
    return f"{entry}: {' '.join(lands)}" if lands else entry


def _shown(entry: str) -> str:
    day, _, name = entry.partition(" ")
    month, _, of_month = day.partition("-")
    return f"{int(of_month)}.{int(month)}. {name}"


def _loosens(rule: str, value: Any) -> str:
    return t(
        f"Das würde Regel {rule} lockern: Dort steht {value}. Hier lässt sich nur verschärfen.",
        f"This would loosen rule {rule}, which says {value}. Here it can only be tightened.",
    )
