"""People of the demo who asked for a correction or an erasure: one soon due, one extended, one answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.services.privacy import cases
from einklang.services.privacy.cases import Taken

DAY = timedelta(days=1)
RETIRED = "Ich gebe meine Praxis zum Jahresende ab und möchte keine Daten zurücklassen."
MOVED = "Unsere Praxis ist umgezogen, die Straße stimmt nicht mehr."
CURIOUS = "Ich möchte wissen, was Sie über mich gespeichert haben, und bitte um Antwort auf Papier."
EXTENDED = "Wir prüfen noch, welche Unterlagen ein Altsystem aufbewahrt."


def write(cur: Cursor, persons: Sequence[Person], steward: UUID, now: datetime) -> None:
    """The story's people stand first in the list and ask for nothing."""
    retired, moved, slow, married = persons[-1], persons[-2], persons[-3], persons[-4]
    _ask(cur, retired, "erasure", now - 26 * DAY, message=RETIRED)
    _ask(cur, moved, "correction", now - 3 * DAY, message=MOVED, phone="0511 5550142")
    late = _ask(cur, slow, "erasure", now - 40 * DAY)
    cases.extend(cur, case=late, version=1, reason=EXTENDED, by=steward, now=now - 15 * DAY)
    cases.ask(
        cur,
        person=persons[-5].id,
        kind="access",
        wishes={},
        message=CURIOUS,
        token="demo-access",
        now=now - 2 * DAY,
        taken=Taken("letter", "address", steward, now - 4 * DAY),
    )
    done = _ask(cur, married, "correction", now - 60 * DAY, title="Prof. Dr. med.")
    cases.accept(cur, case=done, version=1, answer="Ihr Titel steht jetzt überall.", by=steward, now=now - 58 * DAY)


def _ask(cur: Cursor, person: Person, kind: cases.Kind, at: datetime, *, message: str = "", **wishes: str) -> UUID:
    return cases.ask(
        cur, person=person.id, kind=kind, wishes=wishes, message=message, token=f"demo-{person.id}", now=at
    )
