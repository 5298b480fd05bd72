from __future__ import annotations

import subprocess
import sys

MODULES = ("question", "outcome", "words", "rulebook", "packs", "judge", "facts", "verdicts", "cases", "lines")


def test_judgement_does_not_load_django() -> None:
    imports = ", ".join(f"einklang.loop.gate.{module}" for module in MODULES)
    probe = f"import sys, {imports}; print([name for name in sys.modules if name.partition('.')[0] == 'django'])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
