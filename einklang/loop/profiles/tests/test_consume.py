from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core import ids
from einklang.core.pg import Connection, connect
from einklang.loop.interactions import anonymous, consumers, lanes, log, make
from einklang.loop.profiles import read
from einklang.loop.profiles.consumer import CONSUMER
from einklang.loop.profiles.rebuild import rebuild

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)


def consume(db: Connection, limit: int = 1000) -> None:
    while consumers.advance(db.cursor(), CONSUMER, NOW, limit):
        db.commit()
    db.commit()


def stored(db: Connection, persons: Sequence[UUID]) -> list[Any]:
    query = "SELECT person, state::text FROM profiles_profile WHERE person = ANY(%s) ORDER BY person"
    return db.execute(query, (list(persons),)).fetchall()


def view(who: dict[str, Any], day: float, topic: str) -> Any:
    properties = {"content_slug": f"zu-{topic}", "topics": [topic, "herz"], "title": topic}
    at = NOW + timedelta(days=day)
    return make.interaction("content.viewed", now=NOW, occurred_at=at, properties=properties, **who)


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 1),  # who
        st.sampled_from(("person", "anonymous", "recognise")),
        st.floats(-30, 0.01),
        st.sampled_from(("lipide", "rhythmus", "niere")),
        st.booleans(),  # a batch of the log ends here
    ),
    max_size=30,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, limit=st.integers(1, 7))
def test_a_profile_rebuilt_from_the_log_has_the_same_bytes(fresh_db: str, events: Any, limit: int) -> None:
    people = [ids.new(), ids.new()]
    names = [f"anonymous-{person}" for person in people]
    with connect(fresh_db) as db:
        for who, kind, day, topic, ends in events:
            if kind == "recognise":
                anonymous.rejoin(db.cursor(), names[who], people[who], NOW)
            else:
                whose = {"person": people[who]} if kind == "person" else {"anonymous": names[who]}
                log.record(db.cursor(), [view(whose, day, topic)])
            if ends:
                db.commit()
                consume(db, limit)
        db.commit()
        consume(db, limit)
        incremental = stored(db, people)
        db.execute("UPDATE profiles_profile SET state = '{}' WHERE person = ANY(%s)", (people,))
        rebuild(db.cursor(), [person for person, _ in incremental])
        db.commit()
        assert stored(db, people) == incremental


def test_what_was_read_before_the_login_counts_once_somebody_is_recognised(fresh_db: str) -> None:
    person = ids.new()
    with connect(fresh_db) as db:
        log.record(db.cursor(), [view({"anonymous": "a"}, -1, "lipide")])
        db.commit()
        consume(db)
        assert read.profiles(db.cursor(), [person])[person] == read.Profile()
        anonymous.rejoin(db.cursor(), "a", person, NOW)
        log.record(db.cursor(), [view({"anonymous": "a"}, 0, "lipide")])
        db.commit()
        consume(db)
        assert read.profiles(db.cursor(), [person])[person].counts == {"content.viewed": 2}


def test_workers_that_share_the_lanes_lose_nothing(fresh_db: str) -> None:
    people = [ids.new() for _ in range(20)]
    with connect(fresh_db) as db:
        consumers.advance(db.cursor(), CONSUMER, NOW)
        lanes.split(db.cursor(), CONSUMER, 4, NOW)
        db.commit()
        for round_ in range(10):
            events = [view({"person": person}, -round_, "lipide") for person in people]
            events += [view({"anonymous": f"a{each}"}, -round_, "niere") for each in range(20)]
            log.record(db.cursor(), events)
            for each in range(5 if round_ == 4 else 0):
                anonymous.rejoin(db.cursor(), f"a{each}", people[each], NOW)
            db.commit()
        workers = [threading.Thread(target=_work, args=(fresh_db,)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        profiles = read.profiles(db.cursor(), people)
        assert [profiles[person].counts["content.viewed"] for person in people] == [20] * 5 + [10] * 15
        before = stored(db, people)
        rebuild(db.cursor(), people)
        assert stored(db, people) == before


def _work(url: str) -> None:
    with connect(url) as db:
        head = log.safe_position(db.cursor())
        db.commit()
        while consumers.checkpoint(db.cursor(), CONSUMER.name) < head:
            consumers.advance(db.cursor(), CONSUMER, NOW, limit=7)
            db.commit()
