"""Who may import whom, and who may not touch a clock, a die or Qt. Each rule with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import tutor

ROOT = Path(tutor.__file__).resolve().parent

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


def _modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py"))


def _imports(path: Path, *, top_only: bool = False) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in tree.body if top_only else ast.walk(tree):
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


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_a_module_imports_only_towards_the_protocol(path: Path) -> None:
    """tcp <- world <- everything: so the protocol can be read, tested and searched without the rest."""
    package = _name(path).split("/")[0]
    if package not in LAYERS or _name(path) in DEBT:
        return
    ours = {name.split(".")[1] for name in _imports(path) if name.startswith("tutor.")}
    strangers = ours - LAYERS[package] - {package}
    assert not strangers, f"{_name(path)} imports {strangers}; {package} may import {sorted(LAYERS[package])} only"


@pytest.mark.parametrize("package", ["tcp", "world"])
def test_files_stand_above_one_another(package: str) -> None:
    """No file needs, not even for a type, what stands on it: so each can be read before those that use it."""
    needs: dict[str, set[str]] = {}
    for path in sorted((ROOT / package).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
        names = {f"{node.module}.{alias.name}" for node in nodes for alias in node.names}
        parts = [name.split(".") for name in names | {str(node.module) for node in nodes}]
        needs[path.stem] = {part[2] for part in parts if part[:2] == ["tutor", package] and len(part) > 2}
    assert _circle(needs) == [], f"tutor/{package}: each of these needs the next"


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


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_clock_and_dice_stay_outside(path: Path) -> None:
    """Time and chance are arguments: else no run could be replayed, forked or searched."""
    if _name(path).split("/")[0] not in ("tcp", "world", "explore", "view") or _name(path) in DEBT:
        return
    impure = {name.split(".")[0] for name in _imports(path)} & IMPURE
    assert not impure, f"{_name(path)} imports {impure}; pass time and chance in as arguments"


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_a_library_is_used_in_its_place_only(path: Path) -> None:
    """One package knows Qt, one file knows YAML: replacing a library is then one place."""
    name = _name(path)
    for library in {imported.split(".")[0] for imported in _imports(path)} & set(OUTSIDE):
        homes = OUTSIDE[library]
        assert name in homes or name.split("/")[0] in homes, f"{name} imports {library}; only {sorted(homes)} may"


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_slow_libraries_are_imported_late(path: Path) -> None:
    """The first frame shows before networkx, numpy and pyqtgraph are loaded."""
    slow = {imported.split(".")[0] for imported in _imports(path, top_only=True)} & LAZY
    assert not slow, f"{_name(path)} imports {slow} at its top; import it inside the function that needs it"


@pytest.mark.parametrize("path", sorted((ROOT / "ui").glob("*.py")), ids=_name)
def test_no_widget_is_asked_for_its_screen(path: Path) -> None:
    """PySide would free the screen together with that widget; ``tutor.ui.room`` asks the application."""
    called = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    names = {function.attr for function in called if isinstance(function, ast.Attribute)}
    assert not names & {"screen", "windowHandle"}, f"{_name(path)}: use tutor.ui.room"


def test_the_protocol_needs_nothing_but_python() -> None:
    """tcp imports the standard library and itself."""
    import sys

    for path in ROOT.glob("tcp/*.py"):
        roots = {name.split(".")[0] for name in _imports(path)} - {"tutor"}
        assert roots <= sys.stdlib_module_names, f"{_name(path)} imports {roots - sys.stdlib_module_names}"
