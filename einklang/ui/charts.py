"""Figures of a study as bars from zero, with the interval where there is one. The part is a table, so nothing hides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from einklang.ui import locale, numbers
from einklang.ui.components import Part

WIDTH = 100


@dataclass(frozen=True, kw_only=True)
class Plotted:
    """Lengths are in the units of the view box, texts in the reader's language."""

    label: str
    text: str
    interval: str
    width: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True, kw_only=True)
class PlottedChart(Part):
    name: ClassVar[str] = "plotted"
    title: str
    finding: str
    unit: str
    bars: Sequence[Plotted]

    @property
    def after(self) -> str:
        """The unit behind a figure: 18,5 %, in English 18.5%."""
        if self.unit == "%" and locale.current() == "en":
            return self.unit
        return f"{numbers.NBSP}{self.unit}" if self.unit else ""


def chart(block: Mapping[str, Any]) -> PlottedChart:
    """`block` as `facts.content.blocks` knows it: title, unit, finding, bars with label, value, low and high."""
    top = max((max(bar["value"], bar.get("high", 0)) for bar in block["bars"]), default=0) or 1
    return PlottedChart(
        title=block["title"],
        finding=block.get("finding", ""),
        unit=block.get("unit", ""),
        bars=[_plotted(bar, top, _digits(block["bars"])) for bar in block["bars"]],
    )


def _digits(bars: Sequence[Mapping[str, Any]]) -> int:
    """Figures that are compared are equally exact: 18,0 beside 14,1."""
    figures = [bar[each] for bar in bars for each in ("value", "low", "high") if each in bar]
    return max((len(f"{each:.10g}".partition(".")[2]) for each in figures), default=0)


def _plotted(bar: Mapping[str, Any], top: float, digits: int) -> Plotted:
    bounded = "low" in bar and "high" in bar
    low, high = (numbers.number(bar.get(each, 0), digits) for each in ("low", "high"))
    return Plotted(
        label=bar["label"],
        text=numbers.number(bar["value"], digits),
        interval=f"{low}{numbers.NBSP}–{numbers.NBSP}{high}" if bounded else "",
        width=_length(bar["value"], top),
        low=_length(bar["low"], top) if bounded else "",
        high=_length(bar["high"], top) if bounded else "",
    )


def _length(value: float, top: float) -> str:
    return f"{max(value, 0) / top * WIDTH:.4g}"
