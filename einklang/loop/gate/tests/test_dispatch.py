from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.facts.content import sign
from einklang.facts.people.models import Person
from einklang.loop.channels.contract import Outgoing, Receipt, Told, go_on
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import browse, door, outbox, queue, receipts, suppression, tasks, verdicts
from einklang.loop.gate.door import Asked
from einklang.loop.gate.outbox import Message, Start
from einklang.loop.gate.tests.mails import EARLY, LATER, NINE, NOON, ask, message, reader, safety
from einklang.loop.interactions import log
from tests import cast

pytestmark = pytest.mark.django_db

REFUSED = "SELECT reason, message, since FROM gate_suppression WHERE person = %s"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def smtp(server: MailServer) -> dict[str, EmailAdapter]:
    return {"email": EmailAdapter(target=lambda: server.url)}


def again(one: Message) -> Message:
    return queue.get(cursor(), one.id)


def kinds(person: Person) -> list[str]:
    return [entry.kind for entry in log.person_history(cursor(), [person.id], limit=20)]


def text(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def confirmation(person: Person) -> Asked:
    words = {"confirm_url": "http://localhost/b/1"}
    return ask(person, content=cast.opt_in_mail(), purpose="transactional", permission="email", variables=words)


def lives_at(person: Person, address: str) -> Person:
    Person.objects.filter(id=person.id).update(email=address)
    return person


def test_a_planned_mail_arrives_and_stands_in_the_log(server: MailServer) -> None:
    person = reader()
    planned = message(ask(person))
    assert tasks.dispatch(NOON, smtp(server)) == 1
    (mail,) = server.mails
    sent = again(planned)
    assert mail["Message-ID"] == planned.message_id
    assert (sent.state, sent.sent_at) == ("sent", NOON)
    assert sent.dispatch_verdict not in (None, planned.verdict)
    (entry,) = log.person_history(cursor(), [person.id], limit=5)
    assert (entry.kind, entry.message, entry.occurred_at) == ("email.sent", planned.id, NOON)
    assert entry.properties == {
        "subject": "Vertiefung Herzinsuffizienz",
        "content_slug": "vertiefung-herzinsuffizienz",
        "topics": [cast.TOPIC],
    }


def test_what_is_sent_is_not_sent_again(server: MailServer) -> None:
    ask(reader())
    assert [tasks.dispatch(NOON, smtp(server)), tasks.dispatch(LATER, smtp(server))] == [1, 0]
    assert len(server.mails) == 1


def test_what_is_not_yet_due_waits(server: MailServer) -> None:
    planned = message(ask(reader(), at=EARLY))
    assert tasks.dispatch(EARLY, smtp(server)) == 0
    assert tasks.dispatch(NINE, smtp(server)) == 1
    assert again(planned).state == "sent"


def test_DE_CON_01_consent_withdrawn_between_planning_and_sending_withholds(server: MailServer) -> None:
    person = reader()
    planned = message(ask(person))
    cast.withdraw(person, "email", now=NOON + timedelta(minutes=1))
    tasks.dispatch(LATER, smtp(server))
    withheld = again(planned)
    assert server.mails == []
    assert (withheld.state, withheld.detail) == ("withheld", "DE-CON-01, DE-CON-07")
    assert withheld.dispatch_verdict is not None
    assert verdicts.get(cursor(), withheld.dispatch_verdict).verdict.rules == ["DE-CON-01", "DE-CON-07"]


def test_AUR_TIME_01_what_comes_due_at_night_is_judged_again_and_waits_for_the_morning(server: MailServer) -> None:
    night = NOON + timedelta(hours=10)
    planned = message(ask(reader(), due_at=night))
    tasks.dispatch(night, smtp(server))
    waiting = again(planned)
    assert server.mails == []
    assert (waiting.state, waiting.due_at, waiting.attempts) == ("planned", NINE + timedelta(days=1), 0)


def test_AUR_CAP_02_of_three_planned_mails_the_third_waits_for_the_next_month(server: MailServer) -> None:
    person = reader()
    first, second = message(ask(person)), message(ask(person))
    for moment in (NOON, LATER, LATER):
        tasks.dispatch(moment, smtp(server))
    third = message(ask(person, at=LATER))
    assert [again(one).state for one in (first, second, third)] == ["sent", "sent", "planned"]
    assert third.due_at.month == 12


def test_a_recalled_content_is_not_sent(server: MailServer) -> None:
    planned = message(ask(reader()))
    sign.withdraw(cursor(), cast.mail().id)
    tasks.dispatch(LATER, smtp(server))
    assert server.mails == []
    assert again(planned).state == "withheld"


def test_DE_HWG_04_the_mandatory_text_of_the_product_stands_in_both_parts(server: MailServer) -> None:
    ask(reader())
    tasks.dispatch(NOON, smtp(server))
    for kind in ("plain", "html"):
        content = " ".join(text(server.mails[0], kind).split())
        for name in ("company", "name", "composition", "indications", "contraindications", "side_effects"):
            assert cast.FIELDS[name] in content


def test_DE_TRK_02_without_consent_no_pixel_and_plain_links(server: MailServer) -> None:
    ask(reader())
    tasks.dispatch(NOON, smtp(server))
    page = text(server.mails[0], "html")
    assert "/m/o/" not in page + text(server.mails[0])
    assert "/m/c/" not in page + text(server.mails[0])
    assert 'href="http://localhost:8000/inhalt/velunor-studie"' in page


def test_DE_TRK_02_with_consent_a_pixel_and_a_link_of_her_own(server: MailServer) -> None:
    ask(reader("mail_tracking"))
    tasks.dispatch(NOON, smtp(server))
    page = text(server.mails[0], "html")
    assert "/m/o/" in page
    assert "/m/c/" in page
    assert "/inhalt/velunor-studie" not in page


def test_DE_TRK_02_what_counts_is_the_consent_at_dispatch(server: MailServer) -> None:
    person = reader("mail_tracking")
    ask(person)
    cast.withdraw(person, "mail_tracking", now=NOON)
    tasks.dispatch(LATER, smtp(server))
    assert "/m/" not in text(server.mails[0], "html").replace("/m/u/", "")


def test_EU_DP_10_only_the_first_mail_points_out_the_objection(server: MailServer) -> None:
    person = reader()
    ask(person)
    tasks.dispatch(NOON, smtp(server))
    ask(person, at=LATER)
    tasks.dispatch(LATER, smtp(server))
    notices = ["jederzeit" in " ".join(text(mail).split()) for mail in server.mails]
    assert notices == [True, False]


def test_DE_CON_07_unsubscribing_with_one_click_is_offered(server: MailServer) -> None:
    ask(reader())
    tasks.dispatch(NOON, smtp(server))
    assert str(server.mails[0]["List-Unsubscribe"]).startswith("<http://localhost:8000/m/u/")
    assert "http://localhost:8000/abmelden/" in text(server.mails[0])


def test_an_opt_in_mail_goes_out_without_consent_and_leaves_no_contact(server: MailServer) -> None:
    person = cast.albrecht()
    confirmation(person)
    tasks.dispatch(NOON, smtp(server))
    assert "http://localhost/b/1" in text(server.mails[0])
    assert server.mails[0]["List-Unsubscribe"] is None
    assert kinds(person) == []


def test_a_subject_that_names_the_company_stands_so_in_mail_and_log(server: MailServer) -> None:
    words = {"subject": "Neues von {company}", "paragraphs": ["Guten Tag"], "links": []}
    person = cast.albrecht()
    ask(person, content=cast.frozen("neues", "mail", {"de": words}, audience="public"), purpose="service")
    tasks.dispatch(NOON, smtp(server))
    (entry,) = log.person_history(cursor(), [person.id], limit=5)
    assert entry.properties["subject"] == str(server.mails[0]["Subject"]) == "Neues von Aurelia Pharma GmbH"


def test_a_text_that_asks_for_what_nobody_gave_fails_and_stops_no_other(server: MailServer) -> None:
    broken = message(ask(cast.kern(), content=cast.opt_in_mail(), purpose="transactional"))
    fine = message(ask(reader()))
    tasks.dispatch(NOON, smtp(server))
    assert (again(broken).state, again(fine).state) == ("failed", "sent")
    assert "confirm_url" in again(broken).detail


def test_a_person_without_an_address_gets_no_mail(server: MailServer) -> None:
    planned = message(ask(lives_at(reader(), "")))
    tasks.dispatch(NOON, smtp(server))
    assert again(planned).state == "failed"


def test_a_person_who_is_gone_holds_up_nobody_else(server: MailServer) -> None:
    gone = message(ask(reader()))
    cast.allow(cast.kern(), "email")
    fine = message(ask(cast.kern()))
    cursor().execute("UPDATE gate_message SET recipient = %s WHERE id = %s", (new(), gone.id))
    tasks.dispatch(NOON, smtp(server))
    tasks.dispatch(NOON, smtp(server))
    assert (again(gone).state, again(fine).state) == ("failed", "sent")


def test_a_receipt_for_a_person_who_is_gone_is_still_stored(server: MailServer) -> None:
    planned = message(ask(reader()))
    outbox.start(cursor(), [Start(planned.id, new(), "Betreff", "")], worker="me/1", claimed_at=NOON, now=NOON)
    cursor().execute("UPDATE gate_message SET recipient = %s WHERE id = %s", (new(), planned.id))
    assert receipts.apply(cursor(), [Receipt(planned.id, "sent", NOON)], NOON) == {planned.id}
    assert again(planned).state == "sent"


def test_while_the_server_puts_off_it_is_tried_with_growing_pauses_and_then_given_up(server: MailServer) -> None:
    planned = message(confirmation(lives_at(cast.albrecht(), "greylisted@praxis.example")))
    pauses, moment = [], NOON
    for _ in receipts.BACK_OFF:
        tasks.dispatch(moment, smtp(server))
        pauses.append(again(planned).due_at - moment)
        moment = again(planned).due_at
    tasks.dispatch(moment, smtp(server))
    assert pauses == list(receipts.BACK_OFF)
    assert again(planned).state == "failed"
    assert "451" in again(planned).detail


def test_an_address_that_is_refused_for_good_gets_no_further_mail(server: MailServer) -> None:
    person = lives_at(reader(), "refused@praxis.example")
    refused = message(ask(person))
    tasks.dispatch(NOON, smtp(server))
    assert again(refused).state == "failed"
    following = message(ask(person, at=LATER))
    tasks.dispatch(LATER, smtp(server))
    assert (again(following).state, server.mails) == ("withheld", [])
    ((reason, shown_by, since),) = cursor().execute(REFUSED, (person.id,)).fetchall()
    assert ("550" in reason, shown_by, since) == (True, refused.id, NOON)
    assert kinds(person) == []


def test_a_new_address_is_not_suppressed(server: MailServer) -> None:
    person = lives_at(reader(), "refused@praxis.example")
    ask(person)
    tasks.dispatch(NOON, smtp(server))
    planned = message(ask(lives_at(person, "neu@praxis.example"), at=LATER))
    tasks.dispatch(LATER, smtp(server))
    assert again(planned).state == "sent"


def test_a_break_after_the_body_is_shown_and_never_sent_again_by_itself(server: MailServer) -> None:
    person = lives_at(reader(), "breaks@praxis.example")
    planned = message(ask(person))
    tasks.dispatch(NOON, smtp(server))
    tasks.dispatch(LATER, smtp(server))
    assert [each.id for each in browse.listing(cursor(), state="uncertain")] == [planned.id]
    assert len(server.mails) == 1
    assert kinds(person) == []


def test_people_may_decide_to_send_an_uncertain_mail_again(server: MailServer) -> None:
    person = lives_at(reader(), "breaks@praxis.example")
    planned = message(ask(person))
    tasks.dispatch(NOON, smtp(server))
    door.release(cursor(), [planned.id], LATER)
    lives_at(person, "miriam.albrecht@praxis.example")
    tasks.dispatch(LATER, smtp(server))
    assert again(planned).state == "sent"


def test_a_safety_report_whose_fate_is_unknown_is_repeated_with_the_same_number() -> None:
    planned = message(safety())
    unsure = FakeAdapter(outcomes={"safety@aurelia.example": "uncertain"})
    tasks.dispatch(NOON, {"email": unsure})
    repeated = again(planned)
    assert (repeated.state, repeated.repeats) == ("planned", 1)
    working = FakeAdapter()
    tasks.dispatch(repeated.due_at, {"email": working})
    (mail,) = working.sent
    assert mail.message_id == repeated.wire_id != planned.message_id
    assert b"Subject: Wiederholung: Sicherheitsmeldung R-7" in mail.mime
    assert (again(planned).state, again(planned).detail) == ("sent", "repeat:fake: sent")


def test_a_safety_report_is_never_given_up() -> None:
    planned = message(safety())
    refusing = FakeAdapter(outcomes={"safety@aurelia.example": "failed"})
    for _ in range(len(receipts.BACK_OFF) + 3):
        tasks.dispatch(again(planned).due_at, {"email": refusing})
    assert again(planned).state == "planned"
    assert again(planned).attempts == len(receipts.BACK_OFF) + 3
    tasks.dispatch(again(planned).due_at, {"email": FakeAdapter()})
    assert again(planned).state == "sent"


def test_what_the_channel_had_no_time_for_stays_planned() -> None:
    class Slow(FakeAdapter):
        def send(self, messages: Sequence[Outgoing], now: datetime, told: Told = go_on) -> list[Receipt]:
            return super().send(messages[:1], now, told)

    ask(reader())
    cast.allow(cast.kern(), "email")
    ask(cast.kern())
    slow = Slow()
    tasks.dispatch(NOON, {"email": slow})
    assert queue.counts(cursor()) == {"sent": 1, "planned": 1}
    tasks.dispatch(NOON, {"email": slow})
    assert queue.counts(cursor()) == {"sent": 2}


def test_a_bounce_that_comes_later_is_logged_and_suppresses_the_address(server: MailServer) -> None:
    person = reader()
    planned = message(ask(person))
    tasks.dispatch(NOON, smtp(server))
    bounce = Receipt(planned.id, "bounced", LATER, "550 mailbox closed", permanent=True)
    assert receipts.apply(cursor(), [bounce], LATER) == {planned.id}
    assert receipts.apply(cursor(), [bounce], LATER) == set()
    assert kinds(person) == ["email.bounced", "email.sent"]
    assert again(planned).state == "failed"
    assert suppression.among(cursor(), [person.email]) == {suppression.digest(person.email)}


def test_a_receipt_that_comes_too_late_changes_nothing(server: MailServer) -> None:
    planned = message(ask(reader()))
    tasks.dispatch(NOON, smtp(server))
    late = [Receipt(planned.id, "deferred", LATER), Receipt(planned.id, "uncertain", LATER)]
    assert receipts.apply(cursor(), late, LATER) == set()
    assert again(planned).state == "sent"


def test_a_bounce_blocks_the_address_that_the_mail_went_to_and_not_the_one_that_came_since() -> None:
    person = reader()
    gone, asked = person.email, message(ask(person))
    tasks.dispatch(NOON, {"email": FakeAdapter()})
    Person.objects.filter(id=person.id).update(email="neu@praxis.example", locale="en")
    receipts.apply(cursor(), [Receipt(asked.id, "bounced", LATER, "5.1.1 no mailbox", True)], LATER)
    assert suppression.among(cursor(), [gone, "neu@praxis.example"]) == {suppression.digest(gone)}
    bounced = [entry for entry in log.person_history(cursor(), [person.id], limit=9) if entry.kind == "email.bounced"]
    assert [entry.properties["subject"] for entry in bounced] == [again(asked).subject]


def test_what_a_mail_opened_for_its_reader_is_not_kept_once_it_has_left() -> None:
    links = [{"label": "Weiter", "url": "{access_url}", "kind": "action"}]
    words = {"subject": "Anmelden", "greeting": "{salutation},", "paragraphs": ["{who}"], "links": links}
    content = cast.frozen("zugang", "system_mail", {"de": words}, audience="public")
    asked = message(
        ask(reader(), content=content, purpose="transactional", variables={"access_url": "https://x/t", "who": "Sie"})
    )
    adapter = FakeAdapter()
    tasks.dispatch(NOON, {"email": adapter})
    assert b"https://x/t" in adapter.sent[0].mime
    assert again(asked).variables == {"access_url": "", "who": "Sie"}


def test_a_safety_report_that_comes_back_is_sent_again() -> None:
    planned = message(safety())
    tasks.dispatch(NOON, {"email": FakeAdapter()})
    receipts.apply(cursor(), [Receipt(planned.id, "bounced", NOON, "4.4.1 unreachable")], NOON)
    assert again(planned).state == "planned"
    tasks.dispatch(again(planned).due_at, {"email": FakeAdapter()})
    assert again(planned).state == "sent"
