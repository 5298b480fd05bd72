"""The two forms of the preferences: how often, and a pause."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone

from einklang.facts.consent import preferences
from einklang.facts.consent.preferences import Preference
from einklang.ui.text import t

PAUSES = (14, 30, 90, 180)  # days, at one tap
LONGEST = 366


class OftenForm(forms.Form):
    """Over all ways together, and by each way. What is not sent stays as it was."""

    frequency = forms.ChoiceField(widget=forms.RadioSelect)
    email = forms.ChoiceField()
    visit = forms.ChoiceField()
    phone = forms.ChoiceField()

    def __init__(self, data: QueryDict | None, wish: Preference) -> None:
        known = {"frequency": wish.frequency, **dict.fromkeys(preferences.CHANNELS, "normal"), **wish.channels}
        super().__init__({**known, **data.dict()} if data is not None else None, initial=known)
        labels = {
            "frequency": t("Was wir Ihnen schreiben, insgesamt", "What we write to you, in all"),
            "email": t("E\u2011Mails", "E\u2011mails"),
            "visit": t("Besuche", "Visits"),
            "phone": t("Anrufe", "Calls"),
        }
        for name, label in labels.items():
            field = self.fields[name]
            field.label = label
            field.choices = choices(preferences.FREQUENCIES if name == "frequency" else preferences.HOW_OFTEN)  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = t(
                "Diese Häufigkeit gibt es nicht. Bitte wählen Sie eine aus der Liste.",
                "There is no such frequency. Please choose one from the list.",
            )

    def chosen(self) -> tuple[str, dict[str, str]]:
        said = self.cleaned_data
        return said["frequency"], {name: said[name] for name in preferences.CHANNELS if said[name] != "normal"}


class PauseForm(forms.Form):
    """Until a day of one's own, or for one of the offered times (`quick`), which is a button."""

    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    visits = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict | None, wish: Preference, *, today: date) -> None:
        sent = data.dict() if data is not None else None
        if sent and sent.get("quick"):
            sent["until"] = sent["quick"]
        until = timezone.localtime(wish.paused_until).date() if wish.paused_until else None
        ahead = until if until and until > today else None
        super().__init__(sent, initial={"until": ahead, "visits": wish.pause_visits and ahead is not None})
        self.today = today
        self.fields["visits"].label = t("Auch keine Besuche und Anrufe", "No visits and calls either")
        field = self.fields["until"]
        field.label = t("Bis zu diesem Tag", "Until this day")
        field.error_messages = {
            "required": t("Es fehlt der Tag, bis zu dem wir warten.", "The day until which we wait is missing."),
            "invalid": t(
                "Das ist kein Tag: So sieht er aus: 24.12.2026.", "This is not a day: it looks like 2026-12-24."
            ),
        }
        field.widget.attrs |= {"min": str(today + timedelta(1)), "max": str(today + timedelta(LONGEST))}

    @property
    def offers(self) -> list[tuple[date, str]]:
        return [(self.today + timedelta(days), span(days)) for days in PAUSES]

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not self.today < until <= self.today + timedelta(LONGEST):
            raise forms.ValidationError(
                t(
                    "Eine Pause endet frühestens morgen und spätestens in einem Jahr. Für immer: widersprechen Sie.",
                    "A pause ends tomorrow at the earliest and within a year. For ever: please object.",
                )
            )
        return until


def choices(names: tuple[str, ...]) -> list[tuple[str, str]]:
    words = {
        "normal": t("Wie es passt", "As it fits"),
        "monthly": t("Höchstens einmal im Monat", "At most once a month"),
        "quarterly": t("Höchstens einmal im Vierteljahr", "At most once a quarter"),
    }
    return [(name, words[name]) for name in names]


def span(days: int) -> str:
    return {
        14: t("2 Wochen", "2 weeks"),
        30: t("30 Tage", "30 days"),
        90: t("3 Monate", "3 months"),
        180: t("6 Monate", "6 months"),
    }[days]
