from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

START = "import django; django.setup()"


def start(home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {"EINKLANG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "einklang.project.settings", **environment}
    command = [sys.executable, "-c", START]
    return subprocess.run(command, env={**os.environ, **known}, capture_output=True, text=True, check=False)


def test_a_company_that_does_not_say_who_it_is_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    own = "pack: {id: beispiel, version: 1.0.0, valid_from: 2025-11-01, extends: DE-human, legal_entity: beispiel}\n"
    (tmp_path / "packs" / "beispiel.yaml").write_text(f"{own}rules: []\n")
    refused = start(tmp_path, EINKLANG_LEGAL_ENTITY="beispiel")
    assert refused.returncode != 0
    assert "company.json is missing" in refused.stderr
    (tmp_path / "company.json").write_text(
        '{"name": "Beispiel AG", "address": ["Weg 1"], "imprint": ["Weg 1, Berlin"]}'
    )
    assert start(tmp_path, EINKLANG_LEGAL_ENTITY="beispiel").stderr == ""
