"""The copy of Art. 15 GDPR and the proof of a consent (DE-CON-04) on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from einklang.core.clock import ZONE
from einklang.core.words import Words, speak
from einklang.services.privacy.field_words import FIELDS, NO, YES
from einklang.ui import documents

HERE = Path(__file__).parent
LONGEST = 1500
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
MOST = 200  # records of a class on paper; the JSON has every one

COPY = {
    "title": Words("Auskunft über Ihre Daten", "Copy of your data"),
    "intro": Words(
        "Auskunft nach Art. 15 DSGVO. Jede Klasse nennt, wozu wir sie halten, woher sie stammt, wer sie sieht und wie "
        "lange sie bleibt.",
        "Access under Art. 15 GDPR. Each class says why we keep it, where it comes from, who sees it and how long it "
        "stays.",
    ),
    "officer": Words("Datenschutzbeauftragte", "Data protection officer"),
    "none": Words("Hierzu ist nichts gespeichert.", "Nothing is stored here."),
    "reps": Words("Was der Außendienst sieht", "What the rep sees"),
    "no_rep": Words("Niemand im Außendienst betreut Sie.", "No rep looks after you."),
    "logic": Words("Wie wir entscheiden", "How we decide"),
}
ABOUT = {
    "content": Words("Inhalt", "Content"),
    "purpose": Words("Zweck", "Purpose"),
    "legal_basis": Words("Rechtsgrundlage", "Legal basis"),
    "source": Words("Herkunft", "Source"),
    "recipients": Words("Empfänger", "Recipients"),
}
KEPT = Words("Dauer", "Retention")
NUMBER = Words("Einträge", "Records")
MORE = Words(
    "Auf Papier stehen die ersten {n}; die JSON-Datei enthält alle.",
    "Paper holds the first {n}; the JSON file has all.",
)
NO_GRADE = Words("Nichts von dem, was Sie lesen.", "Nothing of what you read.")
GRADES = {
    "topic": Words("Thema und Monat", "Topic and month"),
    "title": Words("Titel und Datum", "Title and date"),
}


def copy(document: Mapping[str, Any]) -> bytes:
    """Of `copy.document`."""
    language: str = document["language"]
    data = {
        "language": language,
        "words": _spoken(COPY, language),
        "controller": document["controller"],
        "made": moment(datetime.fromisoformat(document["made_at"])),
        "classes": [_class(each, language) for each in document["classes"]],
        "seen_by_reps": [_rep(each, language) for each in document["seen_by_reps"]],
        "logic": document["logic"],
    }
    return documents.pdf(HERE / "copy.typ", data)


def moment(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%d.%m.%Y, %H:%M}"


def flat(record: Any, language: str, name: str = "") -> list[list[str]]:
    """Name and value, one line each; what is empty is left out."""
    if isinstance(record, Mapping):
        return [line for key, value in record.items() for line in flat(value, language, key)]
    if isinstance(record, list) and any(isinstance(each, Mapping | list) for each in record):
        return [line for each in record for line in flat(each, language, name)]
    if record in (None, "", []):
        return []
    known = FIELDS.get(name)
    return [[known.in_(language) if known else name.replace("_", " "), _value(record, language)]]


def _class(each: Mapping[str, Any], language: str) -> dict[str, Any]:
    kept = f"{each['retention']['text']} {each['retention']['rule']}".strip()
    about = [[words.in_(language), each[name]] for name, words in ABOUT.items()]
    records = _records(each["records"], language)
    about += [[KEPT.in_(language), kept], [NUMBER.in_(language), str(each["number"])]]
    if len(records) > MOST:
        about.append(["", MORE.in_(language).format(n=MOST)])
    return {"title": each["title"], "about": about, "records": records[:MOST]}


def _records(records: Any, language: str) -> list[list[list[str]]]:
    """A class of several lists names each record by its list."""
    if isinstance(records, Mapping):
        parts = [({name: each} if isinstance(each, Mapping) else each) for name, each in records.items()]
        listed = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    else:
        listed = list(records)
    return [lines for one in listed if (lines := flat(one, language))]


def _rep(each: Mapping[str, Any], language: str) -> dict[str, Any]:
    lines = [[one["month"], f"{one['topic']}, {one['strength']}"] for one in each["interests"]]
    lines += [[one["at"][:10], f"{one['title']} {one['detail']}".strip()] for one in each["history"]]
    return {"rep": each["rep"], "grade": GRADES.get(each["grade"], NO_GRADE).in_(language), "lines": lines}


def _value(value: Any, language: str) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool):
        return (YES if value else NO).in_(language)
    text = str(value)
    if MOMENT.match(text):
        return moment(datetime.fromisoformat(text))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"  # the path of a signature, which the JSON has whole


def _spoken(words: Mapping[str, Words], language: str) -> dict[str, str]:
    return {name: speak(each, language) for name, each in words.items()}
