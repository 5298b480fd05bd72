"""What each role opens, in plain words."""

from __future__ import annotations

from einklang.core.words import Words
from einklang.facts.people import roles
from einklang.ui.text import t

ROLES: dict[str, tuple[Words, Words]] = {
    roles.REP: (
        Words("Außendienst", "Rep"),
        Words(
            "Sieht am Desk die Ärztinnen und Ärzte der eigenen Gebiete: vorbereiten, besuchen, empfehlen, Muster.",
            "Sees the doctors of her own territories at the desk: prepare, visit, recommend, samples.",
        ),
    ),
    roles.MARKETING: (
        Words("Marketing", "Marketing"),
        Words(
            "Baut und steuert Journeys und Inhalte. Sieht Zahlen, keine Namen.",
            "Builds and steers journeys and content. Sees figures, no names.",
        ),
    ),
    roles.MEDICAL_REVIEWER: (
        Words("Medizinische Prüfung", "Medical review"),
        Words("Prüft und unterschreibt Inhalte medizinisch.", "Reviews and signs content medically."),
    ),
    roles.LEGAL_REVIEWER: (
        Words("Rechtliche Prüfung", "Legal review"),
        Words("Prüft und unterschreibt Inhalte rechtlich; liest Urteile.", "Signs content legally; reads verdicts."),
    ),
    roles.INFORMATION_OFFICER: (
        Words("Informationsbeauftragte", "Information officer"),
        Words(
            "Gibt Inhalte nach § 74a AMG mit der letzten Unterschrift frei.",
            "Releases content by the last signature (§ 74a AMG).",
        ),
    ),
    roles.SERVICE_AGENT: (
        Words("Service", "Service"),
        Words(
            "Hilft Fachkreisen: Personen, Nachrichten, Versand von Mustern.",
            "Helps professionals: people, messages, dispatch of samples.",
        ),
    ),
    roles.SAFETY_OFFICER: (
        Words("Arzneimittelsicherheit", "Drug safety"),
        Words("Liest als Einzige Sicherheitsmeldungen.", "The only one to read safety reports."),
    ),
    roles.DATA_STEWARD: (
        Words("Datenpflege", "Data steward"),
        Words(
            "Pflegt und importiert Personen, bearbeitet Auskunft, Berichtigung und Löschung.",
            "Keeps and imports people, handles access, correction and erasure.",
        ),
    ),
    roles.ANALYST: (
        Words("Auswertung", "Analyst"),
        Words("Sieht zusammengefasste Zahlen, nie einzelne Personen.", "Sees aggregate figures, never single people."),
    ),
    roles.AUDITOR: (
        Words("Revision", "Auditor"),
        Words(
            "Liest alles, was nachprüfbar sein muss, und ändert nichts.",
            "Reads whatever must be verifiable and changes nothing.",
        ),
    ),
    roles.ADMINISTRATOR: (
        Words("Administration", "Administrator"),
        Words(
            "Vergibt Konten, Rollen und Gebiete, verschärft Kontaktregeln, sieht den Betrieb.",
            "Gives accounts, roles and territories, tightens contact rules, sees operations.",
        ),
    ),
}
ACTS = {
    "user.create": ("Eingeladen", "Invited"),
    "user.roles": ("Rollen geändert", "Roles changed"),
    "user.rename": ("Name oder Sprache geändert", "Name or language changed"),
    "user.deactivate": ("Gesperrt", "Deactivated"),
    "user.reactivate": ("Entsperrt", "Reactivated"),
    "user.assign": ("Gebiet zugeteilt", "Territory assigned"),
    "user.unassign": ("Gebiet beendet", "Territory ended"),
    "user.qualify": ("Sachkenntnis eingetragen", "Qualification recorded"),
    "user.disqualify": ("Sachkenntnis beendet", "Qualification ended"),
    "user.sessions": ("Sitzungen beendet", "Sessions ended"),
    "user.factor": ("Zweiter Faktor zurückgesetzt", "Second factor reset"),
    "user.invite": ("Einladung erneut gesendet", "Invitation sent again"),
}
FACTORS = {"totp": ("App", "App"), "webauthn": ("Passkey", "Passkey")}


def role(name: str) -> str:
    words = ROLES.get(name)
    return t(*words[0]) if words else name


def act(name: str) -> str:
    return t(*ACTS[name]) if name in ACTS else name


def factor(kinds: set[str]) -> str:
    return ", ".join(t(*FACTORS[kind]) for kind in sorted(kinds)) or t("keiner", "none")
