"""Consents that were given elsewhere. What is entered never says more than its evidence (DE-CON-04, DE-CON-05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.bridges.imports import fields, persons, tables
from einklang.bridges.imports.fields import Field
from einklang.bridges.imports.kind import NEW, UNCHANGED, Job, Kind, Outcome, Row, by_chunk, refused
from einklang.bridges.imports.persons import Known
from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.consent.status import Status, status
from einklang.loop.gate import changes
from einklang.loop.gate.changes import Change

SOURCE = "import"
ROWS, DECIDED = "consent-row", "consent"
SPELLED = {
    "email": ("E-Mail", "Mail", "Newsletter"),
    "phone": ("Telefon", "Anruf", "Phone"),
    "mail_tracking": ("Messung in E-Mails", "E-Mail-Tracking"),
    "rep_visibility": ("Sichtbar für den Außendienst", "Rep visibility"),
    "visit": ("Besuch", "Visit"),
    "marketing": ("Werbung", "Marketing", "jede Werbung"),
}
STATES = {
    "granted": ("erteilt", "ja", "opt-in", "yes", "given"),
    "withdrawn": ("widerrufen", "opt-out", "nein", "no"),
    "objected": ("widersprochen", "Widerspruch", "objection"),
}
EVIDENCE = ("given_at", "how", "wording", "confirmed_at", "proof")

NO_WORDING = (
    Words(
        "Es fehlt der Wortlaut, dem zugestimmt wurde (DE-CON-04).",
        "The wording that was agreed to is missing (DE-CON-04).",
    ),
    Words(
        "Er steht auf dem Formular oder der Seite. Ohne ihn ist die Einwilligung nicht nachweisbar; "
        "bitte fragen Sie die Person neu.",
        "It is on the form or page. Without it the consent cannot be proven; please ask the person again.",
    ),
)
NOT_TO_GRANT = (
    Words(
        "Dafür braucht es keine Einwilligung, nur ein Widerspruch zählt.",
        "This needs no consent, only an objection counts.",
    ),
    Words(
        "Bitte tragen Sie „widersprochen“ ein oder lassen Sie die Zeile weg.",
        "Please enter “objected” or leave the row out.",
    ),
)
NOT_TO_OBJECT = (
    Words("Eine Einwilligung wird widerrufen.", "A consent is withdrawn."),
    Words("Bitte tragen Sie „widerrufen“ ein.", "Please enter “withdrawn”."),
)
BEFORE_GIVEN = (
    Words("Die Bestätigung liegt vor der Einwilligung.", "The confirmation is before the consent."),
    Words("Bitte prüfen Sie beide Zeitpunkte.", "Please check both moments."),
)
IN_FUTURE = (
    Words("Der Zeitpunkt liegt in der Zukunft.", "The moment is in the future."),
    Words("Bitte prüfen Sie das Datum.", "Please check the date."),
)
OVERTAKEN = (
    Words("Die Person hat sich später anders entschieden.", "The person decided otherwise later."),
    Words(
        "Es gilt ihre letzte Entscheidung; die Zeile ist nicht nötig.",
        "Her last decision holds; the row is not needed.",
    ),
)

FIELDS = (
    *persons.KEYS,
    Field(
        name="permission",
        label=Words("Wofür", "For what"),
        synonyms=("einwilligung", "kanal", "consent", "permission", "channel", "opt-in-typ"),
        parse=fields.choice(SPELLED),
        required=True,
        samples=("E-Mail", "Besuch"),
    ),
    Field(
        name="state",
        label=Words("Entscheidung", "Decision"),
        synonyms=("status", "state", "zustand", "opt-in-status"),
        parse=fields.choice(STATES),
        required=True,
        samples=("erteilt", "widersprochen"),
    ),
    Field(
        name="given_at",
        label=Words("Wann", "When"),
        synonyms=("datum", "date", "erteilt am", "given at", "zeitpunkt", "timestamp", "opt-in-datum"),
        parse=fields.moment,
        required=True,
        samples=("2025-05-04 10:21", "03.09.2025"),
    ),
    Field(
        name="how",
        label=Words("Wie", "How"),
        synonyms=("weg", "quelle", "formular", "how", "method", "source"),
        parse=fields.text,
        required=True,
        hint=Words("Formular, Portal, Messestand …", "Form, portal, stand …"),
        samples=("Anmeldeformular Portal", "Telefonat"),
    ),
    Field(
        name="wording",
        label=Words("Wortlaut", "Wording"),
        synonyms=("text", "einwilligungstext", "consent text"),
        parse=fields.long_text,
        hint=Words("Der Text, dem zugestimmt wurde, Wort für Wort.", "The text that was agreed to, word by word."),
        samples=("Ich bin einverstanden, Informationen zu Arzneimitteln per E-Mail zu erhalten.", ""),
    ),
    Field(
        name="confirmed_at",
        label=Words("Bestätigt am (Double-Opt-in)", "Confirmed at (double opt-in)"),
        synonyms=("double opt-in", "doi", "bestätigt", "confirmed", "doi-datum", "bestätigt am"),
        parse=fields.moment,
        hint=Words(
            "Ohne Bestätigung bleibt eine E-Mail-Einwilligung offen und erlaubt noch nichts.",
            "Without it a consent for e-mail stays pending and allows nothing yet.",
        ),
        samples=("2025-05-04 10:25", ""),
    ),
    Field(
        name="grade",
        label=Words("Stufe", "Grade"),
        parse=fields.choice({"topic": ("Thema", "nur Thema"), "title": ("Titel", "mit Titel")}),
    ),
    Field(
        name="proof",
        label=Words("Beleg", "Evidence"),
        synonyms=("belegnummer", "dokument", "evidence", "document", "nachweis"),
        parse=fields.text,
        hint=Words("Wo das Original liegt.", "Where the original is kept."),
        samples=("FORM-2025-0417", "NOTIZ-2025-88"),
    ),
)


def keys(values: Mapping[str, Any]) -> tuple[str, ...]:
    """What the row says must be possible before anybody is looked up."""
    named = persons.keys(values)
    known = PERMISSIONS[values["permission"]]
    if known.consent and values["state"] == "objected":
        raise InputError("state", *NOT_TO_OBJECT)
    if not known.consent and values["state"] != "objected":
        raise InputError("state", *NOT_TO_GRANT)
    if values["state"] == "granted" and not values.get("wording"):
        raise InputError("wording", *NO_WORDING)
    if "confirmed_at" in values and values["confirmed_at"] < values["given_at"]:
        raise InputError("confirmed_at", *BEFORE_GIVEN)
    said = f"{values['permission']}|{values['state']}|{values['given_at'].isoformat()}"
    return tuple(f"{name}|{said}" for name in named)


class Chunk:
    def __init__(self, cur: Cursor, rows: Sequence[Row], job: Job) -> None:
        self.job = job
        self.known = Known(cur, rows, job.source)
        held = self.known.hold(cur, dry=job.dry)
        self.status = status(cur, held)
        marks = [(DECIDED, f"{person}:{name}") for person in held for name in SPELLED]
        entered = [(ROWS, digest) for row in rows if (digest := self._digest(row))]
        self.references = tables.references(cur, [*marks, *entered])
        self.entries: list[Change] = []
        self.named: list[tuple[tuple[str, str], tuple[str, str]]] = []

    def take(self, row: Row) -> Outcome:
        try:
            person = self.known.sure(row)
            if row.get("given_at") > self.job.now:
                raise InputError("given_at", *IN_FUTURE)
            if self.references.get((ROWS, self._digest(row))):
                return Outcome(row.number, UNCHANGED, person)
            state = _worth(row)
            held = self.status[person].get(row.get("permission"))
            if held and held.state == state and (state != "granted" or held.grade == _grade(row)):
                return Outcome(row.number, UNCHANGED, person)
            if held and self._decided(person, row.get("permission"), held) > _moment(row):
                raise InputError("given_at", *OVERTAKEN)
        except InputError as problem:
            return refused(row, problem)
        self._enter(row, person, state)
        before = {"state": held.state} if held else {}
        return Outcome(row.number, NEW, person, before, {"permission": row.get("permission"), "state": state})

    def write(self, cur: Cursor) -> None:
        if self.job.dry or not self.entries:
            return
        entered = changes.write(cur, self.entries, self.job.now)
        for entry, names in zip(entered, self.named, strict=True):
            for name in names:
                self.references.rows[name]["subject"] = entry
        self.references.write(cur)

    def _enter(self, row: Row, person: UUID, state: str) -> None:
        self.entries.append(
            Change(
                subject=person,
                permission=row.get("permission"),
                state=state,
                grade=_grade(row) if state == "granted" else None,
                evidence=_evidence(row, self.job),
                channel=SOURCE,
            )
        )
        stand_in = ids.new()  # until the ledger gives its own
        self.status[person][row.get("permission")] = Status(state, self.entries[-1].grade, self.job.now, stand_in)
        self.named.append(((DECIDED, f"{person}:{row.get('permission')}"), (ROWS, self._digest(row))))
        for name in self.named[-1]:
            said = {"namespace": name[0], "value": name[1], "subject": stand_in, "moment": _moment(row)}
            self.references.put(name, said)

    def _decided(self, person: UUID, permission: str, held: Status) -> datetime:
        """When the person decided what holds now: of what was imported the moment of the evidence, not of entry."""
        mark = self.references.get((DECIDED, f"{person}:{permission}"))
        imported = mark is not None and mark["subject"] == held.entry
        return mark["moment"] if mark and imported else held.since

    def _digest(self, row: Row) -> str:
        person = next(iter(self.known.names(row)), ("", ""))
        return ids.digest(repr((person, sorted((name, str(value)) for name, value in row.values.items()))).encode())


def _worth(row: Row) -> str:
    """What the evidence carries: without a confirmation, what needs one is not granted yet."""
    unconfirmed = PERMISSIONS[row.get("permission")].confirmed and "confirmed_at" not in row.values
    return "pending" if row.get("state") == "granted" and unconfirmed else str(row.get("state"))


def _grade(row: Row) -> str | None:
    """The smaller one where the file does not say."""
    grades = PERMISSIONS[row.get("permission")].grades
    return row.get("grade", grades[0]) if grades and row.get("state") == "granted" else None


def _moment(row: Row) -> datetime:
    moment: datetime = row.get("confirmed_at", row.get("given_at"))
    return moment


def _evidence(row: Row, job: Job) -> dict[str, Any]:
    proof = {name: row.get(name) for name in EVIDENCE if name in row.values}
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in proof.items()}
    return {**plain, "list": job.source, "import": str(job.batch), "row": row.number}


KIND = Kind(
    name="consents",
    label=Words("Einwilligungen", "Consents"),
    icon="shield-check",
    about=Words(
        "Einwilligungen und Widersprüche mit Nachweis. Ohne Nachweis der Bestätigung "
        "bleibt eine E-Mail-Einwilligung offen.",
        "Consents and objections with evidence. Without proof of confirmation a consent for e-mail stays pending.",
    ),
    found_by=Words(
        "Eine Entscheidung wird an Person, Zweck und Zeitpunkt wiedererkannt; es gilt immer die letzte.",
        "A decision is known again by person, purpose and moment; the last one always holds.",
    ),
    fields=FIELDS,
    keys=keys,
    load=by_chunk(Chunk),
)
