"""Every surprise of the list, and every timer, has a test that is called by its number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

LISTS = {"surprise": 41, "timer": 17}
"""What is numbered, and the last number: surprises from 1 to 41, rows of the table of timers from 1 to 17."""


def numbered_tests(kind: str) -> dict[int, list[tuple[str, str]]]:
    """Number -> (name, docstring) of the tests of this kind that carry it."""
    found: dict[int, list[tuple[str, str]]] = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            match = re.fullmatch(rf"test_{kind}_(\d\d)_\w+", getattr(node, "name", ""))
            if match and isinstance(node, ast.FunctionDef):
                found.setdefault(int(match[1]), []).append((node.name, ast.get_docstring(node) or ""))
    return found


@pytest.mark.parametrize(("kind", "last"), LISTS.items())
def test_every_number_has_a_test_that_bears_it(kind: str, last: int) -> None:
    """From the first to the last, none left out and none invented."""
    assert sorted(numbered_tests(kind)) == list(range(1, last + 1))


@pytest.mark.parametrize("kind", LISTS)
def test_every_test_says_what_it_is_about_as_a_sentence(kind: str) -> None:
    """The docstring begins with the number of the name, and ends as sentences do."""
    for number, tests in numbered_tests(kind).items():
        for name, said in tests:
            assert said.startswith(f"{kind.capitalize()} {number}: "), name
            assert said.endswith("."), name
