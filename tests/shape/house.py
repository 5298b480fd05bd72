"""The source of the house, read once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "einklang"


@cache
def sources(*, tests: bool = False) -> dict[Path, str]:
    files = (file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts)
    return {file: file.read_text() for file in sorted(files) if tests or "tests" not in file.parts}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def place(file: Path, line: int) -> str:
    return f"{file.relative_to(ROOT)}:{line}"
