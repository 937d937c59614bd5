"""Who may import whom, and who may not touch a clock, a die or Qt. Each rule with its reason."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.files import ROOT, breaches, modules, name, nodes, tree

IMPURE = frozenset({"time", "datetime", "random", "os", "logging", "threading", "asyncio", "secrets", "socket"})

LAYERS: dict[str, frozenset[str]] = {
    "tcp": frozenset(),
    "world": frozenset({"tcp"}),
    "explore": frozenset({"tcp", "world", "profiles"}),
    "exchange": frozenset({"tcp", "world"}),
    "view": frozenset({"tcp", "world", "words", "joining", "resources"}),
    "teach": frozenset(
        {"tcp", "world", "explore", "exchange", "words", "joining", "refusals", "profiles", "resources"}
    ),
}
"""Package -> what else of ours it may import. ``ui`` and the command line may import anything."""

OUTSIDE: dict[str, frozenset[str]] = {
    "PySide6": frozenset({"ui"}),
    "shiboken6": frozenset({"ui"}),
    "pyqtgraph": frozenset({"ui"}),
    "ruamel": frozenset({"teach/yamlio.py"}),
    "yaml": frozenset({"teach/yamlio.py"}),
    "pydantic": frozenset({"teach/schema.py", "teach/lecture_schema.py", "teach/yamlio.py"}),
    "rpds": frozenset({"world"}),
    "fsrs": frozenset({"teach/schedule.py"}),
}
"""Library -> the only places that may import it."""

LAZY = frozenset({"networkx", "numpy", "pyqtgraph", "scipy"})
"""Slow to import, so never at the top of a module: the first frame must not wait for them."""

DEBT: dict[str, str] = {}
"""File -> why it may break a rule for now. Empty is the goal."""


@cache
def imports(path: Path, *, top_only: bool = False) -> frozenset[str]:
    """Names of all modules that a file imports when it runs; of those that it imports at its top."""
    return frozenset(_imports(path, top_only=top_only))


def _imports(path: Path, *, top_only: bool) -> Iterator[str]:
    guarded = {
        id(inner)
        for node in nodes(path)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in tree(path).body if top_only else nodes(path):
        if id(node) in guarded:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; the full name says where a thing lives"
            module = node.module or ""
            yield module
            if module == "tutor":
                yield from (f"tutor.{alias.name}" for alias in node.names)


def package(path: Path) -> str:
    """The package it belongs to."""
    return name(path).split("/")[0]


def test_a_module_imports_only_towards_the_protocol() -> None:
    """tcp <- world <- everything: so the protocol can be read, tested and searched without the rest."""

    def strangers(path: Path) -> Iterator[str]:
        home = package(path)
        ours = {imported.split(".")[1] for imported in imports(path) if imported.startswith("tutor.")}
        if ours - LAYERS[home] - {home}:
            yield f"imports {ours - LAYERS[home] - {home}}; {home} may import {sorted(LAYERS[home])} only"

    assert not breaches(strangers, [path for path in modules() if package(path) in LAYERS and name(path) not in DEBT])


@pytest.mark.parametrize("home", ["tcp", "world"])
def test_files_stand_above_one_another(home: str) -> None:
    """No file needs, not even for a type, what stands on it: so each can be read before those that use it."""
    needs: dict[str, set[str]] = {}
    for path in sorted((ROOT / home).glob("*.py")):
        taken = [node for node in nodes(path) if isinstance(node, ast.ImportFrom) and node.module]
        names = {f"{node.module}.{alias.name}" for node in taken for alias in node.names}
        parts = [whole.split(".") for whole in names | {str(node.module) for node in taken}]
        needs[path.stem] = {part[2] for part in parts if part[:2] == ["tutor", home] and len(part) > 2}
    assert _circle(needs) == [], f"tutor/{home}: each of these needs the next"


def _circle(needs: dict[str, set[str]]) -> list[str]:
    """Files of which each needs the next, the last one the first; none if they can be put in order."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def test_a_circle_is_found() -> None:
    """Over two files as over one; and none where there is none."""
    assert _circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(_circle({"a": {"b"}, "b": {"c", "a"}, "c": set()})) == {"a", "b"}
    assert set(_circle({"a": {"a"}})) == {"a"}


def test_clock_and_dice_stay_outside() -> None:
    """Time and chance are arguments: else no run could be replayed, forked or searched."""

    def impure(path: Path) -> Iterator[str]:
        found = {imported.split(".")[0] for imported in imports(path)} & IMPURE
        if found:
            yield f"imports {found}; pass time and chance in as arguments"

    pure = ("tcp", "world", "explore", "view")
    assert not breaches(impure, [path for path in modules() if package(path) in pure and name(path) not in DEBT])


def test_a_library_is_used_in_its_place_only() -> None:
    """One package knows Qt, one file knows YAML: replacing a library is then one place."""

    def misplaced(path: Path) -> Iterator[str]:
        for library in {imported.split(".")[0] for imported in imports(path)} & set(OUTSIDE):
            homes = OUTSIDE[library]
            if name(path) not in homes and package(path) not in homes:
                yield f"imports {library}; only {sorted(homes)} may"

    assert not breaches(misplaced)


def test_slow_libraries_are_imported_late() -> None:
    """The first frame shows before networkx, numpy and pyqtgraph are loaded."""

    def early(path: Path) -> Iterator[str]:
        slow = {imported.split(".")[0] for imported in imports(path, top_only=True)} & LAZY
        if slow:
            yield f"imports {slow} at its top; import it inside the function that needs it"

    assert not breaches(early)


def test_no_widget_is_asked_for_its_screen() -> None:
    """PySide would free the screen together with that widget; ``tutor.ui.room`` asks the application."""

    def asking(path: Path) -> Iterator[str]:
        called = (node.func for node in nodes(path) if isinstance(node, ast.Call))
        asked = {function.attr for function in called if isinstance(function, ast.Attribute)}
        if asked & {"screen", "windowHandle"}:
            yield "use tutor.ui.room"

    assert not breaches(asking, [path for path in modules() if package(path) == "ui"])


def test_the_protocol_needs_nothing_but_python() -> None:
    """tcp imports the standard library and itself."""

    def foreign(path: Path) -> Iterator[str]:
        roots = {imported.split(".")[0] for imported in imports(path)} - {"tutor"} - sys.stdlib_module_names
        if roots:
            yield f"imports {roots}"

    assert not breaches(foreign, [path for path in modules() if package(path) == "tcp"])
