"""The rep's half of the story: her tablet changes by itself, she prepares, visits, shows, and takes a request down."""

from __future__ import annotations

import re

from einklang.core.connection import cursor
from einklang.facts.content import read as content
from einklang.facts.products import read as products
from einklang.loop.channels.visit import reports
from einklang.loop.decide.models import Enrolment
from einklang.project.demo import cast
from einklang.project.demo.client import Page, Stream, Visitor
from einklang.project.demo.stage import Stage, StoryBroke, told
from einklang.project.demo.steps import Step
from einklang.services.orders import read as orders

VISIT = (2026, 11, 24, 10, 30)
STREAM = re.compile(r'data-stream="([^"]+)"')
SLUG = re.compile(r'data-slug="([^"]+)"')
SCORE = re.compile(r'class="score">.*?<b>(\d+)</b>', re.S)
PATIENCE = 20.0


class Desk:
    def __init__(self, stage: Stage, without: str | None) -> None:
        self.stage = stage
        self.without = without
        self.tablet = Visitor(stage.url)
        self.stream: Stream | None = None
        self.person = f"/desk/person/{stage.doctor.id}/"

    def close(self) -> None:
        if self.stream:
            self.stream.close()
        self.tablet.close()

    def open(self) -> None:
        """Before anything happens: what comes later must reach the page by itself."""
        page = self.tablet.login(cast.STORY_REP.email, cast.PASSWORD, then=self.person)
        address = STREAM.search(page.text)
        if page.status != 200 or address is None:
            raise StoryBroke(f"The desk did not open: {page.status} {page.url}")
        self.stream = Stream(self.tablet, address.group(1).replace("&amp;", "&"))

    def prepare(self) -> Step:
        stage = self.stage
        stage.until(2026, 11, 24, 9, 5)
        stage.settled()
        account = [f"{cast.STORY_REP.name} bereitet den Besuch am Dienstag vor."]
        if Enrolment.objects.filter(person=stage.doctor).exists():
            stage.wait("the journey suggests the visit", lambda: stage.logged("suggestion.made"))
            self._arrives("suggestion.made")
            account.append("Der Vorschlag der Journey kam von selbst auf sein Tablet.")
        page = self.tablet.get(self.person)
        _expect(page)
        disclosed = stage.verdict("disclose")
        if disclosed is None:
            raise StoryBroke("What the rep was shown is not stored.")
        score = SCORE.search(page.text)
        account.append(
            f"Der nächste Schritt passt zu {score.group(1)} von 100." if score else "Kein Schritt drängt sich auf."
        )
        if not disclosed.verdict.yes:
            account.append("Interessen und Gelesenes sieht er nicht: Das hat sie nicht erlaubt.")
            reasons = told(disclosed.verdict)
            return stage.step("prepare", "visit", "withheld", reasons=reasons, verdict=disclosed.id, account=account)
        return stage.step("prepare", "visit", "done", verdict=disclosed.id, account=account)

    def visit(self) -> Step:
        stage = self.stage
        stage.until(*VISIT)
        page = self.tablet.get(f"{self.person}besuch")
        _expect(page)
        velunor = str(products.by_slug(cursor(), ["velunor-10"])["velunor-10"].id)
        form = page.form("safety", "presented")
        self.tablet.send(page, form, products=velunor, presented=velunor, minutes="14", safety="no")
        stored = stage.verdict("visit")
        if stored is None:
            raise StoryBroke("The gate was not asked about the visit.")
        entry = stage.logged("visit.held")
        if entry is None:
            account = ["Der Besuch findet nicht statt."]
            return stage.step(
                "visit", "visit", "withheld", reasons=told(stored.verdict), verdict=stored.id, account=account
            )
        held = [each for each in reports.listing(cursor(), person=stage.doctor.id) if each.held_at]
        account = [
            "Der Besuch ist gehalten und gesperrt: Fachinformation vorgelegt, nach Sicherheit gefragt.",
            f"Dauer {held[-1].minutes} Minuten.",
        ]
        return stage.step("visit", "visit", "done", interaction=entry.id, verdict=stored.id, account=account)

    def recommend(self) -> Step:
        if self.stage.logged("visit.held") is None:
            return self.stage.step(
                "recommend", "visit", "not_triggered", reasons=["visit: Der Besuch findet nicht statt."]
            )
        page = self.tablet.get(f"{self.person}empfehlen")
        _expect(page)
        shown = SLUG.findall(page.text)
        if len(shown) != 2:
            raise StoryBroke(f"The tablet shows {len(shown)} recommendations instead of two.")
        manner = "mit Grund" if 'class="why' in page.text else "ohne Personalisierung"
        known = content.live(cursor(), shown, self.stage.now)
        titles = [f"„{known[slug].title('de')}“" for slug in shown]
        account = [f"Das Tablet zeigt ihr zwei Empfehlungen {manner}: {', '.join(titles)}."]
        return self.stage.step("recommend", "visit", "done", account=account)

    def sample(self, visit: Step) -> Step:
        stage = self.stage
        if visit.outcome != "done":
            return stage.step("sample", "visit", "not_triggered", reasons=["visit: Der Besuch findet nicht statt."])
        page = self.tablet.get(f"{self.person}muster")
        _expect(page)
        signed = {"signature": "M70 96L78 66L92 34L100 38", "own_request": "on"}
        given = {"own_request": None} if self.without == "sample_request" else signed
        self.tablet.send(page, page.form("pack", "name"), pack=_pack(page), **given)
        asked = stage.verdict("hand_over")
        if asked is None:
            raise StoryBroke("The gate was not asked about the sample.")
        entry = stage.logged("sample.requested")
        if entry is None:
            reasons = told(asked.verdict)
            account = ["Das Muster wird nicht ausgegeben."]
            return stage.step("sample", "visit", "withheld", reasons=reasons, verdict=asked.id, account=account)
        number = self._dispatched()
        account = [
            f"{stage.name} fordert eine Packung an und unterschreibt auf dem Tablet.",
            f"Das Lager versendet sie mit Lieferschein {number}, Charge A4417, und der Fachinformation.",
        ]
        return stage.step("sample", "visit", "done", interaction=entry.id, verdict=asked.id, account=account)

    def _dispatched(self) -> str:
        """The service centre sends the pack from the studio's page."""
        order = orders.of_persons(cursor(), [self.stage.doctor.id])[0]
        agent = next(each for each in cast.STAFF if each.role == "service_agent")
        warehouse = Visitor(self.stage.url)
        page = warehouse.login(agent.email, cast.PASSWORD, then=f"/studio/orders/{order.id}/")
        _expect(page)
        warehouse.send(page, page.form("batch", "expiry"), batch="A4417", expiry="2028-05-31")
        note = warehouse.get(f"/studio/orders/{order.id}/note.pdf")
        warehouse.close()
        sent = orders.get(cursor(), order.id)
        if sent is None or sent.number is None or not note.data.startswith(b"%PDF"):
            raise StoryBroke("The sample was not dispatched with its delivery note.")
        return sent.number

    def _arrives(self, kind: str) -> None:
        wanted = str(self.stage.doctor.id)
        if self.stream is None or not self.stream.wait(
            lambda event: event["kind"] == kind and event["person"] == wanted, PATIENCE
        ):
            raise StoryBroke(f"{kind} did not reach the desk by itself.")


def _pack(page: Page) -> str:
    """Velunor's pack, as its radio button says."""
    found = re.search(r'name="pack" value="([^"]+)"[^>]*>\s*<span>Velunor', page.text)
    if found is None:
        raise StoryBroke("The sample page offers no Velunor.")
    return found.group(1)


def _expect(page: Page) -> None:
    if page.status != 200:
        raise StoryBroke(f"{page.url} answered {page.status}")
