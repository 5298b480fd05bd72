"""The studio's words for what the rooms below store: states, acts, permissions, questions, verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from einklang.core import settings
from einklang.core.pg import Cursor
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.facts.people import professions
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard, UserCard
from einklang.facts.products import read as products
from einklang.facts.products.read import Pack
from einklang.loop.gate.question import Question, Reason, Verdict
from einklang.loop.gate.verdicts import Stored
from einklang.ui import components, locale, numbers
from einklang.ui.components import Check, Wayout
from einklang.ui.text import t

ANSWERS = {"yes": ("Ja", "Yes"), "no": ("Nein", "No"), "not_before": ("Noch nicht", "Not yet")}
MARKS = {"yes": ("ok", "check"), "no": ("hold", "hand-palm"), "not_before": ("warn", "clock-countdown")}
STATES = {
    "planned": ("Geplant", "Planned"),
    "held": ("Angehalten", "Held"),
    "sending": ("Wird gesendet", "Being sent"),
    "sent": ("Gesendet", "Sent"),
    "delivered": ("Zugestellt", "Delivered"),
    "failed": ("Fehlgeschlagen", "Failed"),
    "withheld": ("Zurückgehalten", "Withheld"),
    "uncertain": ("Ungewiss", "Uncertain"),
}
ACTS = {
    "send": ("Senden", "Send"),
    "show": ("Zeigen", "Show"),
    "record": ("Festhalten", "Record"),
    "disclose": ("Offenlegen", "Disclose"),
    "visit": ("Besuchen", "Visit"),
    "hand_over": ("Muster abgeben", "Hand over a sample"),
}
PURPOSES = {
    "promotional": ("Werbung", "Promotion"),
    "medical": ("Medizin", "Medical"),
    "service": ("Service", "Service"),
    "transactional": ("Vorgang", "Transaction"),
    "safety": ("Arzneimittelsicherheit", "Drug safety"),
    "internal": ("Probe im Haus", "Proof in the house"),
}
FLAGS = {
    "test": ("Als Test gekennzeichnet", "Marked as a test"),
    "imprint": ("Impressum", "Imprint"),
    "mail_tracking": ("Messung in der E\u2011Mail", "Measuring in the e\u2011mail"),
    "unsubscribe": ("Abmeldelink", "Unsubscribe link"),
    "objection_notice": ("Hinweis auf das Widerspruchsrecht", "Notice of the right to object"),
    "origin_notice": ("Hinweis auf die Herkunft der Daten", "Notice of where the data came from"),
    "double_opt_in": ("Bestätigung angefordert", "Confirmation asked for"),
    "grade": ("Was der Außendienst sieht", "What the rep sees"),
    "smpc": ("Fachinformation", "Summary of product characteristics"),
    "label": ("Aufdruck", "Label"),
    "retain_until": ("Aufbewahren bis", "Keep until"),
}
VALUES = {
    "True": ("ja", "yes"),
    "False": ("nein", "no"),
    "topic": ("nur Thema", "topic only"),
    "title": ("Titel", "title"),
}
DIFFERENCES = {
    "answer": ("die Antwort", "the answer"),
    "not_before": ("der Zeitpunkt", "the moment"),
    "reasons": ("die Gründe", "the reasons"),
    "flags": ("die Ausführung", "how it is carried out"),
    "packs": ("die Regelwerke", "the rule packs"),
    "facts": ("die Fakten sind verändert", "the facts were changed"),
}
PERMISSIONS = {
    "tracking": ("Lesen im Portal messen", "Measure reading", "chart-bar"),
    "mail_tracking": ("Messung in E\u2011Mails", "Measure e\u2011mails", "chart-bar"),
    "rep_visibility": ("Lesehistorie für den Außendienst", "Reading shown to the rep", "eye"),
    "email": ("E\u2011Mail", "E\u2011mail", "envelope-simple"),
    "phone": ("Telefon", "Phone", "phone"),
    "visit": ("Besuch", "Visit", "handshake"),
    "marketing": ("Werbung", "Marketing", "megaphone-simple"),
}
CONSENTS = {
    "granted": ("erteilt", "granted"),
    "pending": ("unbestätigt", "pending"),
    "withdrawn": ("widerrufen", "withdrawn"),
    "objected": ("widersprochen", "objected"),
}
CONSENT_MARKS = {
    "granted": ("ok", "check"),
    "pending": ("warn", "hourglass-medium"),
    "withdrawn": ("hold", "prohibit"),
    "objected": ("hold", "prohibit"),
}
SOURCES = {
    "portal": ("Portal", "Portal"),
    "desk": ("Tablet, beim Besuch", "Tablet, at the visit"),
    "import": ("Import", "Import"),
    "opt_in": ("Bestätigung per E\u2011Mail", "Confirmation by e\u2011mail"),
    "consent": ("Einwilligung", "Consent"),
    "mail": ("Link in der E\u2011Mail", "Link in the e\u2011mail"),
}
LANDS = {
    "DE-BW": "Baden-Württemberg",
    "DE-BY": "Bayern",
    "DE-BE": "Berlin",
    "DE-BB": "Brandenburg",
    "DE-HB": "Bremen",
    "DE-HH": "Hamburg",
    "DE-HE": "Hessen",
    "DE-MV": "Mecklenburg-Vorpommern",
    "DE-NI": "Niedersachsen",
    "DE-NW": "Nordrhein-Westfalen",
    "DE-RP": "Rheinland-Pfalz",
    "DE-SL": "Saarland",
    "DE-SN": "Sachsen",
    "DE-ST": "Sachsen-Anhalt",
    "DE-SH": "Schleswig-Holstein",
    "DE-TH": "Thüringen",
}
PROFESSIONS = {name: (said["de"], said["en"]) for name, said in professions.PROFESSIONS.items()}


@dataclass(frozen=True)
class Row:
    """One verdict in a list."""

    stored: Stored
    person: str
    answer: str
    mark: str
    icon: str
    reason: str
    rule: str


@dataclass(frozen=True)
class Named:
    """What the ids in questions stand for."""

    persons: dict[UUID, PersonCard]
    users: dict[UUID, UserCard]
    contents: dict[UUID, Version]
    packs: dict[UUID, Pack]


def company() -> str:
    return settings.get().legal_entity.capitalize()


def state(name: str) -> str:
    return t(*STATES[name])


def answer(name: str) -> str:
    return t(*ANSWERS[name])


def flag(name: str) -> str:
    return t(*FLAGS.get(name, (name, name)))


def flag_value(value: object) -> str:
    return t(*VALUES.get(str(value), (str(value), str(value))))


def difference(name: str) -> str:
    return t(*DIFFERENCES[name]) if name in DIFFERENCES else t(f"Regelwerk {name}", f"rule pack {name}")


def permission(name: str) -> tuple[str, str]:
    """Label and icon."""
    de, en, icon_name = PERMISSIONS[name]
    return t(de, en), icon_name


def consent(state: str) -> str:
    return t(*CONSENTS[state])


def source(name: str) -> str:
    return t(*SOURCES.get(name, (name, name)))


def land(code: str) -> str:
    return LANDS.get(code, code)


def profession(card: PersonCard) -> str:
    return card.specialty or t(*PROFESSIONS.get(card.profession, (card.profession, card.profession)))


def rows(cur: Cursor, found: Sequence[Stored]) -> list[Row]:
    known = named(cur, [each.question for each in found])
    return [_row(each, known) for each in found]


def _row(stored: Stored, known: Named) -> Row:
    verdict = stored.verdict
    mark, sign = MARKS[verdict.answer]
    first = verdict.decisive[0] if verdict.decisive else None
    passed = sum(reason.outcome == "pass" for reason in verdict.reasons)
    reason = (
        first.text(locale.current())
        if first
        else t(f"Alle {passed} Prüfungen bestanden", f"All {passed} checks passed")
    )
    return Row(
        stored,
        recipient(stored.question, known),
        answer(verdict.answer),
        mark,
        sign,
        reason,
        first.rule if first else "",
    )


def named(cur: Cursor, questions: Iterable[Question]) -> Named:
    asked = list(questions)
    users = {each.sender for each in asked} | {each.recipient.id for each in asked if each.recipient.kind == "user"}
    return Named(
        people.cards(cur, {each.recipient.person for each in asked if each.recipient.person}),
        people.users(cur, {user for user in users if user}),
        content.versions(cur, {each.content for each in asked if each.content}),
        products.packs(cur, {each.pack for each in asked if each.pack}),
    )


def recipient(question: Question, known: Named) -> str:
    card = known.persons.get(question.recipient.person) if question.recipient.person else None
    if card:
        return card.display_name
    if question.recipient.kind == "mailbox":
        return t("Postfach des Unternehmens", "Mailbox of the company")
    user = known.users.get(question.recipient.id) if question.recipient.id else None
    return user.name if user else t("ohne Person", "nobody known")


def question_text(question: Question, known: Named) -> str:
    who = recipient(question, known)
    sender = known.users.get(question.sender) if question.sender else None
    by = sender.name if sender else company()
    at = numbers.full_moment(question.at)
    what = _subject(question, known)
    de, en = QUESTIONS[question.act]
    return t(de, en).format(by=by, who=who, what=what, at=at)


QUESTIONS = {
    "send": ("Darf {by} am {at} {what} an {who} senden?", "May {by} send {what} to {who} on {at}?"),
    "show": ("Darf {who} am {at} {what} sehen?", "May {who} see {what} on {at}?"),
    "record": ("Darf am {at} festgehalten werden, was {who} tut?", "May what {who} does be recorded on {at}?"),
    "disclose": ("Darf {by} am {at} sehen, was {who} gelesen hat?", "May {by} see on {at} what {who} has read?"),
    "visit": ("Darf {by} {who} am {at} besuchen?", "May {by} visit {who} on {at}?"),
    "hand_over": ("Darf {who} am {at} {what} bekommen?", "May {who} get {what} on {at}?"),
}


def _subject(question: Question, known: Named) -> str:
    if question.pack and (pack := known.packs.get(question.pack)):
        return t(
            f"{question.quantity} Packung {pack.name}, {pack.size},",
            f"{question.quantity} pack of {pack.name}, {pack.size},",
        )
    if question.content and (version := known.contents.get(question.content)):
        title = version.title(locale.current())
        return t(f"„{title}“ (Fassung {version.version})", f"“{title}” (version {version.version})")
    return t("eine Nachricht", "a message")


def verdict(
    given: Verdict, *, question: str = "", proof: Sequence[tuple[str, str]] = (), level: int = 1
) -> components.Verdict:
    language = locale.current()
    decisive = given.decisive
    said = decisive[0].text(language) if decisive else t("Alle Prüfungen sind bestanden.", "All checks passed.")
    way_out = decisive[0].way_out(language) if decisive else ""
    return components.Verdict(
        answer=given.answer,  # type: ignore[arg-type]
        sentence=f"{answer(given.answer)}. {said}",
        question=question,
        checks=[_check(each) for each in given.reasons],
        wayout=Wayout(text=way_out) if way_out else None,
        proof=proof,
        level=level,
    )


def _check(reason: Reason) -> Check:
    """With the source of the law where it decided."""
    decided = reason.outcome in ("fail", "not_before")
    return Check(
        outcome=reason.outcome,  # type: ignore[arg-type]
        text=reason.text(locale.current()),
        rule=reason.rule,
        note=reason.source if decided else "",
    )
