"""The form of a report: what was discussed and how it was taken, what was presented, what follows, and safety."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict

from einklang.core.words import Words
from einklang.faces.desk.medicines import Medicine
from einklang.faces.desk.steps import say
from einklang.facts.content.read import Version
from einklang.loop.channels.visit.reports import KeyMessage, NextStep, Reaction, Told
from einklang.loop.channels.visit.shown import Shown
from einklang.ui import locale
from einklang.ui.text import t

YES, NO = "yes", "no"
STEPS = range(3)
MOST_MESSAGES = 9
SAME_MOMENT = timedelta(seconds=1)
REACTIONS = {
    "": Words("nicht besprochen", "not discussed"),
    "positive": Words("Zustimmung", "agreed"),
    "neutral": Words("zur Kenntnis", "noted"),
    "negative": Words("Einwand", "objected"),
    "question": Words("offene Frage", "open question"),
}
PRESUMED = {
    "": Words("Bitte wählen", "Please choose"),
    "asked_for": Words("Hat um einen Anruf gebeten", "Asked for a call"),
    "open_question": Words("Offene Frage aus einem Gespräch", "Open question from a conversation"),
    "sample": Words("Zu einem angeforderten Muster", "On a requested sample"),
    "specialty": Words("Neues zum eigenen Fachgebiet", "News on the own specialty"),
}


@dataclass(frozen=True)
class Message:
    """A claim of an approved content; `field` is where the form asks how it was taken."""

    field: str
    text: str
    slug: str


def messages_of(versions: Iterable[Version], shown: Sequence[Shown]) -> list[Message]:
    """Those of what was shown first. A content without claims speaks with its title."""
    seen = {each.slug for each in shown}
    spoken = [each for each in versions if each.slug in seen or each.promotional]
    found = [
        Message(f"reaction-{version.slug}-{number}", text, version.slug)
        for version in sorted(spoken, key=lambda each: each.slug not in seen)
        for number, text in enumerate(_claims(version))
    ]
    return found[:MOST_MESSAGES]


def _claims(version: Version) -> list[str]:
    claims = version.text(locale.current()).get("claims") or ()
    return [str(each["text"]) for each in claims] or [version.title(locale.current())]


class ReportForm(forms.Form):
    """Nothing about safety is preset: the question has to be answered (DE-REP-03)."""

    at = forms.DateTimeField(widget=forms.HiddenInput)
    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    presumed_because = forms.ChoiceField(required=False)
    products = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    presented = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    minutes = forms.IntegerField(required=False, min_value=1, max_value=600)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    safety = forms.ChoiceField(widget=forms.RadioSelect)
    statement = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=20_000)
    product = forms.CharField(required=False, max_length=200)
    heard_at = forms.DateTimeField(required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))

    def __init__(
        self, medicines: Sequence[Medicine], messages: Sequence[Message], today: date, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.medicines, self.messages, self.today = medicines, messages, today
        self._messages()
        self._steps()
        self._choices(medicines)
        self._labels()
        self.fields["statement"].required = not self.is_bound or self.data.get("safety") == YES

    def _messages(self) -> None:
        reactions = [(name, say(text)) for name, text in REACTIONS.items()]
        for each in self.messages:
            self.fields[each.field] = forms.ChoiceField(choices=reactions, required=False, label=each.text)

    def _steps(self) -> None:
        for number in STEPS:
            self.fields[f"step-{number}"] = forms.CharField(required=False, max_length=300, label=t("Was", "What"))
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[f"due-{number}"] = forms.DateField(
                required=False, widget=widget, label=t("Bis wann", "By when")
            )

    def _choices(self, medicines: Sequence[Medicine]) -> None:
        names = [(str(each.product.id), each.product.name) for each in medicines]
        version = t("Fassung", "version")
        self._choose("products", names)
        self._choose(
            "presented",
            [(str(each.product.id), f"{each.product.name}, {version} {each.smpc.version}") for each in medicines],
        )
        self._choose("safety", [(YES, t("Ja", "Yes")), (NO, t("Nein", "No"))])
        self._choose("presumed_because", [(name, say(text)) for name, text in PRESUMED.items()])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def _labels(self) -> None:
        for name, label, hint in (
            ("products", t("Worüber haben Sie gesprochen?", "What did you talk about?"), ""),
            ("presented", t("Fachinformation vorgelegt", "Fachinformation presented"),
             t("Zu jedem besprochenen Arzneimittel nötig.", "Needed for each medicine discussed.")),
            ("minutes", t("Dauer in Minuten", "Duration in minutes"), ""),
            ("note", t("Notiz", "Note"), t("Was zur Sicherheit gesagt wurde, gehört nicht hierher, sondern nach unten.",
               "What was said on safety belongs below, not here.")),
            ("safety", t("Sicherheitsinformation erhalten?", "Safety information received?"),
             t("Auch Nebenbemerkungen zählen.", "Remarks in passing count, too.")),
            ("statement", t("Was wurde gesagt?", "What was said?"),
             t("Wörtlich, soweit möglich.", "Word by word if possible.")),
            ("product", t("Arzneimittel", "Medicine"), ""),
            ("heard_at", t("Wann gehört?", "When heard?"), ""),
            ("presumed_because", t("Warum ist der Anruf willkommen?", "Why is the call welcome?"),
             t("Ohne Einwilligung braucht ein Anruf einen sachlichen Grund; er wird festgehalten.",
               "Without consent a call needs a factual reason; it is written down.")),
        ):  # fmt: skip
            self.fields[name].label, self.fields[name].help_text = label, hint
        self.fields["statement"].error_messages["required"] = t(
            "Es fehlt, was gesagt wurde. Ein Satz genügt; alles andere darf fehlen.",
            "What was said is missing. One sentence is enough; the rest may be missing.",
        )
        self.fields["safety"].error_messages["required"] = t(
            "Diese Frage ist noch offen. Bitte antworten Sie mit Ja oder Nein.",
            "This question is still open. Please answer yes or no.",
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for number in STEPS:
            self._check_step(said, number)
        return said

    def _check_step(self, said: Mapping[str, Any], number: int) -> None:
        what, due = said.get(f"step-{number}"), said.get(f"due-{number}")
        if what and not due and f"due-{number}" not in self.errors:
            self.add_error(f"due-{number}", t("Es fehlt der Tag, bis wann.", "The day by when is missing."))
        if due and due < self.today:
            self.add_error(f"due-{number}", t("Der Tag liegt zurück. Wählen Sie heute oder später.",
                                              "The day is past. Choose today or later."))  # fmt: skip
        if due and not what:
            self.add_error(f"step-{number}", t("Es fehlt, was zu tun ist.", "What is to be done is missing."))

    def becomes_another(self, told: str, now: datetime) -> None:
        """Of its moment there is a report that says something else: sent again, it is of another one."""
        data = cast(QueryDict, self.data).copy()
        data["at"] = max(now.replace(microsecond=0), self.cleaned_data["at"] + SAME_MOMENT).isoformat()
        self.data = data
        self.add_error(None, told)

    @property
    def rows(self) -> list[tuple[Medicine, Any, Any]]:
        """Each medicine with its two boxes: discussed, and Fachinformation presented."""
        return list(zip(self.medicines, self["products"].subwidgets, self["presented"].subwidgets, strict=True))

    @property
    def reactions(self) -> list[Any]:
        return [self[each.field] for each in self.messages]

    @property
    def steps(self) -> list[tuple[Any, Any]]:
        return [(self[f"step-{number}"], self[f"due-{number}"]) for number in STEPS]

    def told(self, medicines: Sequence[Medicine], shown: Sequence[Shown]) -> Told:
        said = self.cleaned_data
        discussed = [UUID(each) for each in said["products"]]
        smpcs = {each.product.id: each.smpc.id for each in medicines}
        return Told(
            products=discussed,
            smpc_presented={each: smpcs[each] for each in discussed if str(each) in said["presented"]},
            safety=said["safety"] == YES,
            minutes=said["minutes"],
            note=said["note"],
            content_slugs=sorted({each.slug for each in shown}),
            shown=[each.content for each in shown],
            key_messages=[
                KeyMessage(each.text, each.slug, cast(Reaction, said[each.field]))
                for each in self.messages
                if said.get(each.field)
            ],
            next_steps=[
                NextStep(said[f"step-{number}"], said[f"due-{number}"])
                for number in STEPS
                if said.get(f"step-{number}")
            ],
        )
