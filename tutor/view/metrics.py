"""How wide a text is, without Qt: from the advance widths of the packaged fonts.

Rules
-----
* Kerning is off in pictures, so a text is as wide as its letters together.
* A letter that the Latin fonts lack is set in Noto Sans CJK: Chinese, Japanese and full-width signs are one em wide.
* The tables (``assets/advances.json``) are made by ``tests/tools/advances.py``; a test compares with Qt within 1 %.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache

from tutor import resources

Table = Mapping[str, int]
"""Letter -> thousandths of an em."""


@cache
def _tables() -> Mapping[str, Mapping[str, Table]]:
    return json.loads(resources.asset_text("advances.json"))  # type: ignore[no-any-return]


@cache
def _table(font: str, weight: int) -> Table:
    return _tables()[font]["400" if weight < 550 else "600" if weight < 650 else "700"]


@lru_cache(maxsize=8192)
def text_width(text: str, font: str = "ui", size: float = 15.0, weight: int = 400, spacing: float = 0.0) -> float:
    """Width in px of one line of ``text`` set ``size`` px high in ``font`` ("ui" or "mono")."""
    table = _table(font, weight)
    return sum(table.get(letter, 1000) for letter in text) * size / 1000 + spacing * len(text)


def shortened(text: str, room: float, font: str = "ui", size: float = 15.0, weight: int = 400) -> str:
    """``text`` as it is if it fits into ``room`` px, else its beginning and an ellipsis; "" if not even that fits."""
    if text_width(text, font, size, weight) <= room:
        return text
    for stop in range(len(text) - 1, 0, -1):
        if text_width(text[:stop] + "…", font, size, weight) <= room:
            return text[:stop] + "…"
    return ""
