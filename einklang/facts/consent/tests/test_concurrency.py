from __future__ import annotations

import threading
from typing import Any, Self

import psycopg

from einklang.core import pg
from einklang.facts.consent import ledger, proofs, status, verify
from einklang.facts.consent.tests.test_ledger import entry
from tests import cast

WRITERS, ROUNDS = 4, 10


def test_writers_of_one_subject_hang_their_entries_one_behind_the_other(fresh_db: str) -> None:
    errors: list[Exception] = []

    def write(permission: str) -> None:
        try:
            with pg.connect(fresh_db) as connection:
                for state in ("granted", "withdrawn") * (ROUNDS // 2):
                    ledger.append(connection.cursor(), [entry("shared-browser", permission, state)], cast.NOW)
                    connection.commit()
        except psycopg.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("email", "phone", "tracking", "mail_tracking")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pg.connect(fresh_db) as connection:
        cur = connection.cursor()
        assert errors == []
        assert verify.verify(cur) is None
        assert len(proofs.history(cur, "shared-browser")) == WRITERS * ROUNDS
        assert {each.state for each in status.status(cur, ["shared-browser"])["shared-browser"].values()} == {
            "withdrawn"
        }


def test_what_is_rolled_back_leaves_no_gap(fresh_db: str) -> None:
    with pg.connect(fresh_db) as connection:
        cur = connection.cursor()
        ledger.append(cur, [entry("a")], cast.NOW)
        connection.commit()
        ledger.append(cur, [entry("a", state="withdrawn")], cast.NOW)
        connection.rollback()
        assert status.status(cur, ["a"])["a"]["email"].state == "granted"
        ledger.append(cur, [entry("a", state="objected")], cast.NOW)
        connection.commit()
        assert verify.verify(cur) is None
        assert [proof.state for proof in proofs.history(cur, "a")] == ["granted", "objected"]


class Counting(psycopg.Cursor[Any]):
    statements = 0

    def execute(self, *args: Any, **kwargs: Any) -> Self:
        self.statements += 1
        return super().execute(*args, **kwargs)


def test_the_status_of_many_is_one_query(fresh_db: str) -> None:
    with pg.connect(fresh_db) as connection:
        subjects = [f"browser-{number}" for number in range(300)]
        ledger.append(connection.cursor(), [entry(subject) for subject in subjects], cast.NOW)
        counting = Counting(connection)
        assert all(answers["email"].granted for answers in status.status(counting, subjects).values())
        assert counting.statements == 1
