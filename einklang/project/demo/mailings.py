"""A mailing in the making: to cardiologists and internists whom nobody has reached for a month."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.content import read as content
from einklang.loop.decide.mailings import store
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.decide.mailings.store import Wanted

NAME = "Herbstbrief an die Praxen"
SEGMENT = Segment(specialties=("Innere Medizin", "Kardiologie"), not_contacted_within=30)


def write(cur: Cursor, author: UUID, now: datetime) -> None:
    mail = content.listing(cur, now=now, kinds=["mail"])[0]
    begins = now.date() + timedelta(days=7)
    wanted = Wanted(NAME, "", mail.id, begins, begins + timedelta(days=14), SEGMENT)
    mailing = store.create(cur, NAME, by=author, now=now)
    store.save(cur, mailing, wanted, revision=1, by=author, now=now)
