"""Proofs that stay in the house, and the end of a message's period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.facts.content import drafts
from einklang.facts.people.models import User
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.loop.gate import door, queue, tasks
from einklang.loop.gate.door import Asked, MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.gate.tests.mails import EARLY, NOON, message, reader
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def proof(user: User, content: UUID, *, about: UUID | None = None, **given: object) -> Asked:
    to = Recipient("user", user.id, about=about)
    question = Question("send", to, "email", "internal", unit="marketing", content=content, at=EARLY, given=given)
    (asked,) = door.ask(cursor(), [question], now=EARLY, messages=[MessageSpec(content)])
    return asked


def sent(server: MailServer) -> int:
    return tasks.dispatch(EARLY, {"email": EmailAdapter(target=lambda: server.url)})


def test_EU_INT_01_a_proof_of_an_advertisement_arrives_at_once_marked_and_is_in_no_log(server: MailServer) -> None:
    planned = message(proof(cast.staff("marketing"), cast.mail().id, test=True))
    assert sent(server) == 1
    (mail,) = server.mails
    assert mail["Subject"].startswith("[Test] ")
    assert mail["List-Unsubscribe"]
    assert queue.get(cursor(), planned.id).state == "sent"
    assert cursor().execute("SELECT count(*) FROM interactions_log").fetchone() == (0,)


def test_EU_INT_01_what_is_not_released_goes_to_those_who_make_and_review_it_and_is_marked() -> None:
    draft = drafts.renew(cursor(), cast.mail().id, user=cast.staff("marketing").id, now=EARLY)
    asked = proof(cast.staff("legal_reviewer"), draft)
    assert (asked.verdict.answer, asked.verdict.flags["test"]) == ("yes", True)
    assert proof(cast.auditor(), draft).verdict.rules == ["EU-INT-01"]


def test_EU_INT_01_no_physician_no_rep_and_nobody_who_left_gets_a_proof() -> None:
    left = cast.staff("marketing")
    User.objects.filter(id=left.id).update(is_active=False)
    for user in (cast.login_of(cast.albrecht()), cast.petersen(), left):
        assert proof(user, cast.mail().id).verdict.rules == ["EU-INT-01"]


def test_EU_INT_01_a_proof_is_about_nobody_and_to_no_person() -> None:
    person = cast.albrecht()
    assert proof(cast.staff("marketing"), cast.mail().id, about=person.id).verdict.rules == ["EU-INT-01"]
    to = Recipient("person", person.id)
    question = Question("send", to, "email", "internal", content=cast.mail().id, at=NOON)
    (asked,) = door.ask(cursor(), [question], now=NOON, messages=[MessageSpec(cast.mail().id)])
    assert asked.verdict.rules == ["EU-INT-01"]


def test_EU_END_01_what_waits_at_the_end_of_its_period_is_never_sent(server: MailServer) -> None:
    to, end = Recipient("person", reader().id), NOON + timedelta(hours=1)
    given = {"not_after": end.isoformat()}
    content = cast.mail().id
    question = Question("send", to, "email", "promotional", content=content, at=NOON, given=given)
    (asked,) = door.ask(cursor(), [question], now=NOON, messages=[MessageSpec(content)])
    waiting = message(asked)
    door.hold(cursor(), [waiting.id], "by_hand", NOON)
    door.release(cursor(), [waiting.id], end)
    tasks.dispatch(end, {"email": EmailAdapter(target=lambda: server.url)})
    found = queue.get(cursor(), waiting.id)
    assert (found.state, found.detail, server.mails) == ("withheld", "EU-END-01", [])


def test_EU_END_01_a_mail_that_may_go_only_after_its_period_is_refused_at_once() -> None:
    to, end = Recipient("person", reader().id), EARLY + timedelta(hours=1)
    given = {"not_after": end.isoformat()}
    question = Question("send", to, "email", "promotional", content=cast.mail().id, at=EARLY, given=given)
    (asked,) = door.ask(cursor(), [question], now=EARLY, messages=[MessageSpec(cast.mail().id)])
    assert (asked.verdict.answer, asked.verdict.rules) == ("no", ["EU-END-01"])
