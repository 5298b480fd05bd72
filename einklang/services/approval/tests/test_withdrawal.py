from __future__ import annotations

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.content import read
from einklang.loop.decide.journeys import store
from einklang.loop.decide.tests.documents import story
from einklang.loop.gate import door, queue
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.services.approval import withdrawal
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW


def test_one_act_takes_a_mail_off_every_channel() -> None:
    mail, doctor = cast.mail(), cast.kern()
    cast.product_article()
    cast.allow(doctor, "email")
    store.publish(cursor(), story(), cast.administrator().id, NOW)
    question = Question(
        "send", Recipient("person", doctor.id), "email", "promotional", unit="marketing", content=mail.id, at=NOW
    )
    (asked,) = door.ask(cursor(), [question], now=NOW, messages=[MessageSpec(mail.id)])
    version = read.versions(cursor(), [mail.id])[mail.id]
    impact = withdrawal.impact(cursor(), version)
    assert (len(impact.journeys), impact.messages) == (1, [asked.message])
    officer = cast.information_officer()
    with pytest.raises(InputError, match="reason"):
        withdrawal.withdraw(cursor(), mail.id, reason=" ", user=officer.id, now=NOW)
    assert withdrawal.withdraw(cursor(), mail.id, reason="Falsche Dosis", user=officer.id, now=NOW) == 1
    assert asked.message is not None
    assert queue.get(cursor(), asked.message).state == "withheld"
    assert read.live(cursor(), [mail.slug], NOW) == {}


def test_mails_that_lead_to_a_content_are_named() -> None:
    cast.mail()
    article = cast.frozen("velunor-studie", "study", {"de": {"title": "Studie", "lede": "Kurz", "blocks": []}})
    version = read.versions(cursor(), [article.id])[article.id]
    assert len(withdrawal.impact(cursor(), version).mails) == 1
