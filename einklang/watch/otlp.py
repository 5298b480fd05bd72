"""Turns become OpenTelemetry spans and go to a collector over OTLP/HTTP. Loaded only where somebody collects.

Spans are made whole, at the end of a turn: what rolled back leaves none, and their ids are those of `watch.trace`.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from uuid import UUID

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode

from einklang.core import clock, ids
from einklang.watch.trace import SPAN, Note, Place, Resolve, Turn, kept

MOST_LINKS = 100
SCOPE = InstrumentationScope("einklang", version("einklang"))


class Otlp:
    """Sends in the background, some hundred spans at a time; what cannot be sent is dropped, the loop goes on."""

    def __init__(self, process: str, share: float, resolve: Resolve) -> None:
        self.share, self.resolve = share, resolve
        self.resource = _resource(process)
        self.processor = BatchSpanProcessor(OTLPSpanExporter())

    def tell(self, turn: Turn, failure: str) -> None:
        for span in spans(turn, failure, share=self.share, resolve=self.resolve, resource=self.resource):
            self.processor.on_end(span)

    def close(self) -> None:
        self.processor.shutdown()  # type: ignore[no-untyped-call]


def spans(
    turn: Turn, failure: str, *, share: float, resolve: Resolve, resource: Resource | None = None
) -> Iterator[ReadableSpan]:
    notes = [] if failure else turn.notes
    traces = _traces(notes, resolve)
    told = [note for note in notes if kept(traces[note.thing].int, share)]
    for note in told:
        yield _of_note(note, turn, traces, resource)
    for note in told:
        if note.new and (caller := turn.callers.get(note.thing)):
            caller.led_to.append(note.thing)
    happened = told or failure or turn.server or turn.led_to
    if happened and (told or kept(turn.place.trace, share)):
        yield _of_turn(turn, [note for note in told if note.new], failure, resource)


def _traces(notes: list[Note], resolve: Resolve) -> dict[UUID, UUID]:
    """In whose trace each thing stands: that of the interaction where its chain of causes begins."""
    above = {note.thing: note.under for note in notes if note.under}
    tops = {note.thing: _top(note.thing, above) for note in notes}
    begun = resolve(set(tops.values())) if tops else {}
    return {thing: begun.get(top, top) for thing, top in tops.items()}


def _top(thing: UUID, above: Mapping[UUID, UUID]) -> UUID:
    while thing in above:
        thing = above[thing]
    return thing


def _of_note(note: Note, turn: Turn, traces: Mapping[UUID, UUID], resource: Resource | None) -> ReadableSpan:
    trace = traces[note.thing]
    own = Place.of(note.thing, trace) if note.new else Place(trace.int, ids.new().int & SPAN)
    above = note.under if note.new else note.thing
    caller = turn.callers.get(note.thing, turn)
    because = [Place.of(note.because, traces.get(note.because))] if note.because else []
    return ReadableSpan(
        name=note.name,
        context=_context(own),
        parent=_context(Place.of(above, trace)) if above else None,
        resource=resource,
        attributes={"einklang.id": str(note.thing), **{f"einklang.{name}": fact for name, fact in note.facts.items()}},
        links=[Link(_context(place)) for place in (caller.place, *because)],
        kind=SpanKind.INTERNAL,
        start_time=_nanoseconds(turn.began),
        end_time=_nanoseconds(note.at),
        instrumentation_scope=SCOPE,
    )


def _of_turn(turn: Turn, new: list[Note], failure: str, resource: Resource | None) -> ReadableSpan:
    """With links to what came into being in it, or was told by it."""
    led_to = [*turn.led_to, *(note.thing for note in new if note.under is None)][:MOST_LINKS]
    return ReadableSpan(
        name=turn.name,
        context=_context(turn.place),
        parent=_context(turn.parent, remote=True) if turn.parent else None,
        resource=resource,
        attributes={"einklang.items": turn.items, **turn.facts},
        links=[Link(_context(Place.of(thing))) for thing in led_to],
        kind=SpanKind.SERVER if turn.server else SpanKind.INTERNAL,
        status=Status(StatusCode.ERROR, failure) if failure else Status(),
        start_time=_nanoseconds(turn.began),
        end_time=_nanoseconds(clock.real_now()),
        instrumentation_scope=SCOPE,
    )


def _context(place: Place, *, remote: bool = False) -> SpanContext:
    return SpanContext(place.trace, place.span, is_remote=remote, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000) * 1000


def _resource(process: str) -> Resource:
    return Resource.create(
        {
            "service.name": os.environ.get("OTEL_SERVICE_NAME") or "einklang",
            "service.version": SCOPE.version or "",
            "service.instance.id": f"{socket.gethostname()}/{os.getpid()}",
            "einklang.process": process,
        }
    )
