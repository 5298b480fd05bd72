"""The home page: her question first, then what was chosen for her and why, her week, what is new, what we know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from einklang.faces.portal import library, parts, searches, shelf, taste, week
from einklang.faces.portal.access import reader_view
from einklang.faces.portal.permissions import reach
from einklang.faces.portal.reader import Reader
from einklang.faces.portal.shelf import Kept
from einklang.facts.consent import preferences
from einklang.facts.consent.preferences import Preference
from einklang.facts.content.read import Version
from einklang.loop.decide import recommend, tastes
from einklang.loop.decide.recommend import Pick
from einklang.loop.profiles import read as profiles
from einklang.loop.profiles.read import Profile
from einklang.ui import locale
from einklang.ui.components import Factor, Why
from einklang.ui.text import t

NOON, EVENING = 11, 18
PICKS, NEWS, GO_ON, TOPICS = 4, 4, 3, 4


@dataclass(frozen=True)
class GoOn:
    """`left` in minutes, where it is known how long the whole takes."""

    slug: str
    title: str
    kind: str
    kept: Kept
    left: int | None


@require_safe
@never_cache
@reader_view()
def home(request: HttpRequest, reader: Reader) -> HttpResponse:
    return render(request, "portal/home.html", {**context(request, reader), "reader": reader})


def context(request: HttpRequest, reader: Reader) -> dict[str, object]:
    personal = reader.tracked and "ohne" not in request.GET
    visible = library.visible(reader)
    profile = profiles.profiles(reader.cur, [reader.card.id])[reader.card.id] if reader.tracked else None
    wish = preferences.read(reader.cur, [reader.card.id]).get(reader.card.id, Preference())
    picks = _picks(reader, visible, profile if personal else None)
    topic = request.GET.get("thema", "")
    news = _news(visible, picks, topic)
    return {
        "greeting": _greeting(reader),
        "last": searches.last(reader.cur, reader.card.id) if reader.tracked else [],
        "said": taste.just_said(request, reader),
        "personal": personal,
        "picks": [
            {**parts.card(pick.version, reader), "why": _why(pick, reader, personal=personal, opened=not place)}
            for place, pick in enumerate(picks)
        ],
        "week": week.rows(reader, profile, wish),
        "go_on": _go_on(reader, visible),
        "news": [parts.card(version, reader) for version in news],
        "topic": topic,
        "topics": [(slug, reader.topic(slug)) for slug in _frequent(visible)],
        "reach": reach(reader.permissions, wish),
        "read": len(profile.seen) if profile else None,
        "mandatory": parts.mandatory(reader.cur, [*(pick.version for pick in picks), *news]),
    }


def _picks(reader: Reader, visible: Sequence[Version], profile: Profile | None) -> list[Pick]:
    said = tastes.of(reader.cur, [reader.card.id]) if profile else {}
    wishes = said.get(reader.card.id, tastes.NO_TASTE)
    return recommend.rank(visible, reader.card, profile, reader.now, taste=wishes, about=reader.topics)[:PICKS]


def _news(visible: Sequence[Version], picks: Sequence[Pick], topic: str) -> list[Version]:
    """With a topic all of it, otherwise what is not chosen above."""
    chosen = {pick.version.id for pick in picks}
    if topic:
        return [each for each in visible if topic in each.topics][:NEWS]
    return [each for each in visible if each.id not in chosen][:NEWS]


def _frequent(visible: Sequence[Version]) -> list[str]:
    counted = Counter(topic for version in visible for topic in version.topics)
    return sorted(counted, key=lambda topic: (-counted[topic], topic))[:TOPICS]


def _go_on(reader: Reader, visible: Sequence[Version]) -> list[GoOn]:
    live = {version.slug: version for version in visible}
    kept = shelf.kept(reader.cur, reader.card.id) if live else {}
    return [_begun(live[each.slug], each) for each in shelf.to_go_on(kept.values()) if each.slug in live][:GO_ON]


def _begun(version: Version, kept: Kept) -> GoOn:
    words = version.text(locale.current())
    minutes = words.get("minutes")
    left = max(1, round(minutes * (100 - (kept.percent or 0)) / 100)) if minutes else None
    return GoOn(version.slug, words["title"], parts.kind_name(version.kind), kept, left)


def _why(pick: Pick, reader: Reader, *, personal: bool, opened: bool) -> Why | None:
    """The computed reasons of a choice; their shares add up to a hundred."""
    language = locale.current()
    factors = [
        Factor(title=factor.name.in_(language), share=factor.share, detail=factor.text.in_(language))
        for factor in pick.reasons
    ]
    if not factors:
        return None
    question = t("Warum sehe ich das?", "Why do I see this?")
    if not personal:
        return Why(sentence=factors[0].detail, factors=factors[:1], question=question)
    topic = pick.topic or next(iter(pick.version.topics), "")
    return parts.Chosen(
        sentence=factors[0].detail,
        factors=factors,
        question=question,
        opened=opened,
        slug=pick.version.slug,
        topic=topic,
        topic_name=reader.topic(topic) if topic else "",
    )


def _greeting(reader: Reader) -> str:
    hour = timezone.localtime(reader.now).hour
    if hour < NOON:
        words = t("Guten Morgen", "Good morning")
    else:
        words = t("Guten Tag", "Good afternoon") if hour < EVENING else t("Guten Abend", "Good evening")
    name = reader.card.short(locale.current())
    form = reader.card.salutation if locale.current() == "de" and not name.startswith(reader.card.salutation) else ""
    return f"{words}, {' '.join(part for part in (form, name) if part)}."
