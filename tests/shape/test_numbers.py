"""The house numbers. Raise one only with a decision record."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.shape.house import PACKAGE, place, sources, tree

LONGEST_FUNCTION = 50
LONGEST_MODULE = 400
MOST_POSITIONAL = 5
LARGEST_CORE = 600
MEDIAN_FUNCTION = 12
Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_no_function_is_longer_than_50_lines() -> None:
    assert [place(file, node.lineno) for file, node in _functions() if _length(node) > LONGEST_FUNCTION] == []


def test_most_functions_are_short() -> None:
    assert statistics.median(_length(node) for _, node in _functions()) <= MEDIAN_FUNCTION


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {place(file, 1): len(text.splitlines()) for file, text in sources(tests=True).items()}
    assert {file: length for file, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_more_than_five_arguments_are_keyword_only() -> None:
    assert [place(file, node.lineno) for file, node in _functions() if _positional(node) > MOST_POSITIONAL] == []


def test_core_is_small() -> None:
    core = [text for file, text in sources().items() if file.is_relative_to(PACKAGE / "core")]
    assert sum(len(text.splitlines()) for text in core) <= LARGEST_CORE


def _functions() -> Iterator[tuple[Path, Function]]:
    for file in sources(tests=True):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield file, node


def _length(node: Function) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def _positional(node: Function) -> int:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return len([name for name in names if name not in ("self", "cls")])
