"""Only ``tcb.move`` sets a state, and no function or file outgrows its reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.files import breaches, modules, name, nodes, text, tree

FILE_LINES = 450
FUNCTION_LINES = 60


def test_only_move_sets_a_state() -> None:
    """A state that changes without an edge would be a transition nobody can see, name or test."""
    writers: list[str] = []
    for path in modules():
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            sets_state = any(keyword.arg == "state" for keyword in node.keywords)
            if sets_state and called.split(".")[-1] in ("replace", "Tcb", "set"):
                writers.append(f"{name(path)}:{node.lineno} {called}")
    allowed = [writer for writer in writers if writer.startswith("tcp/tcb.py:")]
    assert writers == allowed, f"set a state outside tcb.move: {sorted(set(writers) - set(allowed))}"
    assert len(allowed) == 2, f"closed() makes a block, move() moves it; found {allowed}"


def test_a_file_and_a_function_fit_into_a_head() -> None:
    """A file one can read in one sitting; a function one can see at once."""

    def too_long(path: Path) -> Iterator[str]:
        lines = text(path).count("\n") + 1
        if lines > (FILE_LINES if name(path) != "tcp/transitions.py" else 500):
            yield f"{lines} lines; split it at about 400"
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    yield f"{node.lineno} {node.name} has {length} lines"

    assert not breaches(too_long)


def test_every_module_and_public_name_explains_itself() -> None:
    """A docstring on every module, public class and public function: the source is part of the lesson."""

    def silent(path: Path) -> Iterator[str]:
        if not ast.get_docstring(tree(path)):
            yield "has no docstring"
        for node in tree(path).body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):
                yield f"{node.lineno} {node.name} has no docstring"

    assert not breaches(silent)
