from __future__ import annotations

from datetime import UTC, datetime

import pytest

from einklang.core import pg
from einklang.facts.audit import trail
from einklang.facts.audit.trail import Act

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)


def test_an_entry_and_the_head_of_the_chain_are_written_together_or_not_at_all(fresh_db: str) -> None:
    done = [Act(act="list.export", object="list:messages", who=None)]
    with pg.connect(fresh_db, autocommit=True) as connection:
        cur = connection.cursor()
        with pytest.raises(RuntimeError):
            trail.write(cur, done, NOW)
        with connection.transaction():
            trail.write(cur, done, NOW)
        assert [each.position for each in trail.listing(cur, limit=9)] == [1]
        assert trail.broken(cur) is None
