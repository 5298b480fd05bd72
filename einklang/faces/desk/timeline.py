"""What happened, as the voice line shows it; the words are those of `decide.told`, which the person can read, too."""

from __future__ import annotations

from collections.abc import Sequence

from einklang.core.words import Words
from einklang.loop.decide.told import Line
from einklang.ui import channels, locale
from einklang.ui.components import Story, TimelineEntry

OWN = frozenset({"visit.held", "call.held"})


def story(lines: Sequence[Line], *, with_year: bool = False) -> Story:
    return Story(entries=[_entry(each) for each in lines], with_year=with_year)


def _entry(line: Line) -> TimelineEntry:
    return TimelineEntry(
        at=line.at,
        channel=line.channel,
        title=_say(line.title),
        icon=channels.sign(line.kind),
        detail=_say(line.detail),
        own=line.kind in OWN,
        monthly=line.monthly,
        lines=[note] if (note := _say(line.note)) else [],
    )


def _say(text: Words) -> str:
    return text.in_(locale.current())
