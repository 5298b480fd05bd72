"""Lists with an address: filters, order, page and what somebody has kept of them under a name.

    listing = Listing(request, agent, FILTERS)
    rows, following = fetch(listing.get("antwort"), after=listing.after)
    return page(request, agent, "…", list=listing.showing(rows, following, total))

The template includes `studio/list_bar.html` above and `studio/list_foot.html` below its table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal, NamedTuple, Self
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from einklang.faces.studio.access import Agent
from einklang.faces.studio.errors import UnknownFilter
from einklang.faces.studio.models import SavedView
from einklang.ui import numbers
from einklang.ui.text import t

AFTER, SORT, FORMAT = "ab", "sort", "als"
LONGEST_TEXT = 100
COUNTABLE = 10_000  # rows that are counted one by one


@dataclass(frozen=True, kw_only=True)
class Filter:
    """`options` are (value, label); a text or a day is typed. A text is never part of a saved view."""

    name: str
    label: str
    kind: Literal["choice", "text", "day"] = "choice"
    options: Sequence[tuple[str, str]] = ()

    def read(self, text: str) -> str:
        """Only what this filter knows; everything else is empty."""
        value = _clean(text)
        if self.kind == "choice":
            return value if value in dict(self.options) else ""
        return value if self.kind == "text" or _day(value) else ""

    def show(self, value: str) -> str:
        if self.kind == "choice":
            return dict(self.options)[value]
        day = _day(value) if self.kind == "day" else None
        return numbers.day(day) if day else value


class Link(NamedTuple):
    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Shown:
    """A filter as the bar draws it."""

    filter: Filter
    value: str
    without: str
    links: Sequence[Link]
    others: Sequence[tuple[str, str]]

    @property
    def chosen(self) -> str:
        return self.filter.show(self.value) if self.value else ""


class Listing:
    def __init__(
        self,
        request: HttpRequest,
        agent: Agent,
        filters: Sequence[Filter],
        *,
        sorts: Sequence[tuple[str, str]] = (),
        path: str = "",
    ) -> None:
        """`path` names the list's own address for a detail that is shown beside it. Raises `UnknownFilter` where the
        list is asked for what it does not know, as an old link may do: nobody shall take all rows for the wanted ones.
        """
        self.path = reverse(path) if path else request.path
        self.agent = agent
        self.filters = filters
        self.sorts = sorts
        self.values = {each.name: value for each in filters if (value := each.read(request.GET.get(each.name, "")))}
        self.sort = next((name for name, _ in sorts if name == request.GET.get(SORT)), sorts[0][0] if sorts else "")
        self.after = request.GET.get(AFTER, "").replace("\0", "")[:LONGEST_TEXT]
        self.wants_csv = request.GET.get(FORMAT) == "csv"
        self.rows: Sequence[Any] = ()
        self.following = ""
        self.total: int | None = None
        asked = {each.label: _clean(request.GET.get(each.name, "")) for each in filters if each.name not in self.values}
        if (unknown := [pair for pair in asked.items() if pair[1]]) and self.path == request.path:
            raise UnknownFilter(self, unknown)

    def get(self, name: str) -> str | None:
        return self.values.get(name)

    def since(self, name: str) -> datetime | None:
        """The beginning of the day that was asked for, here."""
        day = _day(self.values.get(name, ""))
        return _midnight(day) if day else None

    def until(self, name: str) -> datetime | None:
        """Its end."""
        day = _day(self.values.get(name, ""))
        return _midnight(day + timedelta(days=1)) if day else None

    def showing(self, rows: Sequence[Any], following: object = "", total: int | None = None) -> Self:
        """`following` is what `after` shall be on the next page; empty on the last. A `total` beyond `COUNTABLE` says
        only that there are more."""
        self.rows, self.following, self.total = rows, str(following or ""), total
        return self

    @property
    def query(self) -> str:
        return urlencode(self._asked())

    @property
    def kept_query(self) -> str:
        texts = {each.name for each in self.filters if each.kind == "text"}
        return urlencode({name: value for name, value in self._asked().items() if name not in texts})

    @property
    def bar(self) -> list[Shown]:
        return [self._shown(each) for each in self.filters]

    @property
    def order(self) -> list[Link]:
        return [Link(label, self.address({SORT: name}), name == self.sort) for name, label in self.sorts]

    @property
    def ordered_by(self) -> str:
        return dict(self.sorts).get(self.sort, "")

    @property
    def more(self) -> str:
        return self.address({AFTER: self.following}) if self.following else ""

    @property
    def here(self) -> str:
        """Filters and page, to go along to a detail beside the list."""
        query = {**self._asked(), **({AFTER: self.after} if self.after else {})}
        return f"?{urlencode(query)}" if query else ""

    @property
    def csv(self) -> str:
        return self.address({FORMAT: "csv"})

    @property
    def start(self) -> str:
        return self.address({})

    @property
    def many(self) -> str:
        if self.total is None:
            return ""
        number = numbers.number(min(self.total, COUNTABLE))
        return number if self.total <= COUNTABLE else t(f"mehr als {number}", f"more than {number}")

    @property
    def found(self) -> str:
        return t(f"{self.many} gefunden", f"{self.many} found") if self.many else ""

    @cached_property
    def views(self) -> list[SavedView]:
        own = SavedView.objects.filter(path=self.path, owner=self.agent.user)
        shared = SavedView.objects.filter(path=self.path, shared=True).exclude(owner=self.agent.user)
        return [*own.order_by("name"), *shared.order_by("name")]

    @property
    def view(self) -> SavedView | None:
        """The kept view that this address is."""
        return next((view for view in self.views if view.query == self.query), None) if self.query else None

    def address(self, changes: Mapping[str, str]) -> str:
        """A change of "" leaves that filter out; the page is the first one again unless it is named."""
        query = urlencode({name: value for name, value in {**self._asked(), **changes}.items() if value})
        return f"{self.path}?{query}" if query else self.path

    def _asked(self) -> dict[str, str]:
        first = self.sorts[0][0] if self.sorts else ""
        return self.values | ({SORT: self.sort} if self.sort != first else {})

    def _shown(self, each: Filter) -> Shown:
        value = self.values.get(each.name, "")
        links = [Link(label, self.address({each.name: name}), name == value) for name, label in each.options]
        others = [(name, other) for name, other in self._asked().items() if name != each.name]
        return Shown(each, value, self.address({each.name: ""}), links, others)


def pairs(words: Mapping[str, tuple[str, ...]], names: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Options out of a table of (German, English, …)."""
    return [(name, t(*words[name][:2])) for name in (words if names is None else names)]


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST_TEXT]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
