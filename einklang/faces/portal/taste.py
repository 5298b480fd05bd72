"""What a reader says about what is chosen for her: not this, less of that; each can be taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from einklang.faces.portal.access import reader_view
from einklang.faces.portal.reader import Reader
from einklang.facts.content import read as content
from einklang.loop.decide import tastes
from einklang.ui.text import t
from einklang.ui.views import back

SESSION_KEY = "said"
LONGEST = 200


@dataclass(frozen=True)
class Said:
    """For the page that follows: what was said, and the way back."""

    kind: str
    target: str
    sentence: str


@require_POST
@reader_view()
def say(request: HttpRequest, reader: Reader) -> HttpResponse:
    kind, target = request.POST.get("kind", ""), request.POST.get("target", "")[:LONGEST]
    if kind not in tastes.KINDS or not target:
        return _unclear()
    with transaction.atomic():
        if "undo" in request.POST:
            tastes.unsay(reader.cur, reader.card.id, kind, target)
        else:
            tastes.say(reader.cur, reader.card.id, kind, target, reader.now)
            request.session[SESSION_KEY] = {"kind": kind, "target": target}
    return back(request) if request.POST.get("next") else redirect("portal:home")


def just_said(request: HttpRequest, reader: Reader) -> Said | None:
    """Once, on the next page."""
    said = request.session.pop(SESSION_KEY, None)
    return Said(said["kind"], said["target"], _sentence(reader, said["kind"], said["target"])) if said else None


def standing(reader: Reader) -> list[Said]:
    """All that holds, for the preferences."""
    taste = tastes.of(reader.cur, [reader.card.id]).get(reader.card.id, tastes.NO_TASTE)
    hidden = content.live(reader.cur, taste.hidden, reader.now)
    titles = [(slug, version.title(reader.language)) for slug, version in sorted(hidden.items())]
    return [
        *(Said(tastes.HIDE, slug, title) for slug, title in titles),
        *(
            Said(tastes.LESS, topic, t("Weniger zu {}", "Less on {}").format(reader.topic(topic)))
            for topic in sorted(taste.less)
        ),
    ]


def _sentence(reader: Reader, kind: str, target: str) -> str:
    if kind == tastes.HIDE:
        return t("Ausgeblendet. Wir zeigen Ihnen diesen Beitrag nicht mehr.", "Hidden. We no longer suggest this item.")
    return t("Wir schlagen Ihnen weniger zu {} vor.", "We suggest less on {}.").format(reader.topic(target))


def _unclear() -> HttpResponse:
    return HttpResponseBadRequest(
        t(
            "Dieser Knopf ist unbekannt. Bitte laden Sie die Seite neu.",
            "This button is unknown. Please reload the page.",
        )
    )
