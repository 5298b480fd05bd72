from __future__ import annotations

import re
from pathlib import Path

import einklang
from einklang.ui import channels

ROOT = Path(einklang.__file__).parent
SPRITE = ROOT / "ui" / "static" / "ui" / "icons.svg"
DRAWN = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))


def test_every_icon_that_a_template_names_is_drawn() -> None:
    used = {
        (template.relative_to(ROOT).as_posix(), name)
        for template in ROOT.glob("**/templates/**/*.html")
        for name in re.findall(r'{% icon "([\w-]+)"', template.read_text())
    }
    assert used
    assert sorted((place, name) for place, name in used if name not in DRAWN) == []


def test_every_channel_has_its_icon() -> None:
    assert {look.icon for look in (*channels.CHANNELS.values(), channels.UNKNOWN)} <= DRAWN
