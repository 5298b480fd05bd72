"""May this document go live? What it names has to be there, approved and of the right kind."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import read as content
from einklang.facts.products import read as products
from einklang.loop.decide.journeys.document import Journey, Message, Problem, Suggest, check, contents, parse


def problems(cur: Cursor, doc: object, now: datetime) -> list[Problem]:
    """All that keeps a document from being published: form and way first, then what it names."""
    found = check(doc)
    if found or not isinstance(doc, Mapping):
        return found
    plan = parse(doc)
    return [*_unknown_content(cur, plan, now), *_unknown_products(cur, plan)]


def _unknown_content(cur: Cursor, plan: Journey, now: datetime) -> Iterable[Problem]:
    wanted = {name: contents(step) for name, step in plan.steps.items()}
    live = content.live(cur, {slug for slugs in wanted.values() for slug in slugs}, now)
    missing = {slug for slugs in wanted.values() for slug in slugs} - live.keys()
    known = {each.slug: each.kind for each in content.listing(cur, now=now)} if missing else {}
    for name, slugs in wanted.items():
        is_mail = isinstance(plan.steps[name], Message)
        field = "message.content" if is_mail else "suggest.content_slugs"
        for slug in sorted(set(slugs)):
            if slug not in live:
                yield Problem(name, field, _not_approved(slug, [own for own in known if _fits(known[own], is_mail)]))
            elif not _fits(live[slug].kind, is_mail):
                yield Problem(name, field, _wrong_kind(slug))


def _fits(kind: str, is_mail: bool) -> bool:
    return (kind == "mail") is is_mail and kind != "system_mail"


def _not_approved(slug: str, known: Sequence[str]) -> Words:
    de, en = f"{slug!r} gibt es nicht als freigegebenen Inhalt.", f"There is no approved content {slug!r}."
    near = difflib.get_close_matches(slug, known, 1)
    if near:
        return Words(f"{de} Meinten Sie {near[0]!r}?", f"{en} Did you mean {near[0]!r}?")
    return Words(
        f"{de} Er geht, sobald die Freigabe abgeschlossen ist.", f"{en} It works as soon as the approval is complete."
    )


def _wrong_kind(slug: str) -> Words:
    return Words(
        f"{slug!r} ist dafür die falsche Art: message sendet eine Mail, suggest zeigt anderes als Mails.",
        f"{slug!r} is of the wrong kind here: message sends a mail, suggest shows anything but mails.",
    )


def _unknown_products(cur: Cursor, plan: Journey) -> Iterable[Problem]:
    """A product is named by its brand or by one authorisation."""
    suggested = {name: step.products for name, step in plan.steps.items() if isinstance(step, Suggest)}
    if not any(suggested.values()):
        return
    known = {slug for each in products.all_products(cur) for slug in (each.slug, each.brand)}
    for name, slugs in suggested.items():
        for slug in set(slugs) - known:
            text = Words(f"Das Produkt {slug!r} gibt es nicht.", f"There is no product {slug!r}.")
            yield Problem(name, "suggest.products", text)
