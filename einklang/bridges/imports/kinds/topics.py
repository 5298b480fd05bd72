"""What the company's contents are about: the names of the topics, and whose specialty each concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einklang.bridges.imports import fields
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import CHANGED, NEW, UNCHANGED, Job, Kind, Outcome, Row, by_chunk
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import topics
from einklang.facts.content.topics import Topic


def slug(field: str, value: str) -> str:
    return topics.slug(field, fields.text(field, value))


FIELDS = (
    Field(
        name="topic",
        label=Words("Thema (Kürzel)", "Topic (slug)"),
        synonyms=("thema", "topic", "kürzel", "slug"),
        parse=slug,
        required=True,
        samples=("herzinsuffizienz", "leitlinie"),
    ),
    Field(
        name="de",
        label=Words("Name auf Deutsch", "German name"),
        synonyms=("name", "bezeichnung", "deutsch", "german"),
        parse=fields.text,
        required=True,
        samples=("Herzinsuffizienz", "Leitlinie"),
    ),
    Field(
        name="en",
        label=Words("Name auf Englisch", "English name"),
        synonyms=("englisch", "english"),
        parse=fields.text,
        required=True,
        samples=("Heart failure", "Guideline"),
    ),
    Field(
        name="specialties",
        label=Words("Fachgebiete", "Specialties"),
        synonyms=("fachgebiet", "fachrichtung", "fachrichtungen", "specialty"),
        parse=fields.several,
        hint=Words("Mehrere mit Komma.", "Several with commas."),
        samples=("Kardiologie, Innere Medizin", ""),
    ),
)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    return (values["topic"],)


class Chunk:
    def __init__(self, cur: Cursor, rows: Sequence[Row], job: Job) -> None:
        self.job = job
        self.known = topics.load(cur)
        self.changed: dict[str, Topic] = {}

    def take(self, row: Row) -> Outcome:
        name, held = row.get("topic"), self.known.get(row.get("topic"))
        concerned = row.get("specialties", held.specialties if held else ())
        said = Topic(Words(row.get("de"), row.get("en")), frozenset(concerned))
        if said == held:
            return Outcome(row.number, UNCHANGED)
        self.known[name] = self.changed[name] = said
        if held is None:
            return Outcome(row.number, NEW)
        before, after = _plain(held), _plain(said)
        differs = [each for each in after if before[each] != after[each]]
        return Outcome(
            row.number,
            CHANGED,
            before={each: before[each] for each in differs},
            after={each: after[each] for each in differs},
        )

    def write(self, cur: Cursor) -> None:
        if not self.job.dry:
            topics.save(cur, self.changed)


def _plain(topic: Topic) -> dict[str, Any]:
    return {"de": topic.name.de, "en": topic.name.en, "specialties": sorted(topic.specialties)}


KIND = Kind(
    name="topics",
    label=Words("Themen", "Topics"),
    icon="book-open-text",
    about=Words(
        "Wie Themen auf Deutsch und Englisch heißen und zu welchen Fachgebieten sie gehören; "
        "danach richten sich Empfehlungen.",
        "How topics are called in German and English, and which specialties they concern; recommendations follow that.",
    ),
    found_by=Words("Ein Thema wird am Kürzel wiedererkannt.", "A topic is known again by its slug."),
    fields=FIELDS,
    keys=keys,
    load=by_chunk(Chunk),
    sourced=False,
)
