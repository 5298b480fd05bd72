"""The story, played for one doctor over HTTP: article, journey, mail, click, desk, visit, recommendation, sample."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

from einklang.core import settings
from einklang.core.clock import ZONE
from einklang.core.connection import cursor
from einklang.loop.decide.models import Enrolment
from einklang.loop.gate import browse, verdicts
from einklang.loop.gate.queue import Message
from einklang.project.demo import cast, inbox
from einklang.project.demo.at_the_desk import Desk
from einklang.project.demo.client import Page, Visitor
from einklang.project.demo.stage import Stage, StoryBroke, told
from einklang.project.demo.steps import Step

ARTICLE = "/inhalt/hfpef-praxis"
HREF = re.compile(r'href="([^"]+)"[^>]*>(?:\s|<[^>]+>)*Video')
PIXEL = "/m/o/"
NO_READING = "Das Lesen wurde ohne Einwilligung keiner Person zugeordnet; es löst nichts aus."


def play(url: str, without: str | None) -> Iterator[Step]:
    stage = Stage(url)
    with closing(Visitor(url)) as reader, closing(Desk(stage, without)) as desk:
        read = _read(stage, reader, without)
        yield read
        yield _enrol(stage, read)
        mail, message = _mail(stage, read)
        yield mail
        desk.open()
        yield _click(stage, message, mail)
        yield desk.prepare()
        visit = desk.visit()
        yield visit
        yield desk.recommend()
        yield desk.sample(visit)


def _read(stage: Stage, reader: Visitor, without: str | None) -> Step:
    email = cast.STORY_DOCTOR.email
    page = reader.login(email, cast.PASSWORD, then=ARTICLE)
    choice = "reject" if without == "tracking" else "accept"
    page = reader.send(
        page, page.form("tracking") if "tracking" in _names(page) else page.form("next"), tracking=choice
    )
    if not page.url.endswith(ARTICLE) or page.status != 200:
        raise StoryBroke(f"The article did not open: {page.status} {page.url}")
    handed = page.handed("event")
    who = f"{stage.name} meldet sich im Portal an und liest einen Artikel zur Herzinsuffizienz."
    if handed is None:
        refused = told(stage.may_record("tracking", "portal"))
        counted = "Der Server zählt einen Aufruf, ohne zu wissen, von wem."
        return stage.step("read", "portal", "done", reasons=refused, account=[who, counted])
    answer = reader.http.post("/v1/track", json=handed["event"], auth=(handed["key"], ""))
    answer.raise_for_status()
    entry = stage.wait("the reading stands in the log", lambda: stage.logged("content.viewed"))
    return stage.step(
        "read", "portal", "done", interaction=entry.id,
        account=[who, "Sie hat der Messung zugestimmt: Das Lesen steht im Protokoll und in ihrem Profil."],
    )  # fmt: skip


def _names(page: Page) -> set[str]:
    return set(re.findall(r'name="([^"]+)"', page.text))


def _enrol(stage: Stage, read: Step) -> Step:
    if read.interaction_id is None:
        return stage.step("enrol", "portal", "not_triggered", reasons=[f"read: {NO_READING}"])
    stage.wait("the journey takes her in", lambda: Enrolment.objects.filter(person=stage.doctor).first())
    return stage.step(
        "enrol", "portal", "done",
        account=["Die Journey „Lesen, vertiefen, besuchen“ nimmt sie auf und wartet zwei Tage."],
    )  # fmt: skip


def _mail(stage: Stage, read: Step) -> tuple[Step, Message | None]:
    if read.interaction_id is None:
        return stage.step(
            "mail", "email", "not_triggered", reasons=["enrol: Es gibt keine Aufnahme in die Journey."]
        ), None
    stage.until(2026, 11, 21, 7, 43)
    message = stage.wait("the journey asks the gate", lambda: _message(stage))
    waits = ""
    if message.state == "planned":
        waits = f"Bis {message.due_at.astimezone(ZONE):%H:%M} Uhr ist Ruhezeit; die Mail wartet."
        stage.until(2026, 11, 21, 9, 1)
    message = stage.wait("the mail is settled", lambda: _settled(stage))
    verdict = verdicts.get(cursor(), message.dispatch_verdict or message.verdict)
    if message.state == "withheld":
        reasons = told(verdict.verdict)
        return stage.step(
            "mail", "email", "withheld", reasons=reasons, verdict=verdict.id, account=["Die Mail bleibt hier."]
        ), None
    if message.state != "sent":
        raise StoryBroke(f"The mail ended as {message.state}: {message.detail}")
    entry = stage.wait("the mail stands in the log", lambda: stage.logged("email.sent"))
    received = _received(message)
    said = [waits] if waits else []
    account = [*said, f"Dann geht die E-Mail „{received.subject}“ hinaus und kommt im Posteingang an."]
    if PIXEL not in received.part("html"):
        account.append("Ohne Zählpixel und mit einfachen Links: Ihrer Messung hat sie nicht zugestimmt.")
    done = stage.step("mail", "email", "done", interaction=entry.id, verdict=verdict.id, account=account)
    return done, message


def _message(stage: Stage) -> Message | None:
    return next(iter(browse.listing(cursor(), person=stage.doctor.id, limit=1)), None)


def _settled(stage: Stage) -> Message | None:
    message = _message(stage)
    return message if message and message.state in ("sent", "withheld", "failed", "uncertain") else None


def _received(message: Message) -> inbox.Mail:
    folder = settings.get().home / "inbox"
    found = [mail for mail in inbox.mails(folder) if str(mail.message["Message-ID"]).strip() == message.message_id]
    if len(found) != 1:
        raise StoryBroke(f"The inbox holds {len(found)} mails instead of one.")
    return found[0]


def _click(stage: Stage, message: Message | None, mail: Step) -> Step:
    stage.until(2026, 11, 22, 20, 14)
    if message is None:
        reason = mail.reasons[0] if mail.reasons else "Es gab keine Mail."
        return stage.step("click", "email", "not_triggered", reasons=[f"mail: {reason}"])
    link = HREF.search(_received(message).part("html"))
    if link is None:
        raise StoryBroke("The mail has no link to the video.")
    with closing(Visitor(stage.url)) as stranger:
        page = stranger.get(link.group(1).replace("&amp;", "&"))
    if "/anmelden" not in page.url:
        raise StoryBroke(f"The link opened {page.url} without asking who is there.")
    opened = "Der Link öffnet das Portal, das nach der Anmeldung fragt."
    if "/m/c/" not in link.group(1):
        reasons = told(stage.may_record("mail_tracking", "email"))
        account = [f"{stage.name} klickt auf den Link zum Video. {opened}", "Wer geklickt hat, erfahren wir nicht."]
        return stage.step("click", "email", "withheld", reasons=reasons, account=account)
    entry = stage.wait("the click stands in the log", lambda: stage.logged("email.clicked"))
    stage.wait("the journey suggests the visit", lambda: stage.logged("suggestion.made"))
    account = [f"{stage.name} klickt auf den Link zum Video. {opened}", "Der Klick steht im Protokoll."]
    return stage.step("click", "email", "done", interaction=entry.id, account=account)
