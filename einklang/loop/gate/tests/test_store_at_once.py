from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import UUID

from einklang.core.pg import connect
from einklang.loop.gate import facts, packs, verdicts
from einklang.loop.gate.judge import judge
from einklang.loop.gate.question import Question
from einklang.loop.gate.tests.asking import AT, mail_to
from einklang.loop.gate.tests.test_load_facts import crowd

WRITERS = 4


def store(url: str, questions: list[Question]) -> list[UUID]:
    with connect(url) as connection:
        cur = connection.cursor()
        known = facts.load(cur, questions)
        return verdicts.store(cur, questions, judge(questions, known, packs.current()), known, stage="ask", now=AT)


def test_many_workers_store_the_same_facts_at_once_without_getting_in_each_others_way(fresh_db: str) -> None:
    questions = [mail_to(person) for person in crowd(60)]
    shuffled = [Random(seed).sample(questions, len(questions)) for seed in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as workers:
        kept = list(workers.map(store, [fresh_db] * WRITERS, shuffled))
    with connect(fresh_db) as connection:
        cur = connection.cursor()
        assert all(verdicts.replay(cur, one).same for ids in kept for one in ids[:3])
        (stored,) = cur.execute("SELECT count(*) FROM gate_verdict").fetchone() or (0,)
        (facts_kept,) = cur.execute("SELECT count(*) FROM gate_facts").fetchone() or (0,)
        (packs_kept,) = cur.execute("SELECT count(*) FROM gate_pack").fetchone() or (0,)
    assert (stored, packs_kept) == (WRITERS * len(questions), 3)
    assert facts_kept == 2  # one row that all these strangers share, one of the mail
