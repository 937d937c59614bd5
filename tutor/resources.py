"""Finds ``assets/`` and ``lessons/`` in a checkout and in an installed wheel. One of the few files that read files.

Rules
-----
* In a wheel both folders lie inside the package; in a checkout they lie beside it. Nobody else knows.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def assets_dir() -> Path:
    """The folder of fonts' tables, colours, geometry, profiles and catalogues."""
    return _folder("assets")


def lessons_dir() -> Path:
    """The folder of the shipped lessons."""
    return _folder("lessons")


def own_lessons_dir() -> Path:
    """The folder of a person's own lessons, which need not exist."""
    import platformdirs

    return Path(platformdirs.user_data_path("tcp-tutor", appauthor=False)) / "lessons"


def asset_text(name: str) -> str:
    """The text of one asset, by its path below ``assets/``; ``FileNotFoundError`` if there is none."""
    return (assets_dir() / name).read_text(encoding="utf-8")
