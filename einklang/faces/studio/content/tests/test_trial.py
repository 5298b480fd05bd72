"""A test of a mail from its content's page: the mailing's own machinery, without a mailing."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter
from einklang.faces.studio.record import audit_words
from einklang.facts.audit import trail
from einklang.facts.content import drafts
from einklang.loop.decide.mailings import proofs
from einklang.loop.gate import queue
from einklang.services.approval.tests import parts
from tests import cast

pytestmark = pytest.mark.django_db
TRY = "Test senden"


def page(client: Client, version: UUID) -> str:
    return client.get(f"/studio/content/{version}/").content.decode()


def test_a_test_goes_to_oneself_once_however_often_is_clicked(enter: Enter) -> None:
    mail, client = cast.mail().id, enter("marketing")
    assert TRY in page(client, mail)
    for _ in range(2):
        client.post(f"/studio/content/{mail}/test", {"to": ["me"]})
    (proof,) = proofs.latest(cursor(), mail)
    message = queue.get(cursor(), proof.message)
    assert (proof.user, message.purpose, message.content) == (cast.staff("marketing").id, "internal", mail)
    assert "gerade erst hinausgegangen" in page(client, mail)
    told = trail.listing(cursor(), limit=2, object=f"content:{mail}")
    assert [(each.act, each.new) for each in told] == [("content.test", 0), ("content.test", 1)]
    assert audit_words.act("content.test") == "Test gesendet"


def test_before_its_approval_it_goes_to_those_who_make_it_and_to_nobody_else(enter: Enter) -> None:
    cur, client = cursor(), enter("marketing")
    mail = drafts.renew(cur, cast.mail().id, user=cast.staff("marketing").id, now=cast.NOW)
    proofs.add(cur, cast.staff("service_agent").id, by=cast.administrator().id, now=cast.NOW)
    client.post(f"/studio/content/{mail}/test", {"to": ["me", "seeds"]})
    states = {each.user: queue.get(cur, each.message).state for each in proofs.latest(cur, mail)}
    assert states == {cast.staff("marketing").id: "planned", cast.staff("service_agent").id: "withheld"}
    assert "1 von 2 Tests sind unterwegs. Eine Probe geht nur an Personen des Hauses" in page(client, mail)


def test_without_a_choice_it_says_what_is_missing(enter: Enter) -> None:
    mail, client = cast.mail().id, enter("marketing")
    client.post(f"/studio/content/{mail}/test")
    assert "Wählen Sie, an wen der Test geht." in page(client, mail)
    assert proofs.latest(cursor(), mail) == []


def test_what_is_no_mail_is_not_tried(enter: Enter) -> None:
    version, client = parts.draft(), enter("marketing")
    assert TRY not in page(client, version)
    assert client.post(f"/studio/content/{version}/test", {"to": ["me"]}).status_code == 404


@pytest.mark.parametrize(("role", "sees"), [("auditor", True), ("information_officer", False)])
def test_who_sends_none_sees_who_got_one_where_mailings_are_open_to_her(role: str, sees: bool, enter: Enter) -> None:
    mail = cast.mail().id
    enter("marketing").post(f"/studio/content/{mail}/test", {"to": ["me"]})
    shown = page(enter(role), mail)
    assert TRY not in shown
    assert ("Im Haus" in shown) is sees
