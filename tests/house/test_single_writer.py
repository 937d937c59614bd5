"""Only ``tcb.move`` sets a state, and no function or file outgrows its reader."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tutor

ROOT = Path(tutor.__file__).resolve().parent
FILE_LINES = 450
FUNCTION_LINES = 60


def _modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_only_move_sets_a_state() -> None:
    """A state that changes without an edge would be a transition nobody can see, name or test."""
    writers: list[str] = []
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            sets_state = any(keyword.arg == "state" for keyword in node.keywords)
            if sets_state and called.split(".")[-1] in ("replace", "Tcb", "set"):
                writers.append(f"{_name(path)}:{node.lineno} {called}")
    allowed = [writer for writer in writers if writer.startswith("tcp/tcb.py:")]
    assert writers == allowed, f"set a state outside tcb.move: {sorted(set(writers) - set(allowed))}"
    assert len(allowed) == 2, f"closed() makes a block, move() moves it; found {allowed}"


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_a_file_and_a_function_fit_into_a_head(path: Path) -> None:
    """A file one can read in one sitting; a function one can see at once."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n") + 1
    limit = FILE_LINES if _name(path) != "tcp/transitions.py" else 500
    assert lines <= limit, f"{_name(path)} has {lines} lines; split it at about 400"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{_name(path)}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_every_module_and_public_name_explains_itself(path: Path) -> None:
    """A docstring on every module, public class and public function: the source is part of the lesson."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{_name(path)} has no docstring"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{_name(path)}:{node.lineno} {node.name} has no docstring"
