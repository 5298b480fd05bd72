"""Pflichtangaben (§ 4 HWG): eight fields, each with text or "n/a: reason"."""

from __future__ import annotations

import re
from collections.abc import Mapping

LABELS = {
    "company": {"de": "Pharmazeutischer Unternehmer", "en": "Marketing authorisation holder"},
    "name": {"de": "Bezeichnung", "en": "Name"},
    "composition": {"de": "Zusammensetzung", "en": "Composition"},
    "indications": {"de": "Anwendungsgebiete", "en": "Indications"},
    "contraindications": {"de": "Gegenanzeigen", "en": "Contraindications"},
    "side_effects": {"de": "Nebenwirkungen", "en": "Side effects"},
    "warnings": {"de": "Warnhinweise", "en": "Warnings"},
    "prescription": {"de": "Abgabe", "en": "Supply"},
}
SUBSTANCE = "substance"  # beside the eight: "Wirkstoff:" after the name where there is only one
NOT_APPLICABLE = re.compile(r"n/a\b")
WITH_REASON = re.compile(r"n/a: \S.*", re.DOTALL)


def problems(fields: Mapping[str, str]) -> list[str]:
    """Names of the fields that are empty, unknown, or not applicable without a reason."""
    unknown = sorted(fields.keys() - LABELS.keys() - {SUBSTANCE})
    return unknown + [name for name in LABELS if not _complete(fields.get(name, ""))]


def lines(fields: Mapping[str, str], locale: str) -> list[tuple[str, str]]:
    """Label and text in the order of the law, without what does not apply."""
    return [(LABELS[name][locale], fields[name]) for name in LABELS if not NOT_APPLICABLE.match(fields[name])]


def _complete(text: str) -> bool:
    if NOT_APPLICABLE.match(text):
        return WITH_REASON.fullmatch(text) is not None
    return bool(text.strip())
