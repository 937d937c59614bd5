"""Fonts from packages, so that every machine sees the same letters.

Rules
-----
* Nobody makes a ``QFont`` but this file, and nobody sets a font in a style sheet.
* A weight is set on the fonts' own *axis* (``wght``), never with ``QFont.setWeight``: Qt knows one instance of
  each of these variable fonts, so any other weight would be a smeared copy, and Chinese would come out Thin.
* Pictures are set without kerning and without hinting: then a text is as wide as ``view.metrics`` says.

Theory
------
Qt blends CFF outlines (Noto Sans CJK) with darkened stems and in linear light, TrueType outlines (Inter) not. On a
dark ground plain Chinese then looks bold beside plain English. ``runs`` splits a text where the script changes, so that
its Chinese part can be set in a lighter weight there (``cjk_weight``); Chinese is one em wide in any weight.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

UI_FAMILIES = ["Inter", "Noto Sans CJK SC"]
MONO_FAMILIES = ["JetBrains Mono", "Noto Sans CJK SC"]

FILES = (
    ("fontpkg_inter", "files/Inter[opsz,wght].ttf"),
    ("fontpkg_inter", "files/Inter-Italic[opsz,wght].ttf"),
    ("fontpkg_jetbrains_mono", "files/JetBrainsMono[wght].ttf"),
    ("manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc"),
)
"""(package, file in it). Found without importing the packages."""

_WEIGHT_AXIS = QFont.Tag("wght")


def load() -> tuple[str, ...]:
    """Make the fonts known to Qt, once. Returns what could not be loaded: the system's fonts stand in for it."""
    return tuple(package for package, name in FILES if not _load(package, name))


def load_for(lang: str) -> None:
    """Only what the first frame needs in this language."""
    _load(*FILES[0])
    if lang != "en":
        _load(*FILES[-1])


@cache
def _load(package: str, name: str) -> bool:
    """One file, once. Could it be loaded?"""
    path = _find(package, name)
    return path is not None and QFontDatabase.addApplicationFont(str(path)) >= 0


def _find(package: str, name: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / name
    return path if path.is_file() else None


_paper = [False]


@contextmanager
def on_paper() -> Iterator[None]:
    """Fonts made meanwhile show each letter by its own glyph, so that it can be found and copied in a PDF.

    Inter has another hyphen, colon and plus between capitals, and a PDF knows these as letters of nobody's.
    """
    _paper.append(True)
    try:
        yield
    finally:
        _paper.pop()


def ui(px: int, weight: int = 400) -> QFont:
    """The font of words, ``px`` logical pixels high, weight 100 to 900."""
    return QFont(_font("ui", px, weight, 0.0, True, _paper[-1]))


def italic(px: int, weight: int = 400) -> QFont:
    """The font of emphasised words; for Latin letters only, Chinese has no italics."""
    font = ui(px, weight)
    font.setItalic(True)
    return font


def mono(px: int, weight: int = 400) -> QFont:
    """The font of code and sequence numbers."""
    return QFont(_font("mono", px, weight, 0.0, True, _paper[-1]))


def spaced(px: int, weight: int, spacing: float) -> QFont:
    """The font of words with ``spacing`` px between letters (section heads in English)."""
    return QFont(_font("ui", px, weight, spacing, True, _paper[-1]))


def picture(font: str, px: int, weight: int, spacing: float) -> QFont:
    """The font of a ``marks.Text``: no kerning, so that tables can measure it. Shared: do not change it."""
    return _font(font, px, weight, spacing, False, _paper[-1])


@lru_cache(maxsize=256)
def _font(role: str, px: int, weight: int, spacing: float, kerning: bool, is_paper: bool) -> QFont:
    font = QFont(MONO_FAMILIES if role == "mono" else UI_FAMILIES)
    font.setPixelSize(max(1, px))
    font.setVariableAxis(_WEIGHT_AXIS, weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setKerning(kerning)
    if role == "mono":
        font.setStyleHint(QFont.StyleHint.Monospace)
    if role == "mono" or is_paper:
        font.setFeature(QFont.Tag("calt"), 0)
    if spacing:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return font


# --- scripts ---

_CJK = re.compile("([\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+)")


def runs(text: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces of one script each: (piece, is Chinese)."""
    return tuple((piece, place % 2 == 1) for place, piece in enumerate(_CJK.split(text)) if piece)


def cjk_weight(weight: int, *, on_dark: bool) -> int:
    """The weight that makes Chinese look as heavy as English of ``weight``."""
    if not on_dark:
        return weight
    return 290 if weight < 600 else 560
