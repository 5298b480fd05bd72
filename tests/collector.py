"""A collector for traces, as an installation would have one: takes OTLP over HTTP and shows what it was told."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Span:
    name: str
    trace: UUID
    id: str
    parent: str
    links: list[tuple[UUID, str]]
    facts: dict[str, Any]
    process: str


@dataclass
class Collector:
    url: str = ""
    spans: list[Span] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}

    def take(self, body: bytes) -> None:
        self.raw.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            of = {each.key: each.value.string_value for each in resource.resource.attributes}
            self.spans += [
                _read(span, of["einklang.process"]) for scope in resource.scope_spans for span in scope.spans
            ]

    def until(self, enough: Callable[[list[Span]], bool]) -> list[Span]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not enough(list(self.spans)):
            assert time.monotonic() < deadline, sorted({span.name for span in self.spans})
            time.sleep(0.05)
        return list(self.spans)


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests are silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield collector
        server.shutdown()


def _read(span: Any, process: str) -> Span:
    links = [(UUID(bytes=link.trace_id), link.span_id.hex()) for link in span.links]
    facts = {each.key: each.value.string_value or each.value.int_value for each in span.attributes}
    trace, own, parent = UUID(bytes=span.trace_id), span.span_id.hex(), span.parent_span_id.hex()
    return Span(span.name, trace, own, parent, links, facts, process)
