"""Character cells: how wide text is in a terminal, lines with roles, and drawing on one line.

Rules
-----
* Width is counted in columns: a Chinese character takes two, a combining mark none (Unicode TR 11, ``W`` and ``F``).
* A line is a tuple of spans; a span has a *role*, never an escape sequence. Only ``ansi`` knows those.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

ANSI: dict[str, str] = {
    "a": "34;1",
    "b": "33;1",
    "err": "31;1",
    "ink": "1",
    "ink3": "2",
    "accent": "35",
}
"""Role -> the parameters of the escape sequence that selects its colour."""


class Span(NamedTuple):
    """Text of one role; the empty role is plain."""

    text: str
    role: str = ""


Line = tuple[Span, ...]


def plain(line: Line) -> str:
    """The line without colour, nothing trailing."""
    return "".join(span.text for span in line).rstrip()


def ansi(line: Line) -> str:
    """The line with the escape sequences of its roles."""
    spans = [f"\x1b[{ANSI[span.role]}m{span.text}\x1b[0m" if span.role in ANSI else span.text for span in line]
    return "".join(spans).rstrip()


def char_width(char: str) -> int:
    """Columns that one character takes: 0, 1 or 2."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def width(text: str) -> int:
    """Columns that ``text`` takes."""
    return sum(map(char_width, text))


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """``text`` filled with spaces to ``columns``; on its left if ``right`` (aligned right)."""
    blank = " " * max(0, columns - width(text))
    return blank + text if right else text + blank


def clip(text: str, columns: int, mark: str = "…") -> str:
    """As much of ``text`` as ``columns`` hold; a cut is marked."""
    if width(text) <= columns:
        return text
    kept, room = [], columns - width(mark)
    for char in text:
        room -= char_width(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + mark if columns >= width(mark) else ""


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines of at most ``columns``, broken at spaces and between Chinese characters."""
    lines: list[str] = []
    line = ""
    for word in pieces(text):
        if line.strip() and width(line) + width(word.rstrip()) > columns:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
        while width(line.rstrip()) > columns:
            head = clip(line, columns, "")
            if not head:
                break
            lines.append(head)
            line = line[len(head) :]
    if line.strip():
        lines.append(line.rstrip())
    return lines


NO_LINE_START = frozenset("，。；：？！、）》」』”’…,.;:?!)")
"""Punctuation that stays with the character before it."""


def pieces(text: str) -> Iterator[str]:
    """Pieces that may be parted: words with the space after them, and single wide characters with their punctuation."""
    word = ""
    for char in text:
        wide = char_width(char) == 2
        if (
            word
            and (char not in NO_LINE_START)
            and (wide or word[-1] == " " or char_width(word[-1]) == 2)
            and char != " "
        ):
            yield word
            word = ""
        word += char
    if word:
        yield word


class Strip:
    """One line of cells to draw on. Later drawing covers earlier drawing."""

    def __init__(self, columns: int) -> None:
        self._chars = [" "] * columns
        self._roles = [""] * columns

    def __len__(self) -> int:
        return len(self._chars)

    def put(self, column: int, text: str, role: str = "") -> None:
        """Draw ``text`` from ``column`` on; what falls off either end is not drawn."""
        for char in text:
            cells = char_width(char)
            if cells and column >= 0 and column + cells <= len(self._chars):
                self._set(column, char, role)
                if cells == 2:
                    self._set(column + 1, "", role)
            column += cells

    def put_right(self, column: int, text: str, role: str = "") -> None:
        """Draw ``text`` so that its last cell is ``column``."""
        self.put(column - width(text) + 1, text, role)

    def has_room(self, first: int, last: int, ground: str = "") -> bool:
        """Is nothing drawn in these cells but characters of ``ground``? Cells off either end hold nothing."""
        return all(char in " " + ground for char in self._chars[max(0, first) : last + 1])

    def _set(self, column: int, char: str, role: str) -> None:
        if self._chars[column] == "" and char != "":
            self._chars[column - 1] = " "
        elif char_width(self._chars[column] or " ") == 2 and column + 1 < len(self._chars):
            self._chars[column + 1] = " "
        self._chars[column], self._roles[column] = char, role

    def line(self) -> Line:
        """The cells as spans of equal role."""
        spans: list[Span] = []
        for char, role in zip(self._chars, self._roles, strict=True):
            if spans and spans[-1].role == role:
                spans[-1] = Span(spans[-1].text + char, role)
            else:
                spans.append(Span(char, role))
        return tuple(spans)


def text_lines(paragraphs: Iterable[str], columns: int, *, indent: str = "", role: str = "") -> list[Line]:
    """Paragraphs wrapped to ``columns``, each line indented."""
    room = max(10, columns - width(indent))
    return [(Span(indent), Span(line, role)) for paragraph in paragraphs for line in wrap(paragraph, room)]
