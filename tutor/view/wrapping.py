"""Lines of a paragraph, broken to a width without Qt.

Rules
-----
* Latin words stay whole as long as one fits into a line; Chinese may break before any character, but no line begins
  with a closing sign and none ends with an opening one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tutor.view.marks import Font
from tutor.view.metrics import text_width

_CLOSING = "，。、；：？！）》」』”’…,.;:?!)"
_OPENING = "（《「『“‘("
_PIECE = re.compile(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]|\s+")


@lru_cache(maxsize=2048)
def wrapped(text: str, room: float, size: float, *, font: Font = "ui", weight: int = 400) -> tuple[str, ...]:
    """``text`` in lines of at most ``room`` px; a word that is longer than a line is cut."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if text_width((line + piece).rstrip(), font, size, weight) <= room:
            line += piece if line or piece.strip() else ""
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while line and text_width(line.rstrip(), font, size, weight) > room:
            fits = _that_fit(line, room, size, font, weight)
            lines.append(line[:fits])
            line = line[fits:]
    return (*lines, line.rstrip()) if line.strip() else tuple(lines)


def _that_fit(word: str, room: float, size: float, font: Font, weight: int) -> int:
    """How many letters of ``word`` fit, at least one."""
    count = len(word)
    while count > 1 and text_width(word[:count], font, size, weight) > room:
        count -= 1
    return count


def _pieces(text: str) -> Iterator[str]:
    """What may not be torn apart, in order: words, single characters, signs with what they cling to."""
    held = ""
    for match in _PIECE.finditer(text):
        piece = match[0]
        if held and (piece[0] in _CLOSING or held[-1] in _OPENING):
            held += piece
            continue
        if held:
            yield held
        held = " " if piece.isspace() else piece
    if held:
        yield held
