"""What only the outside knows: what was told, what was answered with a yes, and what was read."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Known:
    """`told` may stand in the log, `answered` must. Everything may be called from any thread."""

    before: set[UUID] = field(default_factory=set)  # messages of the demo's past, which no mail server ever saw
    told: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)  # in the portal, by the id that its page gave
    planned: set[UUID] = field(default_factory=set)  # messages whose transaction was committed
    samples: set[str] = field(default_factory=set)  # tokens of the forms
    visits: set[str] = field(default_factory=set)  # notes of reports that were closed
    agreed: set[str] = field(default_factory=set)  # next steps in them
    accepted: set[str] = field(default_factory=set)  # steps that a rep took over
    unsubscribed: set[str] = field(default_factory=set)  # Message-IDs
    counted: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)  # what nobody expected
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str, number: int = 1) -> None:
        with self.lock:
            self.counted[what] += number

    def wrong(self, what: str) -> None:
        with self.lock:
            self.faults.append(what)
