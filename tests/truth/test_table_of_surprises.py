"""Every surprise of the list has a test that is called by its number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

LAST = 41
"""The surprises are numbered from 1 to this."""

TO_COME = set(range(21, LAST + 1))
"""Those whose tests are still being written."""

NAME = re.compile(r"test_surprise_(\d\d)_\w+")


def numbered_tests() -> dict[int, list[tuple[str, str]]]:
    """Number -> (name, docstring) of the tests that carry it."""
    found: dict[int, list[tuple[str, str]]] = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (match := NAME.fullmatch(node.name)):
                found.setdefault(int(match[1]), []).append((node.name, ast.get_docstring(node) or ""))
    return found


def test_every_surprise_has_a_test_that_bears_its_number() -> None:
    """From the first to the last, none left out and none invented."""
    assert set(numbered_tests()) | TO_COME == set(range(1, LAST + 1))


def test_every_test_says_its_surprise_as_a_sentence() -> None:
    """The docstring begins with the number of the name, and ends as sentences do."""
    for number, tests in numbered_tests().items():
        for name, said in tests:
            assert said.startswith(f"Surprise {number}: "), name
            assert said.endswith("."), name
