"""Why somebody does what others will read about in the audit log."""

from __future__ import annotations

from einklang.ui.text import t

SHORTEST, LONGEST = 10, 500


def wrong(reason: str) -> str:
    """The sentence that refuses it; empty where it will do."""
    if len(reason) < SHORTEST:
        return t(
            f"Der Grund ist zu kurz: Er hat mindestens {SHORTEST} Zeichen und steht später im Prüfprotokoll.",
            f"The reason is too short: it has at least {SHORTEST} characters and will stand in the audit log.",
        )
    if len(reason) > LONGEST:
        return t(f"Der Grund hat höchstens {LONGEST} Zeichen.", f"The reason has at most {LONGEST} characters.")
    return ""
