"""Where boxes and ribbons of a drawing lie. Pure: the same boxes and edges always give the same drawing.

Boxes lie in layers, each below all that lead to it. An edge that passes a layer gets room in it as if it were a narrow
box, so no ribbon runs behind a box. Ribbons are as wide as people are many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

WIDEST = 160.0
HAIRLINE = 2.0
GAP_ACROSS, GAP_DOWN = 24.0, 58.0
LEFT, EDGE = 80.0, 8.0
SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Box:
    key: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Edge:
    """`name` is the outcome; of two edges between the same boxes it tells which is which."""

    source: str
    target: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Placed:
    box: Box
    layer: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    """`x` and `y` are where it leaves its source, in the middle of its width."""

    edge: Edge
    width: float
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    boxes: tuple[Placed, ...]
    ribbons: tuple[Ribbon, ...]
    width: float
    height: float


@dataclass(slots=True)
class Cell:
    """A box, or the room of an edge that passes this layer."""

    width: float
    layer: int
    box: Box | None = None
    x: float = 0.0  # of its middle


@dataclass(frozen=True, slots=True)
class Course:
    edge: Edge
    width: float
    cells: tuple[Cell, ...]


_Pick = Callable[[Course], Cell]


def draw(boxes: Sequence[Box], edges: Sequence[Edge], most: int) -> Drawing:
    """`boxes` stand behind all that lead to them; `most` people are WIDEST."""
    layer = _layers(boxes, edges)
    cells = {box.key: Cell(box.width, layer[box.key], box) for box in boxes}
    courses = [_course(edge, cells, most) for edge in edges]
    rows = _rows([*cells.values(), *(cell for course in courses for cell in course.cells[1:-1])])
    _place(rows, courses)
    tops, bottoms = _heights(rows)
    left = min(cell.x - cell.width / 2 for row in rows for cell in row)
    for cell in (cell for row in rows for cell in row):
        cell.x += LEFT - left
    right = max(cell.x + cell.width / 2 for row in rows for cell in row)
    return Drawing(
        boxes=tuple(
            Placed(box, cells[box.key].layer, cells[box.key].x - box.width / 2, tops[cells[box.key].layer])
            for box in boxes
        ),
        ribbons=tuple(_ribbons(courses, tops, bottoms)),
        width=right + EDGE,
        height=bottoms[-1] + EDGE,
    )


def _layers(boxes: Sequence[Box], edges: Sequence[Edge]) -> dict[str, int]:
    """The longest way to each box."""
    layer = {box.key: 0 for box in boxes}
    for box in boxes:
        for edge in edges:
            if edge.source == box.key:
                layer[edge.target] = max(layer[edge.target], layer[box.key] + 1)
    return layer


def _course(edge: Edge, cells: dict[str, Cell], most: int) -> Course:
    width = max(HAIRLINE, WIDEST * edge.people / most) if most else HAIRLINE
    first, last = cells[edge.source], cells[edge.target]
    between = (Cell(width, layer) for layer in range(first.layer + 1, last.layer))
    return Course(edge, width, (first, *between, last))


def _rows(cells: Iterable[Cell]) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda each: each.layer):
        if cell.layer == len(found):
            found.append([])
        found[cell.layer].append(cell)
    return found


def _place(rows: list[list[Cell]], courses: Sequence[Course]) -> None:
    """Down and up again: each cell goes below the middle of those that it is tied to, as far as there is room."""
    above: dict[int, list[Cell]] = {}
    below: dict[int, list[Cell]] = {}
    for course in courses:
        for upper, lower in pairwise(course.cells):
            above.setdefault(id(lower), []).append(upper)
            below.setdefault(id(upper), []).append(lower)
    for row in rows:
        _apart(row)
    for sweep in range(SWEEPS):
        ties = below if sweep % 2 else above
        for row in rows[::-1] if sweep % 2 else rows:
            for cell in row:
                tied = ties.get(id(cell), ())
                cell.x = fmean(each.x for each in tied) if tied else cell.x
            row.sort(key=lambda cell: cell.x)
            _apart(row)


def _apart(row: list[Cell]) -> None:
    """Moves cells so far that none overlap, and the row as a whole back to where it wanted to be."""
    wanted = fmean(cell.x for cell in row)
    for left, right in pairwise(row):
        right.x = max(right.x, left.x + left.width / 2 + GAP_ACROSS + right.width / 2)
    back = fmean(cell.x for cell in row) - wanted
    for cell in row:
        cell.x -= back


def _heights(rows: list[list[Cell]]) -> tuple[list[float], list[float]]:
    tops, bottoms, y = [], [], EDGE
    for row in rows:
        tops.append(y)
        bottoms.append(y + max((cell.box.height for cell in row if cell.box), default=0.0))
        y = bottoms[-1] + GAP_DOWN
    return tops, bottoms


def _ribbons(courses: Sequence[Course], tops: list[float], bottoms: list[float]) -> Iterable[Ribbon]:
    starts = _ports(courses, lambda course: course.cells[0], lambda course: course.cells[1])
    ends = _ports(courses, lambda course: course.cells[-1], lambda course: course.cells[-2])
    for number, course in enumerate(courses):
        first = course.cells[0]
        bottom = tops[first.layer] + (first.box.height if first.box else 0.0)
        points = [(starts[number], bottom), (starts[number], bottoms[first.layer])]
        for cell in course.cells[1:-1]:
            points += [(cell.x, tops[cell.layer]), (cell.x, bottoms[cell.layer])]
        points.append((ends[number], tops[course.cells[-1].layer]))
        yield Ribbon(course.edge, course.width, _path(points, course.width), *points[0])


def _ports(courses: Sequence[Course], at: _Pick, towards: _Pick) -> list[float]:
    """Side by side at the middle of the box, in the order in which they go on, so that they do not cross there."""
    found = [0.0] * len(courses)
    meeting: dict[int, list[int]] = {}
    for number, course in enumerate(courses):
        meeting.setdefault(id(at(course)), []).append(number)
    for numbers in meeting.values():
        numbers.sort(key=lambda number: (towards(courses[number]).x, number))
        x = at(courses[numbers[0]]).x - sum(courses[number].width for number in numbers) / 2
        for number in numbers:
            found[number] = x + courses[number].width / 2
            x += courses[number].width
    return found


def _path(points: Sequence[tuple[float, float]], width: float) -> str:
    """Down along its left edge and up again along its right one."""
    half = width / 2
    left = [(x - half, y) for x, y in points]
    right = [(x + half, y) for x, y in points[::-1]]
    return f"M{_point(left[0])}{_curves(left)}L{_point(right[0])}{_curves(right)}Z"


def _curves(points: Sequence[tuple[float, float]]) -> str:
    """A curve between boxes, a straight line through a layer."""
    said = []
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (y1 + y2) / 2
        said.append(
            f"L{_point((x2, y2))}" if x1 == x2 else f"C{_point((x1, middle))} {_point((x2, middle))} {_point((x2, y2))}"
        )
    return "".join(said)


def _point(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
