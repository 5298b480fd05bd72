"""A list as a file: what the page shows under the same filters, and all of it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.http import StreamingHttpResponse

from einklang.faces.studio.lists import Listing
from einklang.facts.audit import trail

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # without it Excel takes umlauts for something else

Fetch = Callable[[str], tuple[Sequence[Any], object]]


class _Echo:
    """What csv.writer writes to; it hands the line back."""

    def write(self, line: str) -> str:
        return line


def every(fetch: Fetch) -> Iterator[Any]:
    """All rows of a list, page after page: `fetch(after)` gives rows and what `after` is next, empty at the end."""
    after = ""
    while True:
        rows, following = fetch(after)
        yield from rows
        after = str(following or "")
        if not after:
            return


def answer(listing: Listing, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """Written down in the audit log, since a file leaves the house."""
    agent = listing.agent
    filters = sorted(listing.values)
    act = trail.Act(act="list.export", object=f"list:{name}", who=agent.user.id, new={"filters": filters})
    with transaction.atomic():
        trail.write(agent.cur, [act], agent.now)
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{agent.now:%Y-%m-%d}.csv"'
    return response


def _lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield BOM + writer.writerow(header)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> Any:
    """A table program runs what looks like a formula; an apostrophe makes it text."""
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text
