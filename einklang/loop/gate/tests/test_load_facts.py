from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest
from django.db import connection

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.pg import Cursor, adapt_json
from einklang.facts.consent import preferences
from einklang.facts.consent.preferences import Preference
from einklang.facts.people.models import Person
from einklang.facts.products import read as products
from einklang.loop.gate import facts, packs
from einklang.loop.gate.judge import ask_only, judge
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.gate.tests.asking import AT, mail_to
from einklang.loop.interactions import log, make
from tests import cast

pytestmark = pytest.mark.django_db


class Counting(psycopg.Cursor[Any]):
    """Counts what is sent to the server."""

    sent = 0

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        self.sent += 1
        return super().execute(*args, **kwargs)


def counting() -> Counting:
    connection.ensure_connection()
    cur = Counting(connection.connection)
    adapt_json(cur)
    return cur


def crowd(number: int) -> list[Person]:
    people = [
        Person(given_name=f"Person {n}", family_name="Test", profession="physician", land="DE-NI", created_at=AT)
        for n in range(number)
    ]
    return Person.objects.bulk_create(people)


def visit_to(person: Person, rep: UUID, **given: Any) -> Question:
    return Question("visit", Recipient("person", person.id), "visit", "promotional", rep, "sales", at=AT, given=given)


def sample_for(person: Person, **given: Any) -> Question:
    recipient = Recipient("person", person.id)
    return Question("hand_over", recipient, "portal", "service", pack=cast.pack().id, quantity=1, at=AT, given=given)


def rules_of(cur: Cursor, *questions: Question) -> list[list[str]]:
    return [verdict.rules for verdict in judge(questions, facts.load(cur, questions), packs.current())]


def everything(people: Sequence[Person], rep: UUID) -> list[Question]:
    questions = []
    for person in people:
        questions += [mail_to(person), visit_to(person, rep, products=[str(cast.velunor().id)]), sample_for(person)]
        questions.append(
            Question("record", Recipient("person", person.id), "portal", "service", at=AT, permission="tracking")
        )
    return questions


def test_the_number_of_queries_does_not_grow_with_the_batch() -> None:
    rep = cast.petersen().id
    few, many = everything(crowd(1), rep), everything(crowd(40), rep)
    packs.current()
    one, forty = counting(), counting()
    facts.load(one, few)
    facts.load(forty, many)
    assert len(many) == 40 * len(few)
    assert one.sent == forty.sent <= 14


def test_what_no_rule_needs_is_not_loaded() -> None:
    cur = counting()
    recipient = Recipient("person", cast.albrecht().id)
    facts.load(cur, [Question("record", recipient, "portal", "service", at=AT, permission="tracking")])
    assert cur.sent == 2  # the person's market, her consents


def test_an_empty_batch_asks_nothing() -> None:
    cur = counting()
    assert ask_only(cur, []) == []
    assert facts.load(cur, []) == []
    assert cur.sent == 0


def test_facts_hold_no_name_and_no_address() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email", "tracking")
    rep = cast.petersen()
    loaded = orjson.dumps(facts.load(cursor(), everything([doctor], rep.id))).decode()
    for secret in (doctor.family_name, doctor.given_name, doctor.email, rep.name, rep.email, "Lindenallee", "30159"):
        assert secret not in loaded


def test_of_a_delivery_note_only_what_is_filled_becomes_a_fact() -> None:
    doctor = cast.albrecht()
    note = {"date": AT.date(), "product": "Velunor", "recipient": doctor.display_name, "supplier": None}
    (known,) = facts.load(cursor(), [sample_for(doctor, delivery_note=note)])
    assert known["given"]["delivery_note"] == {"date": True, "product": True, "recipient": True, "supplier": False}


def test_a_whole_allowed_mail() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email", "mail_tracking")
    (verdict,) = ask_only(cursor(), [mail_to(doctor)])
    assert verdict.yes
    assert verdict.flags == {"mail_tracking": True, "unsubscribe": True, "objection_notice": True, "imprint": True}


def test_each_person_of_a_batch_gets_her_own_answer() -> None:
    doctor, colleague, pharmacist, nurse = cast.everybody()
    cast.allow(doctor, "email")
    cast.withdraw(colleague, "email")
    cast.allow(pharmacist, "email")
    cast.allow(nurse, "email")
    questions = [mail_to(person) for person in (doctor, colleague, pharmacist, nurse)]
    assert rules_of(cursor(), *questions) == [[], ["DE-CON-01", "DE-CON-07"], [], ["DE-HWG-02"]]


def test_ask_only_names_the_person_in_what_it_refuses() -> None:
    (verdict,) = ask_only(cursor(), [mail_to(cast.kern())])
    assert verdict.reasons[0].way_out("de") == "Ein Ja wird daraus, sobald Dr. Kern zustimmt."
    assert verdict.reasons[0].way_out("en") == "It becomes a yes as soon as Dr Kern agrees."


def test_unknown_persons_contents_and_packs_get_a_no() -> None:
    doctor = cast.albrecht()
    stranger = Recipient("person", ids.new())
    questions = [
        Question("send", stranger, "email", "promotional", content=cast.mail().id, at=AT),
        mail_to(doctor, content=ids.new()),
        mail_to(doctor, content=None),
        Question("hand_over", Recipient("person", doctor.id), "portal", "service", pack=ids.new(), quantity=1, at=AT),
    ]
    assert rules_of(cursor(), *questions) == [["GATE-03"], ["GATE-04"], ["GATE-04"], ["GATE-05"]]


def test_a_lapsed_verification_is_none() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    assert rules_of(cursor(), mail_to(doctor, at=AT + cast.YEAR)) == [["DE-HWG-02"]]


def test_a_batch_over_several_moments_judges_each_at_its_own() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    weekday, later = AT, AT + timedelta(days=400)
    assert rules_of(cursor(), mail_to(doctor, at=weekday), mail_to(doctor, at=later)) == [[], ["DE-HWG-02"]]


def test_the_mail_to_the_safety_mailbox_passes_without_any_consent() -> None:
    body = {
        "de": {"subject": "Sicherheitsmeldung", "greeting": "Guten Tag,", "paragraphs": ["{statement}"], "closing": "–"}
    }
    report = cast.frozen("safety-report", "system_mail", body)
    mailbox = Recipient("mailbox", address="sicherheit@aurelia.example", about=cast.albrecht().id)
    sunday_night = AT + timedelta(days=3, hours=12)
    (verdict,) = ask_only(
        cursor(), [Question("send", mailbox, "email", "safety", content=report.id, unit="medical", at=sunday_night)]
    )
    assert verdict.yes
    assert verdict.flags["mail_tracking"] is False


def test_login_and_opt_in_mails_pass_without_consent() -> None:
    doctor, content = cast.albrecht(), cast.opt_in_mail().id
    to_doctor = Question(
        "send", Recipient("person", doctor.id), "email", "transactional", content=content, permission="email", at=AT
    )
    to_user = Question("send", Recipient("user", cast.petersen().id), "email", "transactional", content=content, at=AT)
    first, second = ask_only(cursor(), [to_doctor, to_user])
    assert first.yes
    assert first.flags["double_opt_in"] is True
    assert second.yes


def test_reps_of_another_territory_are_refused() -> None:
    doctor = cast.albrecht()
    questions = [visit_to(doctor, cast.petersen().id), visit_to(doctor, cast.adler().id)]
    assert rules_of(cursor(), *questions) == [[], ["AUR-TER-01"]]


def test_a_visit_is_closed_with_the_valid_fachinformation_and_the_safety_answer() -> None:
    doctor, rep, product = cast.albrecht(), cast.petersen().id, cast.velunor().id
    valid = products.smpc_valid(cursor(), [product], AT)[product].id
    closing = {"products": [product], "smpc_presented": {product: valid}, "safety_answered": False}
    questions = [
        visit_to(doctor, rep, **closing),
        visit_to(doctor, rep, **{**closing, "smpc_presented": {product: ids.new()}}),
        visit_to(doctor, rep, **{**closing, "safety_answered": None}),
    ]
    assert rules_of(cursor(), *questions) == [[], ["DE-REP-02"], ["DE-REP-03"]]


def test_a_requested_sample_passes_with_ids_and_times_as_they_are() -> None:
    doctor, product = cast.albrecht(), cast.velunor()
    request = {"id": ids.new(), "person": doctor.id, "authorisation": product.id, "at": AT}
    counted = {"quota_used": 0, "count_key": "brand_family"}
    questions = [
        sample_for(doctor, request=request, **counted),
        sample_for(doctor, **counted),
        sample_for(cast.lorenz(), request={**request, "person": cast.lorenz().id}, **counted),
    ]
    assert rules_of(cursor(), *questions) == [[], ["DE-SAM-02"], ["DE-SAM-01"]]


def test_disclosure_follows_the_grade_and_the_territory() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "rep_visibility", grade="topic")
    questions = [
        Question(
            "disclose",
            Recipient("user", rep.id, about=doctor.id),
            "visit",
            "promotional",
            rep.id,
            at=AT,
            permission="rep_visibility",
        )
        for rep in (cast.petersen(), cast.adler())
    ]
    mine, other = ask_only(cursor(), questions)
    assert mine.flags == {"grade": "topic"}
    assert other.rules == ["AUR-TER-01"]


def test_an_anonymous_visitor_is_recorded_with_her_own_consent() -> None:
    cast.allow("visitor-1", "tracking")
    questions = [
        Question("record", Recipient("person"), "portal", "service", at=AT, permission="tracking", anonymous=name)
        for name in ("visitor-1", "visitor-2")
    ]
    assert rules_of(cursor(), *questions) == [[], ["DE-TRK-01"]]


def test_contacts_of_the_log_count_towards_the_limit() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    sent = [
        make.interaction(
            "email.sent",
            now=AT - timedelta(days=days),
            person=doctor.id,
            purpose="promotional",
            source="test",
            source_id=str(days),
            properties={"subject": "S", "content_slug": "s", "topics": []},
        )
        for days in (3, 5)
    ]
    log.record(cursor(), sent)
    (verdict,) = ask_only(cursor(), [mail_to(doctor)])
    assert (verdict.answer, verdict.rules) == ("not_before", ["AUR-CAP-02"])
    assert "objection_notice" not in verdict.flags


def test_a_wish_to_hear_less_is_heard() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()
    until = AT + timedelta(days=14)
    for person, wish in ((doctor, Preference("monthly")), (colleague, Preference(paused_until=until))):
        cast.allow(person, "email")
        preferences.write(cursor(), person.id, wish, AT)
    first, second, paused = ask_only(cursor(), [mail_to(doctor), mail_to(doctor), mail_to(colleague)])
    assert first.yes
    assert second.rules == paused.rules == ["AUR-WISH-01"]
    assert paused.not_before == until


def test_AUR_WISH_01_a_pause_and_a_frequency_hold_for_visits_where_the_person_says_so() -> None:
    doctor, colleague, rep = cast.albrecht(), cast.lorenz(), cast.petersen().id
    until = AT + timedelta(days=14)
    preferences.write(cursor(), doctor.id, Preference(paused_until=until, pause_visits=True), AT)
    preferences.write(cursor(), colleague.id, Preference(paused_until=until, channels={"visit": "quarterly"}), AT)
    paused, first = ask_only(cursor(), [visit_to(doctor, rep), visit_to(colleague, rep)])
    assert (paused.rules, paused.not_before, first.rules) == (["AUR-WISH-01"], until, [])
    held = make.interaction(
        "visit.held", now=AT - timedelta(days=40), person=colleague.id, source="test", properties={"products": []}
    )
    log.record(cursor(), [held])
    (again,) = ask_only(cursor(), [visit_to(colleague, rep)])
    assert again.rules == ["AUR-WISH-01"]
    report = {"products": [], "safety_answered": False, "smpc_presented": {}}
    assert "AUR-WISH-01" not in ask_only(cursor(), [visit_to(doctor, rep, **report)])[0].rules


def test_several_mails_to_one_person_in_one_batch_count_one_another() -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    assert rules_of(cursor(), *[mail_to(doctor)] * 3) == [[], [], ["AUR-CAP-02"]]
