"""A small authoritative DNS server on a loopback port, by UDP: knows the records that a test gives it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Zone = Mapping[tuple[str, str], Sequence[str]]


@dataclass
class DnsServer:
    """`zone` maps (name, type) to records in the form of a zone file."""

    zone: dict[tuple[str, str], Sequence[str]]
    failing: bool = False
    place: tuple[str, int] = field(default=("127.0.0.1", 0))

    def answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA
        (question,) = query.question
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        if self.failing:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif records := self.zone.get((name, kind)):
            response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *records))
        elif name not in {known for known, _ in self.zone}:
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()


@contextmanager
def dns_server(zone: Zone) -> Iterator[DnsServer]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.1)
        server = DnsServer(dict(zone), place=listening.getsockname())
        stopped = threading.Event()
        thread = threading.Thread(target=_serve, args=(listening, server, stopped))
        thread.start()
        try:
            yield server
        finally:
            stopped.set()
            thread.join()


def _serve(listening: socket.socket, server: DnsServer, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            wire, asker = listening.recvfrom(4096)
        except TimeoutError:
            continue
        listening.sendto(server.answer(wire), asker)
