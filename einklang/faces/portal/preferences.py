"""Everything a person allows, refuses and wishes, on one page; each change is one act with one button."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from einklang.faces.portal import insight, taste, wishes
from einklang.faces.portal.access import Reader, reader_view
from einklang.faces.portal.permissions import BY_NAME, GRADES, PERMISSIONS, state_of
from einklang.facts.consent import preferences as wishes_below
from einklang.ui.context import THEMES
from einklang.ui.text import t

OBJECTIONS = ("visit", "marketing")
PAUSES = (14, 30, 90, 180)  # days, at one tap
LONGEST = 366


class PauseForm(forms.Form):
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        until = self.fields["until"]
        until.label = t("Oder bis zu diesem Tag", "Or until this day")
        until.error_messages = {
            "required": t("Es fehlt der Tag, bis zu dem wir warten.", "The day until which we wait is missing."),
            "invalid": t(
                "Das ist kein Tag: So sieht er aus: 24.12.2026.", "This is not a day: it looks like 2026-12-24."
            ),
        }
        until.widget.attrs |= {"min": str(today + timedelta(1)), "max": str(today + timedelta(LONGEST))}

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


@require_http_methods(["GET", "POST"])
@never_cache
@reader_view(noticed=False)
def preferences(request: HttpRequest, reader: Reader) -> HttpResponse:
    today = timezone.localtime(reader.now).date()
    pause = PauseForm(request.POST if "until" in request.POST else None, today=today)
    if request.method == "POST" and not (pause.is_bound and not pause.is_valid()):
        return _change(request, reader, pause)
    return render(request, "portal/preferences.html", _context(reader, pause))


def _context(reader: Reader, pause: PauseForm) -> dict[str, object]:
    wordings, wish = wishes.shown(reader), wishes.current(reader)
    rows = [
        {
            "permission": permission,
            "wording": wordings[permission.name],
            "state": state_of(reader.permissions.get(permission.name)),
            "status": reader.permissions.get(permission.name),
        }
        for permission in PERMISSIONS
        if permission.name in wordings
    ]
    return {
        "reader": reader,
        "rows": rows,
        "grades": GRADES,
        "wordings": wordings,
        "objected": {name for name in OBJECTIONS if _objected(reader, name)},
        "frequency": wish,
        "paused": wish.paused_until if wish.paused_until and wish.paused_until > reader.now else None,
        "pause": pause,
        "pauses": [(pause.today + timedelta(days), _span(days)) for days in PAUSES],
        "standing": taste.standing(reader),
        "themes": _themes(),
        "rep_sees": insight.seen_by_rep(reader),
    }


def _change(request: HttpRequest, reader: Reader, pause: PauseForm) -> HttpResponse:
    act, name = request.POST.get("act", ""), request.POST.get("permission", "")
    match act:
        case "allow" if name in BY_NAME:
            grade = request.POST.get("grade") if name == "rep_visibility" else None
            if name == "rep_visibility" and grade not in GRADES:
                return _unclear()
            wishes.allow(request, reader, name, wishes.shown(reader)[name], grade)
        case "withdraw" if name in BY_NAME or name in OBJECTIONS:
            wishes.withdraw(request, reader, name)
        case "object" if name in OBJECTIONS:
            wishes.object_to(request, reader, name)
        case "prefer" if request.POST.get("frequency") in wishes_below.FREQUENCIES:
            wishes.prefer(reader, request.POST["frequency"])
        case "pause" if pause.is_bound:
            wishes.pause(reader, pause.cleaned_data["until"])
        case "resume":
            wishes.pause(reader, None)
        case _:
            return _unclear()
    messages.success(request, _done(act, name))
    return redirect("portal:preferences")


def _span(days: int) -> str:
    return {
        14: t("2 Wochen", "2 weeks"),
        30: t("30 Tage", "30 days"),
        90: t("3 Monate", "3 months"),
        180: t("6 Monate", "6 months"),
    }[days]


def _themes() -> list[tuple[str, str]]:
    words = {
        "system": t("Wie das Gerät", "As the device"),
        "light": t("Hell", "Light"),
        "dark": t("Dunkel", "Dark"),
        "glare": t("Starker Kontrast", "Strong contrast"),
    }
    return [(theme, words[theme]) for theme in THEMES]


def _done(act: str, name: str) -> str:
    if act == "allow" and name in wishes.CONFIRMED:
        return t(
            "Fast fertig: Wir haben Ihnen eine E\u2011Mail geschickt. Bitte bestätigen Sie dort Ihre Einwilligung.",
            "Nearly done: we have sent you an e\u2011mail. Please confirm your consent there.",
        )
    words = {
        "allow": t("Ihre Einwilligung ist gespeichert.", "Your consent is stored."),
        "withdraw": t("Ihr Widerruf gilt ab sofort.", "Your withdrawal is effective now."),
        "pause": t("Wir warten bis zu diesem Tag.", "We wait until that day."),
        "resume": t("Die Pause ist beendet.", "The pause has ended."),
        "object": t("Ihr Widerspruch gilt ab sofort.", "Your objection is effective now."),
    }
    return words.get(act, t("Ihr Wunsch ist gespeichert.", "Your wish is stored."))


def _objected(reader: Reader, name: str) -> bool:
    status = reader.permissions.get(name)
    return status is not None and status.state == "objected"


def _unclear() -> HttpResponse:
    return HttpResponseBadRequest(
        t(
            "Dieser Knopf ist unbekannt. Bitte laden Sie die Seite neu.",
            "This button is unknown. Please reload the page.",
        )
    )
