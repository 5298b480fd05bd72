from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

MODULES = ("question", "outcome", "words", "rulebook", "packs", "judge", "facts", "verdicts", "cases", "lines")


def test_judgement_does_not_load_django() -> None:
    imports = ", ".join(f"einklang.loop.gate.{module}" for module in MODULES)
    probe = f"import sys, {imports}; print([name for name in sys.modules if name.partition('.')[0] == 'django'])"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_rules_read_of_a_question_only_what_makes_two_questions_alike() -> None:
    """`judge.judge` shares one verdict among like questions, so a rule must not look at anything else."""
    alike = {"act", "channel", "purpose", "pack", "quantity", "permission", "at"}
    for file in sorted((Path(__file__).parents[1] / "rules").glob("*.py")):
        read = {
            node.attr
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "question"
        }
        assert read <= alike, file.name
