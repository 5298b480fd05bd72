"""How many verdicts a second: a campaign to 100,000 people, with loading the facts and storing every verdict.

The limit is what storing alone could reach: a COPY of the same verdict rows into the same table, committed as often.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import UUID

from einklang.core.pg import Connection, Cursor, connect
from einklang.facts.consent import ledger
from einklang.facts.content import sign
from einklang.facts.content.models import ContentVersion
from einklang.facts.people.bench import doctors
from einklang.facts.people.models import User
from einklang.facts.products.models import Authorisation, Brand, MandatoryText, Smpc
from einklang.loop.gate import facts, packs, verdicts
from einklang.loop.gate.judge import judge
from einklang.loop.gate.question import Facts, Question, Recipient, Verdict

PEOPLE = 100_000
BATCH = 500
CHUNK = 10_000
AT = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
FIELDS = (
    "company",
    "name",
    "composition",
    "indications",
    "contraindications",
    "side_effects",
    "warnings",
    "prescription",
)
OUT = f"COPY (SELECT {verdicts.COLUMNS} FROM gate_verdict) TO STDOUT"
Row = tuple[str, float, str, float | None]


def gate_100k(url: str) -> list[Row]:
    with connect(url) as connection:
        cur = connection.cursor()
        questions = campaign(cur)
        cur.execute("ANALYZE")  # what autovacuum does within a minute
        connection.commit()
        gc.collect()
        gc.freeze()  # a worker does not carry the whole campaign in its memory
        batches = [questions[start : start + BATCH] for start in range(0, len(questions), BATCH)]
        loading, judging, storing = _whole_way(connection, cur, batches)
        bare = _bare_copy(connection, cur)
    whole = loading + judging + storing
    return [
        ("gate_100k", PEOPLE / whole, "verdicts/s", PEOPLE / bare),
        ("gate_100k.load", loading / PEOPLE * 1e6, "us/question", None),
        ("gate_100k.judge", judging / PEOPLE * 1e6, "us/question", None),
        ("gate_100k.store", storing / PEOPLE * 1e6, "us/question", None),
    ]


def _whole_way(
    connection: Connection, cur: Cursor, batches: Sequence[Sequence[Question]]
) -> tuple[float, float, float]:
    """Seconds for loading, judging and storing, each batch committed."""
    spent = [0.0, 0.0, 0.0]
    for batch in batches:
        started = perf_counter()
        known: list[Facts] = facts.load(cur, batch)
        loaded = perf_counter()
        answers: list[Verdict] = judge(batch, known, packs.current())
        judged = perf_counter()
        verdicts.store(cur, batch, answers, known, stage="ask", now=AT)
        connection.commit()
        stored = perf_counter()
        spent = [spent[0] + loaded - started, spent[1] + judged - loaded, spent[2] + stored - judged]
    return spent[0], spent[1], spent[2]


def _bare_copy(connection: Connection, cur: Cursor) -> float:
    with cur.copy(OUT) as copy:
        rows = b"".join(copy).splitlines(keepends=True)
    cur.execute("TRUNCATE gate_verdict")
    connection.commit()
    started = perf_counter()
    for start in range(0, len(rows), BATCH):
        with cur.copy(verdicts.COPY) as copy:
            copy.write(b"".join(rows[start : start + BATCH]))
        connection.commit()
    return perf_counter() - started


def campaign(cur: Cursor) -> list[Question]:
    """A mail about a prescription medicine; nine of ten have consented."""
    content = mail_version(cur)
    return [
        Question("send", Recipient("person", person), "email", "promotional", unit="marketing", content=content, at=AT)
        for person in consenting(cur, PEOPLE)
    ]


def consenting(cur: Cursor, number: int) -> list[UUID]:
    """So many more doctors; nine of ten have consented."""
    persons = doctors(cur, number, AT)
    for start in range(0, number, CHUNK):
        consent(cur, [each for place, each in enumerate(persons[start : start + CHUNK]) if place % 10])
    return persons


def consent(cur: Cursor, persons: Sequence[UUID]) -> None:
    """To mails that are measured."""
    entries = [
        ledger.Entry(subject=person, permission=permission, channel="email", purpose="promotional", state="granted")
        for person in persons
        for permission in ("email", "mail_tracking")
    ]
    ledger.append(cur, entries, AT - YEAR)


def mail_version(cur: Cursor) -> UUID:
    brand = Brand.objects.create(id="bench", name="Bench", substance="Bench")
    product = Authorisation.objects.create(slug="bench", brand=brand, name="Bench", rx=True, authorised_from=AT - YEAR)
    Smpc.objects.create(authorisation=product, version=1, valid_from=AT - YEAR, body="Fachinformation")
    text = MandatoryText.objects.create(
        authorisation=product, version=1, valid_from=AT - YEAR, fields=dict.fromkeys(FIELDS, "Text")
    )
    body = {"de": {"subject": "Bench", "greeting": "{salutation},", "paragraphs": ["Text."], "closing": "Ende"}}
    mail = ContentVersion.objects.create(
        slug="bench",
        kind="mail",
        promotional=True,
        rx=True,
        audience="rx",
        authorisation=product,
        mandatory_text=text,
        smpc_version=1,
        body=body,
        valid_from=AT - YEAR,
    )
    signers = {
        role: User.objects.create_user(f"{role}@example.org", name=role, roles=[role]).id
        for role in ("medical_reviewer", "legal_reviewer", "information_officer")
    }
    sign.release(cur, version=mail.id, signers=signers, now=AT)
    return mail.id
