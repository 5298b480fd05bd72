"""Documents on paper: typst with our own fonts, tagged PDF/UA."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import typst


def pdf(template: Path, data: dict[str, Any]) -> bytes:
    """`template` reads `data` by `json(bytes(sys.inputs.data))`. The same input gives the same bytes."""
    made: bytes = typst.compile(
        template,
        format="pdf",
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
    )
    return made


@cache
def _fonts() -> Path:
    with as_file(files("einklang.ui") / "fonts") as folder:
        return Path(folder)
