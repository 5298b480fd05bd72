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
from einklang.facts.content.topics import Topic

SEED = 11
GENERAL, INTERNAL, HEART = "Allgemeinmedizin", "Innere Medizin", "Kardiologie"
KIDNEY, DIABETES = "Nephrologie", "Diabetologie"
TOPICS = {
    "herzinsuffizienz": Topic(Words("Herzinsuffizienz", "Heart failure"), frozenset({GENERAL, INTERNAL, HEART})),
    "nierenfunktion": Topic(Words("Nierenfunktion", "Kidney function"), frozenset({INTERNAL, KIDNEY, DIABETES})),
    "leitlinie": Topic(Words("Leitlinie", "Guideline"), frozenset({GENERAL, INTERNAL, HEART})),
    "titration": Topic(Words("Titration", "Titration")),
    "studien": Topic(Words("Studien", "Studies")),
    "erkältung": Topic(Words("Erkältung", "Common cold"), frozenset({GENERAL})),
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
