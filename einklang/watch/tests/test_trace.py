"""One trace follows an event, and nothing is stored for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from einklang.core import ids
from einklang.core.errors import SettingsError
from einklang.watch import otlp, trace
from einklang.watch.trace import Place, Turn

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def turn() -> Iterator[Turn]:
    """One that is going on."""
    own = Turn("timers", Place.of(ids.new()))
    before = trace._turn.set(own)
    yield own
    trace._turn.reset(before)


def test_what_comes_of_an_event_hours_later_stands_in_its_trace(turn: Turn) -> None:
    entry, enrolment, message = ids.new(), ids.new(), ids.new()
    trace.done("dispatch", message, under=enrolment, answer="yes")
    trace.done("receipt", message, under=enrolment, outcome="sent")
    spans = list(
        otlp.spans(turn, "", share=1.0, resolve=lambda asked: {enrolment: entry} if enrolment in asked else {})
    )
    assert {span.context.trace_id for span in spans[:2]} == {entry.int}
    assert {span.parent.span_id for span in spans[:2] if span.parent} == {Place.of(message).span}
    assert spans[0].attributes
    assert spans[0].attributes["einklang.answer"] == "yes"


def test_a_mail_that_no_journey_sent_has_a_trace_of_its_own_and_what_it_led_to_points_at_it(turn: Turn) -> None:
    message, opened = ids.new(), ids.new()
    trace.made("message", message, state="planned")
    trace.made("interaction", opened, because=message)
    first, second, *_ = otlp.spans(turn, "", share=1.0, resolve=lambda asked: {})
    assert first.context.trace_id == message.int
    assert second.context.trace_id == opened.int
    assert message.int in [link.context.trace_id for link in second.links]


def test_what_was_rolled_back_leaves_no_trace_but_that_it_failed(turn: Turn) -> None:
    trace.made("message", ids.new())
    (span,) = otlp.spans(turn, "UniqueViolation", share=1.0, resolve=lambda asked: {})
    assert (span.name, span.status.is_ok, span.status.description) == ("timers", False, "UniqueViolation")


def test_of_a_share_a_trace_is_whole_or_not_there() -> None:
    things = [ids.new() for _ in range(2000)]
    kept = [thing for thing in things if trace.kept(thing.int, 0.25)]
    assert 350 < len(kept) < 650
    assert all(trace.kept(thing.int, 0.5) for thing in kept), "whoever keeps more keeps these too"
    assert not any(trace.kept(thing.int, 0.0) for thing in things)
    assert all(trace.kept(thing.int, 1.0) for thing in things)


@pytest.mark.parametrize(
    "given", ["", "nonsense", f"00-{'0' * 32}-{'1' * 16}-01", f"00-{'1' * 32}-{'0' * 16}-01", f"ff{CALLER[2:]}"]
)
def test_a_caller_that_says_nothing_sound_begins_a_trace_of_its_own(given: str) -> None:
    assert trace.beginning("GET pages", CALLER).parent
    assert trace.beginning("GET pages", given).parent is None


def test_a_share_that_is_none_stops_the_start_with_a_sentence() -> None:
    with pytest.raises(SettingsError, match="from 0 to 1"):
        trace.share({trace.SHARE: "half"})


def test_without_a_collector_nothing_is_noted() -> None:
    with trace.turn("timers") as turn:
        trace.done("step", ids.new())
        assert turn is None
