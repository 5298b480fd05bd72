"""Every rule that packs can name: id → pure function. Rules do not know each other; only this page knows them all."""

from __future__ import annotations

from einklang.loop.gate.outcome import Check
from einklang.loop.gate.rules import advertising, consent, contact, house, notice, reps, samples, tracking

RULES: dict[str, Check] = {
    **consent.RULES,
    **notice.RULES,
    **tracking.RULES,
    **advertising.RULES,
    **samples.RULES,
    **reps.RULES,
    **contact.RULES,
    **house.RULES,
}
