"""Lighthouse on the pages that a doctor opens most: at least 95 for performance, 100 for accessibility."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.faces.portal.models import Notice
from tests import cast

pytestmark = [pytest.mark.eyes, pytest.mark.slow, pytest.mark.browser]

PACKAGE = "lighthouse@12"
KEPT = Path(tempfile.gettempdir()) / f"einklang-lighthouse-{os.getuid()}"
SCRIPT = Path(__file__).with_name("lighthouse.mjs")
PATHS = ("/", "/inhalt/herzinsuffizienz-praxis")
TRIES = 3  # a busy machine makes a page slower, never quicker


@pytest.fixture
def installed() -> Path:
    if not (KEPT / "node_modules" / "lighthouse").exists():
        KEPT.mkdir(mode=0o700, exist_ok=True)
        npm = shutil.which("npm") or pytest.skip("there is no npm here")
        subprocess.run([npm, "install", "--silent", "--no-audit", "--no-fund", PACKAGE], cwd=KEPT, check=True)
    return KEPT


def test_home_and_article_are_quick_and_open_to_everybody(
    demo: None, fresh_db: str, server: str, installed: Path
) -> None:
    with transaction.atomic():
        clock.set_to(cursor(), cast.NOW)
        doctor = cast.albrecht()
        Notice.objects.create(user=cast.login_of(doctor), accepted=False, at=cast.NOW)
        cast.article()
        cast.product_article()
    best: dict[str, int] = dict.fromkeys(PATHS, 0)
    for _ in range(TRIES):
        for page in _measured(installed, server, doctor.email):
            assert page["accessibility"] == 100
            best[page["path"]] = max(best[page["path"]], page["performance"])
        if min(best.values()) >= 95:
            return
    assert min(best.values()) >= 95, best


def _measured(installed: Path, server: str, email: str) -> list[dict[str, Any]]:
    browser = shutil.which("chromium") or shutil.which("google-chrome") or ""
    done = subprocess.run(
        ["node", str(SCRIPT), server, email, cast.PASSWORD, *PATHS],
        cwd=installed,
        env=os.environ | {"CHROMIUM": browser},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
