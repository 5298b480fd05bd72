"""What the gate itself refuses before any rule is asked: there is no default yes."""

from __future__ import annotations

from einklang.loop.gate.question import Reason, Wording

NEVER = {"de": "Daraus wird kein Ja.", "en": "This will not become a yes."}


def _closed(rule: str, de: str, en: str) -> Reason:
    return Reason(rule, "fail", Wording("Einklang", {"de": de, "en": en}, {}, {}, NEVER), {})


NO_PACK = _closed("GATE-01", "Für dieses Land gelten noch keine Regeln.", "No rules hold for this country yet.")
NO_WAY = _closed("GATE-02", "Dieser Weg ist nicht vorgesehen.", "This way is not provided for.")
NO_PERSON = _closed("GATE-03", "Die Person ist nicht bekannt.", "The person is not known.")
NO_CONTENT = _closed("GATE-04", "Diese Fassung ist nicht bekannt.", "This version is not known.")
NO_PACK_SIZE = _closed("GATE-05", "Diese Packung ist nicht bekannt.", "This pack is not known.")
NEVER_ALLOWED = _closed("GATE-06", "Kein Zeitpunkt ist erlaubt.", "No moment is allowed.")
CLOSED = {one.rule: one for one in (NO_PACK, NO_WAY, NO_PERSON, NO_CONTENT, NO_PACK_SIZE, NEVER_ALLOWED)}
