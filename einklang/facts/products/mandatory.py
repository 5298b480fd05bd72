"""Pflichtangaben (§ 4 HWG): eight fields, each with text or "n/a: reason"."""

from __future__ import annotations

import re
from collections.abc import Mapping

SUBSTANCE = "substance"  # beside the eight, after the name, where there is only one
PRINTED = {
    "company": {"de": "Pharmazeutischer Unternehmer", "en": "Marketing authorisation holder"},
    "name": {"de": "Bezeichnung", "en": "Name"},
    SUBSTANCE: {"de": "Wirkstoff", "en": "Active substance"},
    "composition": {"de": "Zusammensetzung", "en": "Composition"},
    "indications": {"de": "Anwendungsgebiete", "en": "Indications"},
    "contraindications": {"de": "Gegenanzeigen", "en": "Contraindications"},
    "side_effects": {"de": "Nebenwirkungen", "en": "Side effects"},
    "warnings": {"de": "Warnhinweise", "en": "Warnings"},
    "prescription": {"de": "Abgabe", "en": "Supply"},
}
LABELS = {name: label for name, label in PRINTED.items() if name != SUBSTANCE}
NOT_APPLICABLE = re.compile(r"n/a\b")
WITH_REASON = re.compile(r"n/a: \S.*", re.DOTALL)


def problems(fields: Mapping[str, str]) -> list[str]:
    """Names of the fields that are empty, unknown, or not applicable without a reason."""
    unknown = sorted(fields.keys() - LABELS.keys() - {SUBSTANCE})
    return unknown + [name for name in LABELS if not _complete(fields.get(name, ""))]


def lines(fields: Mapping[str, str], locale: str) -> list[tuple[str, str]]:
    """Label and text in the order of the law, without what does not apply."""
    return [(PRINTED[name][locale], fields[name]) for name in PRINTED if _told(name, fields)]


def _told(name: str, fields: Mapping[str, str]) -> bool:
    text = fields.get(name, "").strip()
    if not text or NOT_APPLICABLE.match(text):
        return False
    return name != SUBSTANCE or text.casefold() not in fields["name"].casefold()  # § 4 (1a) HWG: not said twice


def _complete(text: str) -> bool:
    if NOT_APPLICABLE.match(text):
        return WITH_REASON.fullmatch(text) is not None
    return bool(text.strip())
