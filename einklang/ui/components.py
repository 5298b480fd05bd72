"""Parts with data: typed objects, each with a template in `ui/parts/`. Texts come in the language of the reader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from laces.components import Component

from einklang.ui import numbers


class Part(Component):  # type: ignore[misc]  # laces has no types
    """Its template sees the object as `part`, and the request of the page around it."""

    name: ClassVar[str]

    @property
    def template_name(self) -> str:
        return f"ui/parts/{self.name}.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"part": self, "request": (parent_context or {}).get("request")}


@dataclass(frozen=True, kw_only=True)
class Bar(Part):
    """A share, drawn by SVG attributes."""

    name: ClassVar[str] = "bar"
    value: float
    total: float = 100
    tone: Literal["", "hold", "quiet"] = ""

    @property
    def width(self) -> str:
        """Of the total, in the units of the view box: never a decimal comma."""
        return f"{min(self.value, self.total):.4g}"

    @property
    def box(self) -> str:
        return f"{self.total:.6g}"


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One computed reason. `share` is in percent of all factors of the same choice."""

    title: str
    share: float | None = None
    detail: str = ""
    word: str = ""
    rule: str = ""

    @property
    def bar(self) -> Bar | None:
        return None if self.share is None else Bar(value=self.share)


@dataclass(frozen=True, kw_only=True)
class Why(Part):
    """The reason of a thing, directly under it. `icon` is a raised hand where the thing was withheld."""

    name: ClassVar[str] = "why"
    sentence: str
    factors: Sequence[Factor] = ()
    notes: Sequence[str] = ()
    icon: str = "lightbulb"
    question: str = ""
    opened: bool = False


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One observed fact on the voice line: past tense, channel, weight."""

    channel: str
    text: str
    source: str = ""
    points: str = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Reasons(Part):
    name: ClassVar[str] = "reasons"
    items: Sequence[Reason]


@dataclass(frozen=True, kw_only=True)
class Wayout(Part):
    """What turns the no into a yes, with the act where there is one."""

    name: ClassVar[str] = "wayout"
    text: str
    href: str = ""
    act: str = ""
    icon: str = "arrow-right"


@dataclass(frozen=True, kw_only=True)
class Check:
    outcome: Literal["pass", "fail", "not_asked", "not_before"]
    text: str
    rule: str
    note: str = ""

    @property
    def icon(self) -> str:
        icons = {"pass": "check-circle", "fail": "x-circle-fill", "not_before": "clock-countdown"}
        return icons.get(self.outcome, "minus-circle")

    @property
    def style(self) -> str:
        return {"pass": "pass", "fail": "fail", "not_before": "fail"}.get(self.outcome, "na")


@dataclass(frozen=True, kw_only=True)
class Verdict(Part):
    """Answer and the one reason as a sentence, the checks (fails first), the way out and the proof below."""

    name: ClassVar[str] = "verdict"
    answer: Literal["yes", "no", "not_before"]
    sentence: str
    checks: Sequence[Check] = ()
    question: str = ""
    rule: str = ""
    wayout: Wayout | None = None
    proof: Sequence[tuple[str, str]] = ()
    level: int = 2

    @property
    def icon(self) -> str:
        return {"yes": "seal-check-fill", "no": "hand-palm-fill"}.get(self.answer, "clock-countdown")

    @property
    def tone(self) -> str:
        return "yes" if self.answer == "yes" else "no"


@dataclass(frozen=True, kw_only=True)
class Chip(Part):
    """A permission: granted, withdrawn, awaiting confirmation, or missing (then one act asks for it)."""

    name: ClassVar[str] = "chip"
    kind: Literal["yes", "no", "wait", "ask"]
    icon: str
    label: str
    state: str
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """`lines` are quiet facts behind the time; `locked` tells that something is there which this role may not read;
    `monthly` gives no more of the time away than its month."""

    at: datetime
    channel: str
    title: str
    detail: str = ""
    lines: Sequence[str] = ()
    icon: str = ""
    own: bool = False
    locked: bool = False
    withheld: bool = False
    monthly: bool = False
    href: str = ""
    act: str = ""


@dataclass(frozen=True, kw_only=True)
class Story(Part):
    name: ClassVar[str] = "story"
    entries: Sequence[TimelineEntry]
    with_year: bool = False


@dataclass(frozen=True, kw_only=True)
class Figure(Part):
    """A number never stands alone: value, and what it is of."""

    name: ClassVar[str] = "figure"
    label: str
    value: str
    of: str
    key: Literal["", "sent", "held"] = ""
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Series:
    """`key` says what it stands for: the house colours are given by meaning. A line may have a band of (low, high)."""

    name: str
    values: Sequence[float | None]
    key: Literal["", "held", "third", "fourth", "fifth", "quiet"] = ""
    band: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A line across a chart, as a limit is."""

    name: str
    value: float
    across: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart(Part):
    """The title says what is shown, `finding` what it means; the figures stand in the label and in the table beside it.

    `columns` are the names along the axis. At most five series. Its page includes `ui/charts.html` in `scripts`.
    """

    name: ClassVar[str] = "chart"
    id: str
    title: str
    finding: str
    columns: Sequence[str]
    series: Sequence[Series]
    kind: Literal["bars", "stack", "lines"] = "bars"
    unit: str = ""
    axis: str = ""
    marks: Sequence[Mark] = ()
    digits: int = 0

    @property
    def label(self) -> str:
        told = [f"{each.name}: {', '.join(self._said(value) for value in each.values)}" for each in self.series]
        return f"{self.title}. {self.finding} {'; '.join(told)}."

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        return [
            (column, [self._said(each.values[index]) for each in self.series])
            for index, column in enumerate(self.columns)
        ]

    @property
    def drawing(self) -> str:
        """What `charts.js` reads."""
        told = {
            "kind": self.kind,
            "unit": self.unit,
            "digits": self.digits,
            "columns": list(self.columns),
            "series": [asdict(each) for each in self.series],
            "marks": [asdict(each) for each in self.marks],
        }
        return json.dumps(told)

    def _said(self, value: float | None) -> str:
        return "–" if value is None else numbers.number(value, self.digits) + self.unit


@dataclass(frozen=True, kw_only=True)
class Step:
    state: Literal["done", "current", "todo"]
    title: str
    detail: str = ""
    icon: str = ""

    @property
    def sign(self) -> str:
        return self.icon or {"done": "check-circle", "current": "clock"}.get(self.state, "circle-dashed")


@dataclass(frozen=True, kw_only=True)
class Steps(Part):
    name: ClassVar[str] = "steps"
    items: Sequence[Step]


@dataclass(frozen=True, kw_only=True)
class Mandatory(Part):
    """Mandatory text (HWG § 4): bordered, legible, never folded, printed whole. `fields` are (label, text) in order."""

    name: ClassVar[str] = "mandatory"
    title: str
    fields: Sequence[tuple[str, str]]
    foot: str = ""
    href: str = ""
    act: str = ""
    id: str = "must"

    @property
    def sentences(self) -> list[tuple[str, str]]:
        return [(label, text if text.endswith(".") else f"{text}.") for label, text in self.fields]


@dataclass(frozen=True, kw_only=True)
class Quota(Part):
    """Used and free units, and until when."""

    name: ClassVar[str] = "quota"
    used: int
    limit: int
    text: str

    @property
    def free(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def units(self) -> list[tuple[str, str, str]]:
        """x, width and class of one bar per unit, in a view box of 100."""
        width = (100 - 2 * (self.limit - 1)) / self.limit
        return [
            (f"{index * (width + 2):.4g}", f"{width:.4g}", "used" if index < self.used else "free")
            for index in range(self.limit)
        ]
