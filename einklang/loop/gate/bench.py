"""How many verdicts a second: a campaign to 100,000 people, with loading the facts and storing every verdict.

The limit is what storing alone could reach: a COPY of the same verdict rows into the same table, committed as often.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import UUID

from einklang.core.pg import Connection, Cursor, connect
from einklang.facts.consent import ledger
from einklang.facts.content import sign
from einklang.facts.content.models import ContentVersion
from einklang.facts.people.models import Person, User, Verification
from einklang.facts.products.models import Authorisation, Brand, MandatoryText, Smpc
from einklang.loop.gate import facts, packs, verdicts
from einklang.loop.gate.judge import judge
from einklang.loop.gate.question import Facts, Question, Recipient, Verdict

PEOPLE = 100_000
BATCH = 500
CHUNK = 10_000
AT = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
LANDS = ("DE-NI", "DE-BY", "DE-SN", "DE-BE")
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
    content = _mail(cur)
    return [
        Question("send", Recipient("person", person), "email", "promotional", unit="marketing", content=content, at=AT)
        for person in people(cur, PEOPLE)
    ]


def people(cur: Cursor, number: int) -> list[UUID]:
    """So many more doctors; nine of ten have consented."""
    return [person for chunk in _people(number) for person in _consenting(cur, chunk)]


def _people(total: int) -> Iterator[list[UUID]]:
    for start in range(0, total, CHUNK):
        people = Person.objects.bulk_create(
            Person(
                given_name="P",
                family_name=str(number),
                profession="physician",
                land=LANDS[number % len(LANDS)],
                created_at=AT - YEAR,
            )
            for number in range(start, min(start + CHUNK, total))
        )
        Verification.objects.bulk_create(
            Verification(
                person=person,
                role="physician",
                level="document",
                provider="bench",
                verified_at=AT - YEAR,
                valid_until=AT + YEAR,
            )
            for person in people
        )
        yield [person.id for person in people]


def _consenting(cur: Cursor, people: list[UUID]) -> list[UUID]:
    ledger.append(
        cur,
        [
            ledger.Entry(subject=person, permission=permission, channel="email", purpose="promotional", state="granted")
            for number, person in enumerate(people)
            for permission in ("email", "mail_tracking")
            if number % 10
        ],
        AT - YEAR,
    )
    return people


def _mail(cur: Cursor) -> UUID:
    brand = Brand.objects.create(id="bench", name="Bench", substance="Bench")
    product = Authorisation.objects.create(slug="bench", brand=brand, name="Bench", rx=True, authorised_from=AT - YEAR)
    Smpc.objects.create(authorisation=product, version=1, valid_from=AT - YEAR, body="Fachinformation")
    text = MandatoryText.objects.create(
        authorisation=product, version=1, valid_from=AT - YEAR, fields=dict.fromkeys(FIELDS, "Text")
    )
    body = {"de": {"subject": "Bench", "greeting": "Guten Tag,", "paragraphs": ["Text."], "closing": "Ende"}}
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
