"""What the last look into the DNS said about the domain we send from, and whether advertising may leave for it.

What people asked for or need (transactional, service, safety) leaves in any case: an opt-in, an order or a safety
report must not wait for an entry in the DNS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import orjson

from einklang.core import settings
from einklang.core.pg import Cursor
from einklang.loop.channels.email.sender_check import UNREACHABLE, Finding

BULK = ("promotional", "medical")
HOLDS = timedelta(hours=48)  # a pass; looked up daily, so that one day without an answer stops nothing
EVERY = timedelta(hours=24)
AGAIN = timedelta(hours=1)  # after a look that found a fault
LOCAL = ("localhost", "127.0.0.1", "::1")

READ = "SELECT passed, checked_at, tried_at, findings FROM gate_mail_domain WHERE domain = %s"
KEEP = """
    INSERT INTO gate_mail_domain (domain, passed, checked_at, tried_at, findings)
    VALUES (%(domain)s, %(passed)s, %(now)s, %(now)s, %(findings)s::jsonb)
    ON CONFLICT (domain) DO UPDATE SET passed = excluded.passed, checked_at = excluded.checked_at,
        tried_at = excluded.tried_at, findings = excluded.findings
"""
TRIED = "UPDATE gate_mail_domain SET tried_at = %(now)s WHERE domain = %(domain)s"


@dataclass(frozen=True, slots=True)
class Standing:
    passed: bool
    checked_at: datetime
    tried_at: datetime
    findings: list[Finding]

    def holds(self, now: datetime) -> bool:
        return self.passed and now - self.checked_at < HOLDS


def read(cur: Cursor, domain: str) -> Standing | None:
    row = cur.execute(READ, (domain,)).fetchone()
    if row is None:
        return None
    passed, checked_at, tried_at, findings = row
    return Standing(passed, checked_at, tried_at, [Finding(**each) for each in findings])


def keep(cur: Cursor, domain: str, findings: Sequence[Finding], now: datetime) -> None:
    """Where the DNS did not answer, what it said last still stands."""
    if any(each.problem == UNREACHABLE for each in findings) and read(cur, domain):
        cur.execute(TRIED, {"domain": domain, "now": now})
        return
    told = orjson.dumps([asdict(each) for each in findings]).decode()
    passed = all(each.ok for each in findings)
    cur.execute(KEEP, {"domain": domain, "passed": passed, "now": now, "findings": told})


def is_due(cur: Cursor, domain: str, now: datetime) -> bool:
    known = read(cur, domain)
    return known is None or now - known.tried_at >= (EVERY if known.holds(now) else AGAIN)


def needed() -> bool:
    """A demo, and a trial whose mail server is on this machine, reach nobody."""
    own = settings.get()
    if own.demo or own.production:
        return own.production
    return bool(own.smtp_url) and urlsplit(own.smtp_url or "").hostname not in LOCAL


def stops_bulk(cur: Cursor, now: datetime) -> bool:
    if not needed():
        return False
    known = read(cur, settings.get().mail_domain)
    return known is None or not known.holds(now)
