"""The rep in the house that is tortured: answers a step, visits, asks for a sample, closes the report, on a tablet."""

from __future__ import annotations

import re
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from einklang.core import ids
from einklang.project.demo import cast
from einklang.project.demo.client import Form, Page, Visitor
from tests.torture import people

if TYPE_CHECKING:
    from tests.torture.people import Town

PACK = re.compile(r'name="pack" value="([^"]+)"')
MEDICINE = re.compile(r'name="products" value="([^"]+)"')
ANSWERS = {"accept": ("key", "title"), "later": ("key", "until"), "dismiss": ("key", "reason")}
CHOSEN = {"accept": {}, "later": {"until": "tomorrow"}, "dismiss": {"reason": "not_now"}}
STROKE = "M70 96L78 66L92 34L100 38"
LONG_AFTER = "2030-01-07"


def visit(town: Town, random: Random) -> None:
    with people.visitor(town, cast.STORY_REP.email, "/desk/") as (tablet, _):
        for _ in range(20):
            person = random.choice(town.near)
            try:
                _answer(town, tablet, random)
                _report(town, tablet, random, person)
                _sample(town, tablet, person)
            except LookupError:
                town.known.count("the desk had no form")
            town.wait(random.uniform(0.2, 1))


def _answer(town: Town, tablet: Visitor, random: Random) -> None:
    """The first step that is offered, accepted most of the time: then it is a task."""
    page = _get(town, tablet, "/desk/")
    answer = random.choice(("accept", "accept", "later", "dismiss"))
    with suppress(LookupError):
        form = page.form(*ANSWERS[answer])
        told = tablet.send(page, form, answer=answer, **CHOSEN[answer])
        town.known.count(f"step {answer} {told.status}")
        if "Übernommen." in told.text:
            with town.known.lock:
                town.known.accepted.add(f"step:{_person(form)}:{form.fields['key'][0]}")


def _report(town: Town, tablet: Visitor, random: Random, person: UUID) -> None:
    """Sometimes it is put away in the middle and taken up again. It says something that nobody else says."""
    address = f"/desk/person/{person}/besuch"
    page = _get(town, tablet, address)
    form = page.form("safety", "note", "step-0")
    said = {"note": f"Folter {ids.new()}", "minutes": "12", "safety": "no", **_medicine(page)}
    if random.random() < 0.3:
        kept = tablet.send(page, Form(f"/desk/person/{person}/entwurf/visit", "post", form.fields), **said)
        town.known.count(f"draft {kept.status}")
        page = _get(town, tablet, address)
        form = page.form("safety", "note", "step-0")
    step = f"Nachfassen {ids.new()}"
    told = tablet.send(page, form, **said, **{"step-0": step, "due-0": LONG_AFTER})
    town.known.count(f"visit {told.status}")
    if told.status == 200 and told.url.endswith("/empfehlen"):
        with town.known.lock:
            town.known.visits.add(str(said["note"]))
            town.known.agreed.add(step)


def _medicine(page: Page) -> dict[str, str]:
    found = MEDICINE.search(page.text)
    return {"products": found[1], "presented": found[1]} if found else {}


def _sample(town: Town, tablet: Visitor, person: UUID) -> None:
    page = _get(town, tablet, f"/desk/person/{person}/muster")
    packs = PACK.findall(page.text)
    if page.status != 200 or not packs:
        town.known.count("no sample to ask for")
        return
    form = page.form("pack", "name")
    answer = tablet.send(page, form, pack=packs[0], signature=STROKE, own_request="on")
    town.known.count(f"sample {answer.status}")
    if answer.status == 200:
        with town.known.lock:
            town.known.samples.add(form.fields["token"][0])


def _get(town: Town, tablet: Visitor, address: str) -> Page:
    page = tablet.get(address)
    if page.status >= 500:
        town.known.wrong(f"{address} answered {page.status}")
    return page


def _person(form: Form) -> str:
    return form.action.split("/person/")[1].split("/")[0]
