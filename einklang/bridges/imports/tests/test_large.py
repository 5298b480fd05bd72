"""Many rows: exactly the broken ones are refused, whatever happens to the process on the way."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.bridges.imports import batches, run
from einklang.bridges.imports.batches import Batch
from einklang.bridges.imports.tests.sheets import HEADER, checked, doctor, imported, sheet, started, upload, worked
from einklang.core.connection import cursor
from einklang.facts.people.models import Affiliation, Alias, Identifier, Organisation, Person
from tests import cast

SEED = 5
BREAKS = (
    {"Nachname": ""},
    {"Beruf": "Astronautin"},
    {"E-Mail": "ohne-at"},
    {"Kennung": ""},
    {"Vorname": "Mi\nra"},
)


def rows(count: int, share: float = 0.03) -> tuple[list[list[str]], set[int]]:
    """With the numbers of the broken rows in the sheet."""
    chance = random.Random(SEED)
    broken = set(chance.sample(range(count), int(count * share)))
    listed = [doctor(number, **(chance.choice(BREAKS) if number in broken else {})) for number in range(count)]
    return [HEADER, *listed], {number + 2 for number in broken}


def refused(batch: Batch) -> list[int]:
    """By the error file: the numbers of the rows, read from what stands in them."""
    told = list(batches.errors(cursor(), batch, "de"))
    assert told[0] == [*HEADER, "Fehler"]
    assert all(row[-1] for row in told[1:])
    return [each.row for each in batches.refusals(cursor(), batch.id, limit=10**6)]


@pytest.mark.django_db
def test_three_percent_broken_rows_are_exactly_what_the_error_file_holds() -> None:
    listed, broken = rows(2_000)
    done = imported(listed)
    assert refused(done) == sorted(broken)
    told = [row[:-1] for row in batches.errors(cursor(), done, "de")][1:]
    assert told == [listed[number - 1] for number in sorted(broken)]
    assert Person.objects.count() == 2_000 - len(broken)


@pytest.mark.django_db
def test_a_chunk_costs_the_same_number_of_queries_however_many_rows_it_has() -> None:
    counts = []
    for size in (10, 400):
        batch = started(
            checked(upload(sheet([HEADER, *(doctor(number) for number in range(size))]), source=f"S{size}"))
        )
        statements: list[str] = []
        with _counted(statements):
            worked(batch)
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.slow
@pytest.mark.django_db
def test_a_hundred_thousand_rows_with_three_percent_broken_ones() -> None:
    listed, broken = rows(100_000)
    done = imported(listed)
    assert refused(done) == sorted(broken)
    assert Person.objects.count() == 100_000 - len(broken)
    again = imported(listed)
    assert dict(again.counts) == {"unchanged": 100_000 - len(broken), "refused": len(broken), "warned": 0}


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_split_into_chunks_with_any_kills_gives_the_same_tables(data: st.DataObject) -> None:
    listed, _ = rows(60, share=0.2)
    listed += [doctor(3, Nachname="Doppelt"), doctor(61)]
    whole = _tables_after(worked, listed)
    limits = data.draw(st.lists(st.integers(1, 25), min_size=1, max_size=8))
    kills = data.draw(st.sets(st.integers(0, 20)))
    assert _tables_after(lambda batch: _killed(batch, limits, kills), listed) == whole


class Killed(Exception):
    pass


def _killed(batch: Batch, limits: Sequence[int], kills: set[int]) -> Batch:
    """Chunk sizes in turn; a kill loses the open transaction and what the process remembered."""
    turn = 0
    while batches.get(cursor(), batch.id).state == "running":
        try:
            with transaction.atomic():
                run.advance(cursor(), cast.NOW, batch=batch.id, limit=limits[turn % len(limits)])
                if turn in kills:
                    raise Killed
        except Killed:
            run._seen.clear()
        turn += 1
    return batches.get(cursor(), batch.id)


def _tables_after(work: Callable[[Batch], Batch], listed: Sequence[Sequence[str]]) -> dict[str, Any]:
    """What stands in the tables, without the ids that every run makes anew; nothing of it stays."""
    with transaction.atomic():
        done = work(started(checked(upload(sheet(listed)))))
        tables = {
            "people": sorted(Person.objects.values_list("family_name", "email", "organisation__name")),
            "sites": sorted(Organisation.objects.values_list("name", "postcode")),
            "works": sorted(Affiliation.objects.values_list("person__family_name", "organisation__name")),
            "names": sorted(Alias.objects.values_list("value", "person__family_name")),
            "numbers": sorted(Identifier.objects.values_list("system", "value")),
            "counts": dict(done.counts),
            "refused": [(each.row, each.field) for each in batches.refusals(cursor(), done.id, limit=1000)],
            "changes": [(each.row, each.result) for each in batches.changes(cursor(), done.id, limit=1000)],
        }
        transaction.set_rollback(True)
    return tables


@contextmanager
def _counted(statements: list[str]) -> Iterator[None]:
    """What the plain cursors of the house execute."""
    execute = psycopg.Cursor.execute

    def noting(self: Any, query: Any, *args: Any, **more: Any) -> Any:
        statements.append(str(query))
        return execute(self, query, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noting)
        yield
