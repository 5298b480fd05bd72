"""Contents on their way: one under review with comments, one sent back, one that expires soon."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.content import drafts, read, sign
from einklang.facts.content.read import Version
from einklang.services.approval import acts, comments, evidence, upkeep

STUDY, MAIL, EXPIRING = "embrace-hf-24", "vertiefung-herzinsuffizienz", "halsschmerz-beratung"
REFERENCE = {
    "author": "EMBRACE-HF Investigators",
    "year": 2026,
    "source": "Fictional Journal of Cardiology 3:101–112",
    "about_product": True,
}
BEGUN = timedelta(days=9)


def write(cur: Cursor, staff: dict[str, UUID], now: datetime) -> None:
    """`staff` maps a role to who holds it in the demo."""
    live = read.live(cur, [STUDY, MAIL, EXPIRING], now)
    _under_review(cur, live[STUDY], staff, now)
    _sent_back(cur, live[MAIL], staff, now)
    sign.limit(cur, live[EXPIRING].id, now + timedelta(days=25))
    upkeep.keep(cur, now)


def _under_review(cur: Cursor, study: Version, staff: dict[str, UUID], now: datetime) -> None:
    """Medical has asked, the authors have answered; the first signature is given."""
    author, medical, legal = staff["marketing"], staff["medical_reviewer"], staff["legal_reviewer"]
    version = _renewed(cur, study, author, _study(study), now - BEGUN)
    base = read.versions(cur, [version])[version].sha256
    acts.submit(cur, version, base=base, user=author, now=now - timedelta(days=4))
    at = now - timedelta(days=3)
    asked = _comment(cur, version, ("lede", "", "Bitte den Beobachtungszeitraum nennen."), medical, at)
    comments.reply(cur, asked, text="Steht jetzt im Vorspann: 24 Monate.", user=author, now=at + timedelta(hours=5))
    comments.resolve(cur, version, asked, user=medical, now=at + timedelta(hours=6))
    _signed(cur, version, medical, at + timedelta(hours=7))
    said = ("claims[0]", "weniger Patienten", "Bitte die absoluten Zahlen daneben stellen (§ 3 HWG).")
    _comment(cur, version, said, legal, now)


def _sent_back(cur: Cursor, mail: Version, staff: dict[str, UUID], now: datetime) -> None:
    version = _renewed(cur, mail, staff["marketing"], {}, now - BEGUN)
    base = read.versions(cur, [version])[version].sha256
    acts.submit(cur, version, base=base, user=staff["marketing"], now=now - timedelta(days=2))
    acts.send_back(
        cur, version, role="legal_reviewer", base=base, user=staff["legal_reviewer"],
        reason="Der Betreff verspricht mehr, als die Studie zeigt.", reject=False, now=now - timedelta(days=1),
    )  # fmt: skip


def _renewed(cur: Cursor, before: Version, author: UUID, changes: dict[str, Any], now: datetime) -> UUID:
    version = acts.renew(cur, before.id, user=author, now=now)
    draft = read.versions(cur, [version])[version]
    fields = {name: getattr(draft, name) for name in drafts.FIELDS}
    body = {locale: {**words, **changes.get(locale, {})} for locale, words in draft.body.items()}
    ends = {"valid_to": now + timedelta(days=540), "body": body}
    acts.save(cur, version, {**fields, **ends}, base=draft.sha256, user=author, now=now + timedelta(hours=1))
    return version


def _study(before: Version) -> dict[str, Any]:
    """The new version rests on complete references, and its lede says how long was observed."""
    german, english = before.body["de"], before.body["en"]
    return {
        "de": {
            "lede": f"{german['lede']} Beobachtet wurde über 24 Monate.",
            "references": [REFERENCE],
            "claims": [{"text": "Unter Velunor kamen weniger Patienten in die Klinik.", "references": [1]}],
        },
        "en": {
            "lede": f"{english['lede']} Observation lasted 24 months.",
            "references": [REFERENCE],
            "claims": [{"text": "With Velunor fewer patients were admitted for heart failure.", "references": [1]}],
        },
    }  # fmt: skip


def _comment(cur: Cursor, version: UUID, said: tuple[str, str, str], user: UUID, now: datetime) -> UUID:
    """`said` is path, the words it is about, and the comment."""
    path, quote, text = said
    content = read.versions(cur, [version])[version]
    return comments.add(cur, content, locale="de", path=path, quote=quote, text=text, user=user, now=now)


def _signed(cur: Cursor, version: UUID, reviewer: UUID, now: datetime) -> None:
    content = read.versions(cur, [version])[version]
    for what in evidence.names(cur, content, now):
        evidence.opened(cur, content, what, reviewer, now)
    evidence.declare(cur, reviewer, acts.DECLARATION.de, now)
    acts.approve(cur, version, role="medical_reviewer", base=content.sha256, user=reviewer, method="password", now=now)
