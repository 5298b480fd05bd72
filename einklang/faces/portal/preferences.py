"""Everything a person allows, refuses and wishes, on one page; each change is one act with one button."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from einklang.faces.portal import insight, taste, wishes
from einklang.faces.portal.access import reader_view
from einklang.faces.portal.permissions import BY_NAME, GRADES, PERMISSIONS, state_of
from einklang.faces.portal.preferences_forms import OftenForm, PauseForm
from einklang.faces.portal.reader import Reader
from einklang.facts.consent.preferences import Preference
from einklang.ui.context import THEMES
from einklang.ui.text import t

OBJECTIONS = ("visit", "marketing")


@require_http_methods(["GET", "POST"])
@never_cache
@reader_view(noticed=False)
def preferences(request: HttpRequest, reader: Reader) -> HttpResponse:
    today, wish = timezone.localtime(reader.now).date(), wishes.current(reader)
    act = request.POST.get("act")
    often = OftenForm(request.POST if act == "prefer" else None, wish)
    pause = PauseForm(request.POST if act == "pause" else None, wish, today=today)
    if request.method == "POST" and all(not form.is_bound or form.is_valid() for form in (often, pause)):
        return _change(request, reader, often, pause)
    return render(request, "portal/preferences.html", _context(reader, wish, often, pause))


def _context(reader: Reader, wish: Preference, often: OftenForm, pause: PauseForm) -> dict[str, object]:
    wordings = wishes.shown(reader)
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
        "often": often,
        "wish": wish,
        "paused": wish.paused_until if wish.paused_until and wish.paused_until > reader.now else None,
        "pause": pause,
        "standing": taste.standing(reader),
        "themes": _themes(),
        "rep_sees": insight.seen_by_rep(reader),
    }


def _change(request: HttpRequest, reader: Reader, often: OftenForm, pause: PauseForm) -> HttpResponse:
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
        case "prefer":
            wishes.prefer(reader, *often.chosen())
        case "pause":
            wishes.pause(reader, pause.cleaned_data["until"], visits=pause.cleaned_data["visits"])
        case "resume":
            wishes.pause(reader, None)
        case _:
            return _unclear()
    messages.success(request, _done(act, name))
    return redirect("portal:preferences")


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
