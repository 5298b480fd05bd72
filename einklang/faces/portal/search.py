"""Search over everything that this reader may be shown, with facets. What she may not see is not found either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.portal import index, library, medicines, parts, searches
from einklang.faces.portal.access import reader_view
from einklang.faces.portal.index import Hit
from einklang.faces.portal.reader import Reader
from einklang.facts.content.read import Version
from einklang.facts.products.read import Product, SmpcRef
from einklang.ui import locale
from einklang.ui.text import t

SHORT, MEDIUM = 5, 10  # minutes
SMPC = "smpc"
CLOSE, SUGGESTED = 0.72, 4

Medicines = Mapping[UUID, tuple[Product, SmpcRef]]


@dataclass(frozen=True)
class Found:
    """One result, and what the facets know of it."""

    hit: Hit
    href: str
    title: str
    kind: str
    icon: str
    meta: str
    rx: bool
    values: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Choice:
    value: str
    name: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    choices: Sequence[Choice]


@require_safe
@never_cache
@reader_view()
def search(request: HttpRequest, reader: Reader) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[: searches.LONGEST]
    visible, known = library.visible(reader), medicines.current(reader)
    found = _found(reader, asked, visible, known) if asked else []
    if asked and reader.tracked:
        with transaction.atomic():
            searches.remember(reader.cur, reader.card.id, asked, reader.now)
    chosen = {name: value for name in FACETS if (value := request.GET.get(name))}
    shown = [each for each in found if _matches(each, chosen)]
    by_id = {version.id: version for version in visible}
    context = {
        "reader": reader,
        "asked": asked,
        "found": shown,
        "facets": _facets(reader, found, chosen, asked) if found else [],
        "chosen": chosen,
        "last": searches.last(reader.cur, reader.card.id) if reader.tracked else [],
        "close": [] if found else _close(asked, reader, visible, known),
        "words": _vocabulary(reader, visible, known),
        "mandatory": parts.mandatory(reader.cur, [by_id[each.hit.thing] for each in shown if each.hit.thing in by_id]),
    }
    return render(request, "portal/search.html", context)


@require_POST
@reader_view()
def forget(request: HttpRequest, reader: Reader) -> HttpResponse:
    with transaction.atomic():
        searches.forget(reader.cur, [reader.card.id])
    return redirect("portal:search")


def _found(reader: Reader, asked: str, visible: Sequence[Version], known: Medicines) -> list[Found]:
    with transaction.atomic():
        index.complete(reader.cur, visible, known)
    by_id = {version.id: version for version in visible}
    hits = index.find(reader.cur, asked, [*by_id, *known], locale.current())
    names = {product.id: product.name for product, _ in known.values()}
    return [
        _content(reader, hit, by_id[hit.thing], names) if hit.thing in by_id else _medicine(hit, *known[hit.thing])
        for hit in hits
    ]


def _content(reader: Reader, hit: Hit, version: Version, names: Mapping[UUID, str]) -> Found:
    card = parts.card(version, reader)
    minutes = version.text(locale.current()).get("minutes")
    length = t("{} Min", "{} min").format(minutes) if minutes else ""
    product = names.get(version.authorisation) if version.authorisation else None
    return Found(
        hit=hit,
        href=reverse("portal:article", args=[version.slug]),
        title=str(card["title"]),
        kind=str(card["kind"]),
        icon=str(card["icon"]),
        meta=" · ".join(part for part in (length, ", ".join(map(reader.topic, version.topics[:2]))) if part),
        rx=version.rx,
        values={
            "art": [version.kind],
            "thema": list(version.topics),
            "produkt": [product] if product else [],
            "sprache": sorted(version.body),
            "dauer": [_length(minutes)] if minutes else [],
        },
    )


def _medicine(hit: Hit, product: Product, smpc: SmpcRef) -> Found:
    return Found(
        hit=hit,
        href=reverse("portal:product", args=[product.slug]),
        title=product.name,
        kind=t("Fachinformation", "Product information"),
        icon="file-text",
        meta=t("Fassung {}", "Version {}").format(smpc.version),
        rx=product.rx,
        values={"art": [SMPC], "thema": [], "produkt": [product.name], "sprache": ["de"], "dauer": []},
    )


def _length(minutes: int) -> str:
    return "kurz" if minutes <= SHORT else "mittel" if minutes <= MEDIUM else "lang"


def _matches(found: Found, chosen: Mapping[str, str]) -> bool:
    return all(value in found.values[name] for name, value in chosen.items())


def _facets(reader: Reader, found: Sequence[Found], chosen: Mapping[str, str], asked: str) -> list[Facet]:
    """Each counts what it would leave, with the other choices as they are."""
    facets = []
    for name, title in FACETS.items():
        others = {key: value for key, value in chosen.items() if key != name}
        counted = Counter(value for each in found if _matches(each, others) for value in each.values[name])
        choices = [
            Choice(
                value=value,
                name=_name(name, value, reader),
                count=counted[value],
                chosen=chosen.get(name) == value,
                query=urlencode({"q": asked, **others, **({} if chosen.get(name) == value else {name: value})}),
            )
            for value in sorted(counted, key=lambda each: (-counted[each], each))
        ]
        if len(choices) > 1 or name in chosen:
            facets.append(Facet(name, title(), choices))
    return facets


def _name(facet: str, value: str, reader: Reader) -> str:
    match facet:
        case "art":
            return t("Fachinformation", "Product information") if value == SMPC else parts.kind_name(value)
        case "thema":
            return reader.topic(value)
        case "sprache":
            return {"de": "Deutsch", "en": "English"}.get(value, value)
        case "dauer":
            return _lengths().get(value, value)
        case _:
            return value


def _lengths() -> dict[str, str]:
    return {
        "kurz": t("bis 5 Min", "up to 5 min"),
        "mittel": t("6 bis 10 Min", "6 to 10 min"),
        "lang": t("über 10 Min", "over 10 min"),
    }


def _vocabulary(reader: Reader, visible: Sequence[Version], known: Medicines) -> list[str]:
    """What the box suggests: topics and medicines that there is something about."""
    topics = {reader.topic(topic) for version in visible for topic in version.topics}
    names = {word for product, _ in known.values() for word in (product.brand_name, product.substance)}
    return sorted(topics | names)


def _close(asked: str, reader: Reader, visible: Sequence[Version], known: Medicines) -> list[str]:
    """Words that are there and look like those that found nothing."""
    titles = " ".join(version.title(locale.current()) for version in visible)
    there = {word.lower(): word for word in [*_vocabulary(reader, visible, known), *index.WORD.findall(titles)]}
    close = [word for typed in asked.lower().split() for word in get_close_matches(typed, there, SUGGESTED, CLOSE)]
    return [there[word] for word in dict.fromkeys(close)][:SUGGESTED]


FACETS: Mapping[str, Callable[[], str]] = {
    "art": lambda: t("Art", "Kind"),
    "thema": lambda: t("Thema", "Topic"),
    "produkt": lambda: t("Arzneimittel", "Medicine"),
    "sprache": lambda: t("Sprache", "Language"),
    "dauer": lambda: t("Dauer", "Length"),
}
