"""Names of the topics, and what people who allowed it began to read, put aside and searched for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.faces.portal import searches, shelf
from einklang.facts.content import topics

SEED = 11
TOPICS = {
    "herzinsuffizienz": Words("Herzinsuffizienz", "Heart failure"),
    "nierenfunktion": Words("Nierenfunktion", "Kidney function"),
    "leitlinie": Words("Leitlinie", "Guideline"),
    "titration": Words("Titration", "Titration"),
    "studien": Words("Studien", "Studies"),
    "erkältung": Words("Erkältung", "Common cold"),
}
BEGUN = ("kaliummanagement", "kombinationstherapie", "titration-video", "hfpef-praxis")
SAVED = ("embrace-hf-24", "halsschmerz-beratung", "kombinationstherapie")
SEARCHED = ("eGFR", "Wechselwirkung", "Titration", "Kalium", "Leitlinie Herzinsuffizienz")


def write(cur: Cursor, readers: Sequence[UUID], now: datetime) -> None:
    topics.save(cur, TOPICS)
    random = Random(SEED)
    for person in readers:
        shelf.reach(cur, person, random.choice(BEGUN), random.randint(20, 80), now - timedelta(hours=30))
        shelf.save(cur, person, random.choice(SAVED), now - timedelta(days=random.randint(2, 8)))
        for back, text in enumerate(random.sample(SEARCHED, 3)):
            searches.remember(cur, person, text, now - timedelta(days=back + 1))
