"""The program's own files as syntax trees, each parsed once; and a rule that is asked of every one of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import tutor

ROOT = Path(tutor.__file__).resolve().parent


@cache
def modules() -> tuple[Path, ...]:
    """Every file of the program."""
    return tuple(sorted(ROOT.rglob("*.py")))


def name(path: Path) -> str:
    """Where it lies in ``tutor/``."""
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    """What it says."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """What it says, as Python reads it."""
    return ast.parse(text(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All of its tree."""
    return tuple(ast.walk(tree(path)))


def breaches(rule: Callable[[Path], Iterable[str]], paths: Iterable[Path] | None = None) -> list[str]:
    """Every breach that ``rule`` finds in any of ``paths`` (all files if none are named), with the file before it."""
    return [f"{name(path)}: {breach}" for path in (modules() if paths is None else paths) for breach in rule(path)]
