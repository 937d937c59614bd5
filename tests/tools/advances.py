"""Writes assets/advances.json: how wide each letter of the packaged fonts is, so that pictures need no Qt to measure.

Run ``python tests/tools/advances.py``; it prints nothing and changes the file only if a font has changed.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WEIGHTS = (400, 600, 700)
FONTS = {
    "ui": ("fontpkg_inter", "files/Inter[opsz,wght].ttf"),
    "mono": ("fontpkg_jetbrains_mono", "files/JetBrainsMono[wght].ttf"),
}
RANGES = (
    (0x20, 0x7F),
    (0xA0, 0x180),
    (0x2010, 0x2040),
    (0x2190, 0x21A0),
    (0x2200, 0x2230),
    (0x22EF, 0x22F0),
    (0x2715, 0x2718),
)
"""Latin, punctuation, arrows, a few mathematical signs, ⋯ and ✕."""


def font_file(package: str, name: str) -> Path:
    """Where a font package keeps its file."""
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.submodule_search_locations, f"{package} is not installed"
    return Path(spec.submodule_search_locations[0]) / name


def advances(path: Path, weight: int) -> dict[str, int]:
    """Letter -> thousandths of an em, at one weight."""
    font = TTFont(path)
    axes: dict[str, float | None] = {"wght": weight}
    if any(axis.axisTag == "opsz" for axis in font["fvar"].axes):
        axes["opsz"] = next(axis.defaultValue for axis in font["fvar"].axes if axis.axisTag == "opsz")
    instance = instantiateVariableFont(font, axes)
    cmap, hmtx, em = instance.getBestCmap(), instance["hmtx"], instance["head"].unitsPerEm
    letters = (chr(code) for start, stop in RANGES for code in range(start, stop))
    return {letter: round(hmtx[cmap[ord(letter)]][0] * 1000 / em) for letter in letters if ord(letter) in cmap}


def table() -> str:
    """The text of assets/advances.json."""
    tables = {
        font: {str(weight): advances(font_file(*where), weight) for weight in WEIGHTS} for font, where in FONTS.items()
    }
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(__file__).parents[2].joinpath("assets", "advances.json").write_text(table(), encoding="utf-8")
