from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einklang.faces.studio.journeys.layout import HAIRLINE, WIDEST, Box, Drawing, Edge, draw

ENTERED = 1_284


@st.composite
def ways(draw_from: st.DrawFn) -> tuple[list[Box], list[Edge]]:
    """Any way without a loop: each box is led to from one before it."""
    count = draw_from(st.integers(1, 12))
    widths, heights = st.sampled_from([188.0, 264.0]), st.sampled_from([60.0, 96.0])
    boxes = [Box(str(number), draw_from(widths), draw_from(heights)) for number in range(count)]
    people = st.integers(0, ENTERED)
    edges = [Edge(str(draw_from(st.integers(0, n - 1))), str(n), "first", draw_from(people)) for n in range(1, count)]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    more = [pair for pair in draw_from(st.lists(pairs, max_size=10)) if pair[0] < pair[1]]
    return boxes, edges + [Edge(str(a), str(b), "more", draw_from(people)) for a, b in more]


def overlap(drawing: Drawing) -> list[tuple[str, str]]:
    return [
        (a.box.key, b.box.key)
        for a, b in combinations(drawing.boxes, 2)
        if a.x < b.x + b.box.width and b.x < a.x + a.box.width and a.y < b.y + b.box.height and b.y < a.y + a.box.height
    ]


def points(path: str) -> list[tuple[float, float]]:
    found = [float(number) for number in re.findall(r"-?\d+\.\d", path)]
    return list(zip(found[::2], found[1::2], strict=True))


@settings(max_examples=60)
@given(ways())
def test_no_two_boxes_overlap_and_all_lie_inside(way: tuple[list[Box], list[Edge]]) -> None:
    drawing = draw(*way, ENTERED)
    assert overlap(drawing) == []
    assert all(each.x >= 0 and each.x + each.box.width <= drawing.width for each in drawing.boxes)
    assert all(each.y >= 0 and each.y + each.box.height <= drawing.height for each in drawing.boxes)


@settings(max_examples=60)
@given(ways())
def test_ribbons_lead_down_from_box_to_box(way: tuple[list[Box], list[Edge]]) -> None:
    drawing = draw(*way, ENTERED)
    where = {each.box.key: each for each in drawing.boxes}
    for ribbon in drawing.ribbons:
        source, target = where[ribbon.edge.source], where[ribbon.edge.target]
        ys = [y for _, y in points(ribbon.path)]
        assert min(ys) == pytest.approx(source.y + source.box.height, abs=0.1)
        assert max(ys) == pytest.approx(target.y, abs=0.1)


@settings(max_examples=60)
@given(ways())
def test_the_same_way_gives_the_same_drawing(way: tuple[list[Box], list[Edge]]) -> None:
    assert draw(*way, ENTERED) == draw(*way, ENTERED)


def test_ribbons_are_as_wide_as_people_are_many() -> None:
    boxes = [Box(key, 264, 60) for key in "abc"]
    edges = [Edge("a", "b", "yes", 742), Edge("a", "b", "no", 318), Edge("b", "c", "", 0)]
    wide, narrow, none = draw(boxes, edges, ENTERED).ribbons
    assert wide.width == pytest.approx(WIDEST * 742 / ENTERED)
    assert narrow.width / wide.width == pytest.approx(318 / 742)
    assert none.width == HAIRLINE
    first, last = points(wide.path)[0], points(wide.path)[-1]
    assert last[0] - first[0] == pytest.approx(wide.width, abs=0.1)


def test_what_passes_a_layer_does_not_run_behind_its_boxes() -> None:
    boxes = [Box(key, 264, 60) for key in ("top", "side", "bottom")]
    edges = [Edge("top", "side", "", 600), Edge("side", "bottom", "", 600), Edge("top", "bottom", "", 600)]
    drawing = draw(boxes, edges, ENTERED)
    side = next(each for each in drawing.boxes if each.box.key == "side")
    passing = drawing.ribbons[2]
    beside = [x for x, y in points(passing.path) if side.y <= y <= side.y + side.box.height]
    assert len(beside) == 4
    assert all(x <= side.x or x >= side.x + side.box.width for x in beside)
