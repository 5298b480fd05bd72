from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import NotFound
from einklang.core.pg import Cursor
from einklang.loop.gate import facts, packs, verdicts
from einklang.loop.gate.judge import judge
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.gate.tests.asking import AT, mail_to
from einklang.loop.gate.tests.test_load_facts import counting, crowd, sample_for, visit_to
from tests import cast

pytestmark = pytest.mark.django_db


def stored(cur: Cursor, *questions: Question, stage: str = "ask") -> list[UUID]:
    return _store(cur, questions, stage)


def _store(cur: Cursor, questions: Sequence[Question], stage: str) -> list[UUID]:
    known = facts.load(cur, questions)
    return verdicts.store(cur, questions, judge(questions, known, packs.current()), known, stage=stage, now=AT)


def tampered(cur: Cursor, table: str, change: str) -> None:
    cur.execute(f"ALTER TABLE {table} DISABLE TRIGGER written_once")
    cur.execute(change)


def test_a_stored_verdict_reads_as_it_was_given() -> None:
    cur, doctor = cursor(), cast.albrecht()
    cast.allow(doctor, "email")
    question = mail_to(doctor, sender=cast.petersen().id)
    known = facts.load(cur, [question])
    (given,) = judge([question], known, packs.current())
    (id_,) = verdicts.store(cur, [question], [given], known, stage="dispatch", now=AT)
    kept = verdicts.get(cur, id_)
    assert (kept.id, kept.stage, kept.stored_at, kept.question) == (id_, "dispatch", AT, question)
    assert (kept.verdict.answer, kept.verdict.flags, kept.verdict.packs) == ("yes", given.flags, given.packs)
    assert [(one.rule, one.outcome) for one in kept.verdict.reasons] == [
        (one.rule, one.outcome) for one in given.reasons
    ]


def test_a_stored_refusal_names_the_person_and_the_rule() -> None:
    cur, doctor = cursor(), cast.kern()
    (id_,) = stored(cur, mail_to(doctor))
    reason = verdicts.get(cur, id_).verdict.reasons[0]
    assert (reason.rule, reason.text("de")) == ("DE-CON-01", "Für E-Mail liegt keine Einwilligung vor.")
    assert reason.way_out("de") == "Ein Ja wird daraus, sobald Dr. Kern zustimmt."


@pytest.mark.parametrize("hours", [0, 12, 24 * 400, -24 * 400])
def test_every_kind_of_verdict_replays_to_the_same(hours: int) -> None:
    cur, (doctor, colleague, pharmacist, nurse) = cursor(), cast.everybody()
    cast.allow(doctor, "email", "rep_visibility")
    cast.allow(nurse, "email")
    at, rep = AT + timedelta(hours=hours), cast.petersen().id
    request = {"id": ids.new(), "person": doctor.id, "authorisation": cast.velunor().id, "at": AT}
    questions = [
        *(mail_to(person, at=at) for person in (doctor, colleague, pharmacist, nurse)),
        mail_to(doctor, content=ids.new(), at=at),
        Question("send", Recipient("person", ids.new()), "email", "promotional", content=cast.mail().id, at=at),
        Question("send", Recipient("person", doctor.id), "sms", "promotional", content=cast.mail().id, at=at),
        visit_to(doctor, rep, products=[cast.velunor().id]),
        sample_for(doctor, request=request, quota_used=0, count_key="brand_family"),
        Question("disclose", Recipient("user", rep, about=doctor.id), "visit", "promotional", rep, at=at),
        Question("record", Recipient("person"), "portal", "service", permission="tracking", anonymous="v", at=at),
    ]
    kept = _store(cur, questions, "ask")
    assert [verdicts.replay(cur, id_).differences for id_ in kept] == [()] * len(questions)


def test_a_replay_does_not_see_what_changed_since() -> None:
    cur, doctor = cursor(), cast.albrecht()
    cast.allow(doctor, "email")
    (id_,) = stored(cur, mail_to(doctor))
    cast.withdraw(doctor, "email")
    replay = verdicts.replay(cur, id_)
    assert replay.same
    assert replay.again is not None
    assert replay.again.yes


def test_a_replay_finds_another_answer() -> None:
    cur, doctor = cursor(), cast.kern()
    (id_,) = stored(cur, mail_to(doctor))
    tampered(cur, "gate_verdict", "UPDATE gate_verdict SET answer = 'yes', reasons = '[]', rule = NULL")
    replay = verdicts.replay(cur, id_)
    assert replay.differences == ("answer", "reasons")
    assert replay.again is not None
    assert (replay.stored.answer, replay.again.answer) == ("yes", "no")


def test_a_replay_finds_changed_facts() -> None:
    cur, doctor = cursor(), cast.kern()
    (id_,) = stored(cur, mail_to(doctor))
    tampered(
        cur,
        "gate_facts",
        """UPDATE gate_facts SET body = jsonb_set(body, '{consent}', '{"email": "granted"}')
        WHERE body ? 'consent'""",
    )
    assert set(verdicts.replay(cur, id_).differences) >= {"answer", "facts"}


def test_a_fact_that_was_not_stored_then_is_named_instead_of_compared() -> None:
    cur, doctor = cursor(), cast.kern()
    (id_,) = stored(cur, mail_to(doctor))
    tampered(cur, "gate_facts", "UPDATE gate_facts SET body = body - 'consent' WHERE body ? 'consent'")
    replay = verdicts.replay(cur, id_)
    assert (replay.again, replay.missing, replay.same) == (None, "consent", False)


def test_a_replay_finds_a_changed_pack() -> None:
    cur, doctor = cursor(), cast.kern()
    (id_,) = stored(cur, mail_to(doctor))
    tampered(cur, "gate_pack", "UPDATE gate_pack SET document = jsonb_set(document, '{pack,version}', '\"9.9.9\"')")
    differences = verdicts.replay(cur, id_).differences
    assert any(one.startswith("DE-human@") for one in differences)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gate_verdict SET answer = 'yes'",
        "UPDATE gate_facts SET body = '{}'",
        "UPDATE gate_pack SET sha256 = ''",
        "DELETE FROM gate_verdict",
        "DELETE FROM gate_facts",
        "DELETE FROM gate_pack",
    ],
)
def test_what_verdicts_are_made_of_is_written_once(statement: str) -> None:
    cur = cursor()
    stored(cur, mail_to(cast.kern()))
    with pytest.raises(psycopg.errors.RaiseException, match="written once"):
        cur.execute(statement)


def test_the_same_facts_are_kept_once() -> None:
    cur, doctor = cursor(), cast.albrecht()
    stored(cur, mail_to(doctor))
    before = cur.execute("SELECT count(*) FROM gate_facts").fetchone()
    stored(cur, mail_to(doctor), stage="dispatch")
    assert cur.execute("SELECT count(*) FROM gate_facts").fetchone() == before


def test_every_pack_that_was_used_is_kept_by_its_hash() -> None:
    cur = cursor()
    (id_,) = stored(cur, mail_to(cast.kern()))
    names = {name for (name,) in cur.execute("SELECT name FROM gate_pack")}
    assert names == set(verdicts.get(cur, id_).verdict.packs)
    assert {name.split("@")[0] for name in names} == {"EU-base", "DE-human", "aurelia"}


def test_storing_takes_the_same_number_of_statements_for_any_batch() -> None:
    few, many = [mail_to(person) for person in crowd(1)], [mail_to(person) for person in crowd(50)]
    _store(cursor(), few, "ask")  # the packs are kept from here on
    one, fifty = counting(), counting()
    _store(one, few, "ask")
    _store(fifty, many, "ask")
    assert one.sent == fifty.sent


def test_a_listing_is_filtered_by_person_answer_and_rule() -> None:
    cur, (doctor, colleague, *_) = cursor(), cast.everybody()
    cast.allow(doctor, "email")
    yes, no = stored(cur, mail_to(doctor), mail_to(colleague))
    assert [one.id for one in verdicts.listing(cur, person=doctor.id)] == [yes]
    assert [one.id for one in verdicts.listing(cur, answer="no")] == [no]
    assert [one.id for one in verdicts.listing(cur, rule="DE-CON-01")] == [no]
    assert verdicts.listing(cur, rule="DE-CON-11") == []
    assert verdicts.listing(cur, before=AT) == []
    assert len(verdicts.listing(cur, limit=1)) == 1


def test_a_verdict_that_nobody_gave_is_not_found() -> None:
    with pytest.raises(NotFound):
        verdicts.get(cursor(), ids.new())
