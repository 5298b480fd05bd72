"""A journey version as a picture: steps with how many people were there, ways as ribbons. Pure but for its words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from einklang.faces.studio.journeys import words
from einklang.faces.studio.journeys.layout import Box, Drawing, Edge, Placed, Ribbon, draw
from einklang.faces.studio.journeys.words import Titles
from einklang.loop.decide.journeys.document import END, Branch, Journey, Message, Split, Suggest, Wait, WaitFor
from einklang.loop.decide.journeys.ways import Ways
from einklang.ui import numbers
from einklang.ui.text import t

ENTRY, GOAL, EXIT, WAY, REST = "+entry", "+goal", "+exit", "+way", "+end"
WIDE, NARROW, SLIM, TALL, TALLER, SPLIT = 272.0, 216.0, 196.0, 72.0, 90.0, 32.0
FEW = 30  # below that a share says nothing
LETTER, SMALL_LETTER, DIGIT = 7.4, 6.3, 11.0  # how wide they are on average, in user units
AROUND = 66.0  # what of a box is not text: padding, icon, gaps
LINES = 2
STYLES = {"timeout": "off", "else": "off", "rest": "off", "exited": "off", "withheld": "hold", "goal": "goal"}


@dataclass(frozen=True, slots=True)
class Node:
    """One box. `style` is "", gate, goal or end; `href` is empty where there is nothing to open."""

    key: str
    icon: str
    hue: str
    title: str
    meta: str
    people: int | None
    style: str = ""
    planned: int = 0
    withheld: int = 0
    href: str = ""
    current: bool = False
    sign: str = ""

    @property
    def split(self) -> tuple[str, str, str] | None:
        """Widths and place of what went on and what was withheld, in a view box of 100."""
        total = self.planned + self.withheld
        if not total:
            return None
        part = 100 * self.planned / total
        gap = 1.0 if self.planned and self.withheld else 0.0
        return f"{max(part - gap / 2, 0):.4g}", f"{part + gap / 2:.4g}", f"{max(100 - part - gap / 2, 0):.4g}"


@dataclass(frozen=True, slots=True)
class Label:
    x: str
    y: str
    anchor: str
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A node where it lies; numbers as SVG wants them."""

    node: Node
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Flow:
    path: str
    style: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`rem` is as wide as the view box in a reader's own text size."""

    nodes: tuple[Shown, ...]
    flows: tuple[Flow, ...]
    labels: tuple[Label, ...]
    days: tuple[tuple[str, str, str], ...]
    width: str
    height: str
    rem: str


@dataclass(frozen=True)
class Links:
    """Where the boxes lead (an address with STEP in it), the box that is open, and what became of boxes."""

    address: str = ""
    current: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)

    def to(self, key: str) -> str:
        return self.address.replace("STEP", key) if self.address else ""


def picture(plan: Journey, titles: Titles, ways: Ways | None, links: Links | None = None) -> Picture:
    """Without `ways` it shows the way alone: nobody has taken it yet."""
    edges = list(_edges(plan, ways or Ways()))
    nodes = _nodes(plan, titles, ways, links or Links(), edges)
    boxes = [Box(key, _width(node), _height(node)) for key, node in nodes.items()]
    drawing = draw(boxes, edges, ways.entered if ways else 0)
    return Picture(
        nodes=tuple(_shown(nodes[each.box.key], each) for each in drawing.boxes),
        flows=tuple(Flow(each.path, _style(each.edge, ways)) for each in drawing.ribbons),
        labels=tuple(_labels(drawing, plan)) if ways else (),
        days=tuple(_days(plan, drawing)),
        width=f"{drawing.width:.0f}",
        height=f"{drawing.height:.0f}",
        rem=f"{drawing.width / 16:.2f}rem",
    )


def edges(plan: Journey, ways: Ways) -> list[Edge]:
    return list(_edges(plan, ways))


def _edges(plan: Journey, ways: Ways) -> Iterator[Edge]:
    ending = _way_ends(plan)
    yield Edge(ENTRY, plan.start, "entered", ways.entered)
    for name in plan.order:
        for outcome, target in onward(plan, name):
            yield Edge(name, ending if target == END else target, outcome, ways.outcome(name, outcome))
        yield from _out(name, ways, "goal" if plan.goal else "")
    if plan.goal:
        yield from _behind_the_way(plan, ways, ending)


def onward(plan: Journey, name: str) -> list[tuple[str, str]]:
    """(outcome, where it leads), as the step log names outcomes."""
    match plan.steps[name]:
        case Wait(next=target):
            return [("waited", target)]
        case WaitFor(then=then, otherwise=otherwise):
            return [("happened", then), ("timeout", otherwise)]
        case Branch(then=then, otherwise=otherwise):
            return [("then", then), ("else", otherwise)]
        case Split(ways=ways):
            return [(way.name, way.next) for way in ways]
        case Message(next=target):
            return [("planned", target), ("withheld", target)]
        case Suggest(next=target):
            return [("suggested", target)]


def _way_ends(plan: Journey) -> str:
    return WAY if plan.goal else REST


def _out(name: str, ways: Ways, goal: str) -> Iterator[Edge]:
    """Who met the goal or left from here; no line where nobody did."""
    for state, target in ((goal, GOAL), ("exited", EXIT)):
        if state and (people := ways.left(state, name)):
            yield Edge(name, target, state, people)


def _behind_the_way(plan: Journey, ways: Ways, ending: str) -> Iterator[Edge]:
    """The goal counts to the end of its days, also after the last step."""
    yield Edge(ending, GOAL, "goal", ways.left("goal", END))
    yield Edge(ending, REST, "rest", ways.ended("done"))
    if people := ways.left("exited", END):
        yield Edge(ending, EXIT, "exited", people)


def _nodes(plan: Journey, titles: Titles, ways: Ways | None, links: Links, edges: Sequence[Edge]) -> dict[str, Node]:
    """In an order in which each stands behind all that lead to it."""
    reached = {edge.target for edge in edges}
    found = [_entry(plan, titles, ways), *(_step(plan, name, titles, ways) for name in plan.order)]
    found += [each for each in _ends(plan, titles, ways) if each.key in reached]
    return {each.key: _linked(each, links) for each in found}


def _linked(node: Node, links: Links) -> Node:
    href = "" if node.key.startswith("+") else links.to(node.key)
    current = bool(href) and node.key == links.current
    return _fitted(replace(node, href=href, current=current, sign=links.signs.get(node.key, "")))


def _entry(plan: Journey, titles: Titles, ways: Ways | None) -> Node:
    meta = t("nach: ", "after: ") + words.condition(plan.trigger, titles)
    return Node(ENTRY, "sign-in", "portal", t("Eintritt", "Entry"), meta, ways.entered if ways else None)


def _step(plan: Journey, name: str, titles: Titles, ways: Ways | None) -> Node:
    step = plan.steps[name]
    is_message = isinstance(step, Message)
    return Node(
        name,
        words.icon(step),
        words.hue(step),
        words.short(step, titles),
        words.meta(step, ways.standing(name) if ways else None),
        ways.arrived(name) if ways else None,
        "gate" if is_message else "",
        ways.outcome(name, "planned") if ways and is_message else 0,
        ways.outcome(name, "withheld") if ways and is_message else 0,
    )


def _ends(plan: Journey, titles: Titles, ways: Ways | None) -> Iterator[Node]:
    known = ways or Ways()
    done, goal, left = (known.ended(state) if ways else None for state in ("done", "goal", "exited"))
    if plan.goal:
        at_end = None if ways is None else known.ended("done") + known.left("goal", END) + known.left("exited", END)
        yield Node(WAY, "equals", "", t("Weg zu Ende", "End of the way"), "", at_end, "end")
        name = words.condition(plan.goal.condition, titles)
        yield Node(GOAL, "flag", "", name, _share(goal, known.entered), goal, "goal")
        still = t(f"{numbers.number(known.open)} noch offen", f"{numbers.number(known.open)} still open")
        yield Node(
            REST, "dots-three-circle", "", t("Ohne Ziel", "Without the goal"), still if ways else "", done, "end"
        )
    else:
        yield Node(REST, "minus-circle", "", t("Weg zu Ende", "End of the way"), "", done, "end")
    yield Node(EXIT, "sign-out", "", t("Ausgetreten", "Left"), t("vor dem Ende", "before the end"), left, "end")


def _share(part: int | None, whole: int) -> str:
    if part is None:
        return t("Ziel", "Goal")
    of = t(f"von {numbers.number(whole)}", f"of {numbers.number(whole)}")
    if whole < FEW:
        return t(f"{of}; zu wenige Daten", f"{of}; too few data")
    return f"{numbers.percent(100 * part / whole, 1)} {of}"


def _width(node: Node) -> float:
    """Without a number it is slim: such a picture stands beside another or beside its text."""
    if node.people is None:
        return SLIM
    return NARROW if node.style == "end" else WIDE


def _height(node: Node) -> float:
    (_, above), (_, below) = _lines(node)
    return (TALLER if above + below > 3 else TALL) + (SPLIT if node.split else 0)


def _fitted(node: Node) -> Node:
    """With as much text as its box holds; the whole of it stands beside the picture and in the table."""
    (title, _), (meta, _) = _lines(node)
    return replace(node, title=title, meta=meta)


def _lines(node: Node) -> tuple[tuple[str, int], tuple[str, int]]:
    """Title and second line, each with how many lines it takes; before the second line stands its sign."""
    number = 0 if node.people is None else len(numbers.number(node.people)) + 1
    room = _width(node) - AROUND - DIGIT * number
    return _wrapped(node.title, room / LETTER, 0), _wrapped(node.meta, room / SMALL_LETTER, len(node.sign))


def _wrapped(text: str, letters: float, taken: int) -> tuple[str, int]:
    """As much of it as fits; in its first line `taken` letters stand before it."""
    lines = textwrap.wrap(text, int(letters), initial_indent=" " * taken)
    if len(lines) <= LINES:
        return text, len(lines)
    end = 0
    for line in lines[:LINES]:
        end = text.index(line.strip(" "), end) + len(line.strip(" "))
    return text[: end - 1].rstrip() + "…", LINES


def _style(edge: Edge, ways: Ways | None) -> str:
    if ways is None:
        return "hold" if edge.name == "withheld" else "bare"
    return STYLES.get(edge.name, "") if edge.people else "none"


def _shown(node: Node, placed: Placed) -> Shown:
    return Shown(node, f"{placed.x:.0f}", f"{placed.y:.0f}", f"{placed.box.width:.0f}", f"{placed.box.height:.0f}")


def _labels(drawing: Drawing, plan: Journey) -> Iterator[Label]:
    """Beside the outer ribbons of a box with two ways: what became of whom."""
    leaving: dict[str, list[Ribbon]] = {}
    for ribbon in drawing.ribbons:
        named = isinstance(plan.steps.get(ribbon.edge.source), Split) and ribbon.edge.name not in ("goal", "exited")
        if named or ribbon.edge.name in ("planned", "withheld", "happened", "timeout", "then", "else"):
            leaving.setdefault(ribbon.edge.source, []).append(ribbon)
    for ribbons in leaving.values():
        left, right = min(ribbons, key=lambda each: each.x), max(ribbons, key=lambda each: each.x)
        for ribbon, side, anchor in ((left, -1, "end"), (right, 1, "start")):
            if ribbon.edge.people:
                said = f"{numbers.number(ribbon.edge.people)} {words.outcome(ribbon.edge.name)}"
                x = ribbon.x + side * (ribbon.width / 2 + 8)
                style = "hold" if ribbon.edge.name == "withheld" else ""
                yield Label(f"{x:.0f}", f"{ribbon.y + 16:.0f}", anchor, said, style)


def _days(plan: Journey, drawing: Drawing) -> Iterator[tuple[str, str, str]]:
    """(y of the line, y of its text, text) for every layer that people reach on other days than the one above."""
    spans = {ENTRY: (0.0, 0.0), **words.days(plan)}
    last = ""
    for layer in range(max(each.layer for each in drawing.boxes) + 1):
        row = [each for each in drawing.boxes if each.layer == layer]
        reached = [spans[each.box.key] for each in row if each.box.key in spans]
        if reached:
            said = words.day((min(least for least, _ in reached), max(most for _, most in reached)))
        elif plan.goal and any(each.box.key == GOAL for each in row):
            limit = plan.goal.within.days
            said = t(f"bis Tag {limit}", f"up to day {limit}")
        else:
            said = last
        if said != last:
            last = said
            y = row[0].y
            yield f"{y:.0f}", f"{y + 18:.0f}", said
