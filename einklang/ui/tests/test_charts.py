from __future__ import annotations

from django.utils import translation

from einklang.ui.charts import chart

BLOCK = {
    "title": "Ereignisse",
    "unit": "%",
    "bars": [{"label": "Velunor", "value": 9.5, "low": 8, "high": 12.5}, {"label": "Placebo", "value": 25}],
}


def test_bars_begin_at_zero_and_the_longest_fills_the_width() -> None:
    drawn = chart(BLOCK)
    assert [bar.width for bar in drawn.bars] == ["38", "100"]
    assert (drawn.bars[0].low, drawn.bars[0].high) == ("32", "50")


def test_a_value_without_an_interval_claims_none() -> None:
    assert chart(BLOCK).bars[1].interval == ""


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    with translation.override("de"):
        assert chart(BLOCK).bars[0].text == "9,5"
    with translation.override("en"):
        assert chart(BLOCK).bars[0].text == "9.5"


def test_figures_that_are_compared_are_equally_exact() -> None:
    with translation.override("de"):
        drawn = chart(BLOCK)
    assert [bar.text for bar in drawn.bars] == ["9,5", "25,0"]
    assert drawn.bars[0].interval == "8,0\u00a0–\u00a012,5"
