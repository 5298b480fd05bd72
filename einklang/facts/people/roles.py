"""Who may do what: the one table that pages, API and permission tests use."""

from __future__ import annotations

from collections.abc import Iterable

HCP = "hcp"
REP = "rep"
MARKETING = "marketing"
MEDICAL_REVIEWER = "medical_reviewer"
LEGAL_REVIEWER = "legal_reviewer"
INFORMATION_OFFICER = "information_officer"
SERVICE_AGENT = "service_agent"
SAFETY_OFFICER = "safety_officer"
DATA_STEWARD = "data_steward"
ANALYST = "analyst"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"

ROLES = (
    HCP,
    REP,
    MARKETING,
    MEDICAL_REVIEWER,
    LEGAL_REVIEWER,
    INFORMATION_OFFICER,
    SERVICE_AGENT,
    SAFETY_OFFICER,
    DATA_STEWARD,
    ANALYST,
    AUDITOR,
    ADMINISTRATOR,
)
EVERYBODY = frozenset(ROLES)
STAFF = EVERYBODY - {HCP}

ACTS: dict[str, frozenset[str]] = {
    "account.own": EVERYBODY,
    "portal.read": frozenset({HCP}),
    "portal.preferences": frozenset({HCP}),
    "safety.report": frozenset({HCP, REP, SERVICE_AGENT, SAFETY_OFFICER}),
    "safety.read": frozenset({SAFETY_OFFICER}),
    "desk.open": frozenset({REP}),
    "desk.visit": frozenset({REP}),
    "desk.sample": frozenset({REP}),
    "studio.open": STAFF - {REP},
    "studio.people": frozenset({DATA_STEWARD, ADMINISTRATOR, AUDITOR, SERVICE_AGENT}),
    "studio.timeline": frozenset({AUDITOR, DATA_STEWARD, ADMINISTRATOR, SERVICE_AGENT}),
    "studio.verdicts": frozenset({AUDITOR, ADMINISTRATOR, LEGAL_REVIEWER, INFORMATION_OFFICER, DATA_STEWARD}),
    "studio.verdicts.count": frozenset(
        {AUDITOR, ADMINISTRATOR, LEGAL_REVIEWER, INFORMATION_OFFICER, DATA_STEWARD, MARKETING, ANALYST}
    ),
    "studio.journeys": frozenset({MARKETING, ANALYST, MEDICAL_REVIEWER, LEGAL_REVIEWER, AUDITOR, ADMINISTRATOR}),
    "studio.journeys.control": frozenset({MARKETING, ADMINISTRATOR}),
    "studio.mailings": frozenset({MARKETING, ANALYST, MEDICAL_REVIEWER, LEGAL_REVIEWER, AUDITOR, ADMINISTRATOR}),
    "studio.mailings.control": frozenset({MARKETING, ADMINISTRATOR}),
    "studio.messages": frozenset({SERVICE_AGENT, AUDITOR, ADMINISTRATOR}),
    "studio.messages.control": frozenset({SERVICE_AGENT, ADMINISTRATOR}),
    "studio.messages.count": frozenset({MARKETING, ANALYST, SERVICE_AGENT, AUDITOR, ADMINISTRATOR}),
    "studio.dispatch": frozenset({SERVICE_AGENT, ADMINISTRATOR}),
    "studio.imports": frozenset({DATA_STEWARD, ADMINISTRATOR}),
    "studio.imports.reps": frozenset({ADMINISTRATOR}),
    "studio.keys": frozenset({ADMINISTRATOR, AUDITOR}),
    "studio.keys.control": frozenset({ADMINISTRATOR}),
    "studio.tokens": frozenset({ADMINISTRATOR, AUDITOR}),
    "studio.tokens.control": frozenset({ADMINISTRATOR}),
    "studio.mapping": frozenset({DATA_STEWARD, MARKETING, ANALYST, AUDITOR, ADMINISTRATOR}),
    "studio.mapping.control": frozenset({DATA_STEWARD, ADMINISTRATOR}),
    "studio.requests": frozenset({DATA_STEWARD, AUDITOR}),
    "studio.requests.control": frozenset({DATA_STEWARD}),
    "studio.proof": frozenset({DATA_STEWARD, AUDITOR}),
    "studio.consents": frozenset({AUDITOR, DATA_STEWARD, ADMINISTRATOR, SERVICE_AGENT, LEGAL_REVIEWER}),
    "studio.pressure": frozenset({MARKETING, ANALYST, AUDITOR, DATA_STEWARD, ADMINISTRATOR}),
    "studio.audit": frozenset({AUDITOR, ADMINISTRATOR}),
    "studio.health": frozenset({ADMINISTRATOR, DATA_STEWARD, SERVICE_AGENT, AUDITOR}),
    "content.read": frozenset(
        {MARKETING, MEDICAL_REVIEWER, LEGAL_REVIEWER, INFORMATION_OFFICER, ANALYST, AUDITOR, ADMINISTRATOR}
    ),
    "content.edit": frozenset({MARKETING, ADMINISTRATOR}),
    "content.review": frozenset({MEDICAL_REVIEWER, LEGAL_REVIEWER, INFORMATION_OFFICER}),
    "content.tasks": frozenset({MARKETING, MEDICAL_REVIEWER, LEGAL_REVIEWER, INFORMATION_OFFICER}),
    "content.comment": frozenset({MARKETING, MEDICAL_REVIEWER, LEGAL_REVIEWER, INFORMATION_OFFICER}),
    "content.withdraw": frozenset({MEDICAL_REVIEWER, LEGAL_REVIEWER, INFORMATION_OFFICER, ADMINISTRATOR}),
    "content.smpc": frozenset({INFORMATION_OFFICER, ADMINISTRATOR}),
    "studio.users": frozenset({ADMINISTRATOR, AUDITOR}),
    "studio.users.control": frozenset({ADMINISTRATOR}),
    "studio.settings": frozenset({ADMINISTRATOR, AUDITOR, LEGAL_REVIEWER, INFORMATION_OFFICER}),
    "studio.settings.control": frozenset({ADMINISTRATOR}),
    "content.sign.medical": frozenset({MEDICAL_REVIEWER}),
    "content.sign.legal": frozenset({LEGAL_REVIEWER}),
    "content.sign.release": frozenset({INFORMATION_OFFICER}),
}


def may(roles: Iterable[str], act: str) -> bool:
    """An act that the table does not know is a mistake of the caller and raises KeyError."""
    return not ACTS[act].isdisjoint(roles)
