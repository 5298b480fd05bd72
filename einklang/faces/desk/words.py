"""Verdicts in the words of the desk."""

from __future__ import annotations

from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.gate import verdicts
from einklang.ui import components, locale
from einklang.ui.components import Check, Wayout
from einklang.ui.text import t

ANSWERS = {"yes": ("Ja.", "Yes."), "no": ("Nein.", "No."), "not_before": ("Noch nicht.", "Not yet.")}


def verdict(cur: Cursor, verdict: UUID) -> components.Verdict:
    """As it was stored, with the person's name in its sentences."""
    given = verdicts.get(cur, verdict).verdict
    language = locale.current()
    decisive = given.decisive
    reason = decisive[0].text(language) if decisive else t("Alle Prüfungen sind bestanden.", "All checks passed.")
    way_out = decisive[0].way_out(language) if decisive else ""
    return components.Verdict(
        answer=given.answer,  # type: ignore[arg-type]
        sentence=f"{t(*ANSWERS[given.answer])} {reason}",
        checks=[Check(outcome=each.outcome, text=each.text(language), rule=each.rule) for each in decisive],  # type: ignore[arg-type]
        wayout=Wayout(text=way_out) if way_out else None,
    )
