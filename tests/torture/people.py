"""Those who live in the house while it is tortured: systems that tell events, readers, reps (`desk`), service centre.

Each is a thread with dice of its own. Whoever gets no answer, or a 503, tells the same again, as the real clients do.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import psycopg

from einklang.core import clock, ids
from einklang.core.errors import EinklangError
from einklang.facts.consent import ledger, wordings
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.people import lock
from einklang.loop.gate import door
from einklang.loop.gate.question import Question, Recipient
from einklang.project.demo import cast
from einklang.project.demo.client import Page, Visitor
from tests.torture import desk, smtp
from tests.torture.house import House
from tests.torture.known import Known

UNAVAILABLE = (429, 502, 503, 504)
SLUGS = ("hfpef-praxis", "titration-video", "embrace-hf-24")
TOPICS = (["herzinsuffizienz"], ["niere"], ["herzinsuffizienz", "niere"])
CLICK = re.compile(r'href="([^"]*/m/c/[^"]+)"')
ONE_CLICK = re.compile(r"<(http[^>]+/m/u/[^>]+)>")
ARTICLE = "/inhalt/hfpef-praxis"
CLICKS, UNSUBSCRIBES = 0.5, 0.06
TABLETS = 5  # of one rep: what is done on one is seen on the others


class Over(Exception):
    """The torture ends while somebody still waits for an answer."""


@dataclass
class Town:
    """`persons` may be told of, `near` are in the rep's territory; `service` is the content of the centre's mails."""

    house: House
    known: Known
    key: str
    persons: list[UUID]
    near: list[UUID]
    service: UUID
    over: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> None:
        if self.over.wait(seconds):
            raise Over

    def live(self, seed: int) -> list[threading.Thread]:
        lives: list[Callable[[Town, Random], None]] = [tell, tell, tell, read_mail, answer_inquiries, agree]
        lives += [desk.visit] * TABLETS
        lives += [reader_of(doctor.email) for doctor in cast.DOCTORS if doctor.login]
        threads = [
            threading.Thread(target=_live, args=(self, life, Random(f"{seed}/{number}")), daemon=True)
            for number, life in enumerate(lives)
        ]
        for thread in threads:
            thread.start()
        return threads


def _live(town: Town, life: Callable[[Town, Random], None], random: Random) -> None:
    try:
        while True:
            life(town, random)
    except Over:
        return
    except Exception as error:
        town.known.wrong(f"{life.__name__} ended: {type(error).__name__}: {error}")
        raise


class Patient(httpx.HTTPTransport):
    """Whoever is not answered asks again, with the same words."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town = town

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        while True:
            try:
                answer = super().handle_request(request)
                answer.read()
            except httpx.TransportError:
                self.town.known.count("no answer")
                self.town.wait(0.3)
                continue
            if answer.status_code not in UNAVAILABLE:
                return answer
            self.town.known.count(f"answer {answer.status_code}")
            self.town.wait(min(float(answer.headers.get("Retry-After", 1)), 2.0))


def client(town: Town, **more: Any) -> httpx.Client:
    return httpx.Client(base_url=town.house.url, transport=Patient(town), timeout=20.0, **more)


# Systems that tell events with a server's key


def tell(town: Town, random: Random) -> None:
    with client(town, auth=(town.key, "")) as http:
        while True:
            _tell(town, http, [_event(town, random) for _ in range(random.choice((1, 1, 1, 5, 20)))])
            town.wait(random.uniform(0.02, 0.3))


def _event(town: Town, random: Random) -> dict[str, Any]:
    """One in ten was told before."""
    name = str(ids.new())
    with town.known.lock:
        if town.known.told and random.random() < 0.1:
            name = next(iter(town.known.told))
        town.known.told.add(name)
    person, browser = str(random.choice(town.persons)), f"browser-{random.randrange(200)}"
    properties = {"content_slug": random.choice(SLUGS), "topics": random.choice(TOPICS), "title": "T"}
    viewed = {"type": "track", "event": "content.viewed", "messageId": name, "properties": properties}
    dice = random.random()
    if dice < 0.7:
        return {**viewed, "userId": person}
    if dice < 0.95:
        return {**viewed, "anonymousId": browser}
    return {"type": "identify", "messageId": name, "userId": person, "anonymousId": browser}


def _tell(town: Town, http: httpx.Client, events: list[dict[str, Any]]) -> None:
    answer = http.post("/v1/batch", json={"batch": events})
    if answer.status_code != httpx.codes.OK:
        town.known.wrong(f"the intake answered {answer.status_code}: {answer.text[:300]}")
        return
    refused = {error["index"] for error in answer.json()["errors"]}
    if refused:
        town.known.wrong(f"the intake refused events: {answer.text[:300]}")
    with town.known.lock:
        town.known.answered |= {each["messageId"] for place, each in enumerate(events) if place not in refused}


# Readers in the portal


def reader_of(email: str) -> Callable[[Town, Random], None]:
    def read(town: Town, random: Random) -> None:
        with visitor(town, email, ARTICLE) as (reader, page):
            if "tracking" in page.text and "next" in page.text:
                with suppress(LookupError):
                    reader.send(page, page.form("tracking", "next"), tracking="accept")
            for _ in range(random.randrange(5, 30)):
                _read(town, reader)
                town.wait(random.uniform(0.2, 1.5))

    return read


def _read(town: Town, reader: Visitor) -> None:
    page = reader.get(ARTICLE)
    if page.status >= 500:
        town.known.wrong(f"{ARTICLE} answered {page.status}")
    handed = page.handed("event") if page.status == 200 else None
    if handed is None:
        town.known.count("pages that count nobody")
        return
    answer = reader.http.post("/v1/track", json=handed["event"], auth=(handed["key"], ""))
    if answer.status_code == 200 and not answer.json()["errors"]:
        with town.known.lock:
            town.known.read.add(handed["event"]["messageId"])


@contextmanager
def visitor(town: Town, email: str, then: str) -> Iterator[tuple[Visitor, Page]]:
    """Logged in; with the page that came first."""
    found = Visitor(town.house.url)
    found.http.close()
    found.http = client(town, follow_redirects=True)
    try:
        yield found, found.login(email, cast.PASSWORD, then=then)
    finally:
        found.close()


# Mails that arrived


def read_mail(town: Town, random: Random) -> None:
    seen = 0
    with client(town) as http:
        while True:
            mails = smtp.arrived(town.house.mails)
            for name, place in mails[seen:]:
                _read_mail(town, http, random, name, place)
            seen = len(mails)
            town.wait(0.5)


def _read_mail(town: Town, http: httpx.Client, random: Random, name: str, place: Path) -> None:
    mail = message_from_bytes(place.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("html",))
    links = CLICK.findall(str(body.get_content())) if body else []
    if links and random.random() < CLICKS:
        http.get(random.choice(links).replace("&amp;", "&"))
        town.known.count("clicks")
    stop = ONE_CLICK.search(str(mail["List-Unsubscribe"] or ""))
    if stop and random.random() < UNSUBSCRIBES:
        answer = http.post(stop[1], data={"List-Unsubscribe": "One-Click"})
        if answer.is_success:
            with town.known.lock:
                town.known.unsubscribed.add(name)


# The service centre


def answer_inquiries(town: Town, random: Random) -> None:
    """Mails that no limit keeps back. A transaction without an answer may have been committed all the same."""
    with suppress(psycopg.Error), town.house.connect() as connection:
        cur = connection.cursor()
        now = clock.now(cur)
        persons = random.sample(town.persons, random.randrange(1, 6))
        questions = [
            Question(
                "send", Recipient("person", each), "email", "service", unit="support", content=town.service, at=now
            )
            for each in persons
        ]
        asked = door.ask(cur, questions, now=now, messages=[door.MessageSpec(town.service)] * len(persons))
        connection.commit()
        with town.known.lock:
            town.known.planned |= {each.message for each in asked if each.message}
    town.wait(random.uniform(0.1, 1.0))


def agree(town: Town, random: Random) -> None:
    """Some say yes to mail again, some say no, while mails are on their way to them."""
    person, state = random.choice(town.persons), random.choice(("granted", "granted", "withdrawn"))
    with suppress(psycopg.Error, EinklangError), town.house.connect() as connection:
        cur = connection.cursor()
        now = clock.now(cur)
        lock.hold(cur, [person])
        known, wording = PERMISSIONS["email"], wordings.current(cur, "email", "de", now)
        entry = ledger.Entry(
            subject=person,
            permission="email",
            channel=known.channel,
            purpose=known.purpose,
            state=state,
            wording=wording.id if wording and state == "granted" else None,
            evidence={"form": "torture"},
            source="service",
        )
        ledger.append(cur, [entry], now)
        connection.commit()
        town.known.count(f"consent {state}")
    town.wait(random.uniform(0.2, 1.5))
