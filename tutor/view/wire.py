"""The wire as a table of cards: both ends, and between them every segment that can be delivered, held or lost.

Rules
-----
* A card is an arrow from its sender to its receiver, in its sender's colour and dash; what it says lies on it. Its
  whole row can be clicked.
* What cannot be touched any more is pale and has no id. What is picked has a violet frame, what a hint speaks of a
  dashed one with a word on it.
* The picture is as high as it must be; it may be higher than the view. Where there is little width, the ends lie side
  by side above the table; where there is plenty of room, everything is larger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.view.arrows import Stroke, arrow
from tutor.view.marks import Ellipse, Ink, Layer, Mark, Picture, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.theme import Look, host_dash, host_ink, host_letter, host_tint
from tutor.view.wrapping import wrapped

MARGIN, GAP, ROW = 12.0, 10.0, 44.0
NARROWEST, WIDEST = 128.0, 220.0
"""Least and greatest width of an end (px at text scale 1)."""
LEAST_TABLE = 300.0
"""With less between the ends they lie above the table."""
LARGE, LARGE_FROM = 1.25, 760.0
"""How much larger everything is where there is room, and from which width on."""


@dataclass(frozen=True, slots=True)
class EndRow:
    """One end: its name, its state, what else is to be said of it, and whether it is what was broken."""

    name: str
    state: str
    lines: tuple[str, ...] = ()
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class CardRow:
    """One segment. ``sender``: 0 or 1. ``id`` "": it cannot be touched."""

    id: str
    sender: int
    flags: str
    numbers: str
    title: str = ""
    is_chosen: bool = False
    is_hinted: bool = False


@dataclass(frozen=True, slots=True)
class LaneRow:
    """Segments that lie in one place; ``empty`` is said while there are none."""

    title: str
    cards: tuple[CardRow, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class WireRows:
    """All that the picture shows."""

    ends: tuple[EndRow, EndRow]
    lanes: tuple[LaneRow, ...]
    hint: str = ""
    """The word on a card that a hint speaks of."""


def wire(rows: WireRows, size: tuple[float, float], look: Look) -> Picture:
    """The table, ``size`` px large or higher."""
    if size[0] >= LARGE_FROM * look.text_scale:
        large = _Table(rows, size, look, LARGE).picture()
        if large.height <= size[1]:
            return large
    return _Table(rows, size, look, 1.0).picture()


class _Table:
    """The rows laid out in one size."""

    def __init__(self, rows: WireRows, size: tuple[float, float], look: Look, grown: float) -> None:
        self.rows, self.size, self.look = rows, size, look
        scale = look.text_scale * grown
        self.unit = max(1.0, scale)
        self.text = max(12.0, 15.0 * scale)
        self.small = max(12.0, 13.0 * scale)
        self.end = min(WIDEST * self.unit, max(NARROWEST * self.unit, size[0] * 0.21))
        self.left = MARGIN + self.end + GAP
        self.is_stacked = size[0] - 2 * self.left < LEAST_TABLE * self.unit
        if self.is_stacked:
            self.end, self.left = (size[0] - 2 * MARGIN - GAP) / 2, MARGIN
        self.right = size[0] - self.left
        self.titles: list[tuple[str, str]] = []

    def picture(self) -> Picture:
        """Everything."""
        marks: list[Mark] = []
        ends = [self._end_lines(place) for place in (0, 1)]
        foot = max(self._end_height(lines) for lines in ends)
        bottom = foot + 1.5 * MARGIN if self.is_stacked else MARGIN
        for lane in self.rows.lanes:
            drawn, bottom = self._lane(lane, bottom)
            marks += drawn
        foot = foot if self.is_stacked else max(foot, bottom)
        for place in (0, 1):
            marks += self._end(place, ends[place], foot)
        key = ("wire", self.rows, self.size, self.look)
        height = max(foot, bottom) + MARGIN
        return Picture(self.size[0], height, (Layer("static", key, tuple(marks)),), tuple(self.titles))

    # --- the ends ---

    def _end_lines(self, place: int) -> list[str]:
        room = self.end - 2 * MARGIN
        return [line for said in self.rows.ends[place].lines for line in wrapped(said, room, self.small)]

    def _end_height(self, lines: list[str]) -> float:
        return MARGIN + 92 * self.unit + len(lines) * self.small * 1.5

    def _end(self, place: int, lines: list[str], bottom: float) -> Iterator[Mark]:
        row, unit = self.rows.ends[place], self.unit
        x = MARGIN if not place else self.size[0] - MARGIN - self.end
        ink = host_ink(place)
        yield Rect(x, MARGIN, self.end, bottom - MARGIN, 10, host_tint(place), ink, 1.6)
        middle, badge = x + self.end / 2, 11 * unit
        room = self.end - 2 * MARGIN - 2 * badge - 8
        name = shortened(row.name, room, "ui", self.text, 700)
        wide = text_width(name, "ui", self.text, 700) + 2 * badge + 8
        first, y = middle - wide / 2, MARGIN + 26 * unit
        if place:
            yield Rect(first, y - badge, 2 * badge, 2 * badge, 5, ink)
        else:
            yield Ellipse(first + badge, y, badge, badge, ink)
        small = max(12.0, 13 * unit)
        yield Text(first + badge, y + small * 0.36, host_letter(place), Ink("on"), small, 700, anchor="middle")
        yield Text(first + 2 * badge + 8, y + self.text * 0.36, name, Ink("ink"), self.text, 700)
        top = MARGIN + 48 * unit
        state = shortened(row.state, self.end - 2 * MARGIN, "ui", self.text, 700)
        border = Ink("ink") if row.is_broken else ink
        yield Rect(x + MARGIN / 2, top, self.end - MARGIN, 32 * unit, 7, Ink("surface"), border, 2.6)
        yield Text(middle, top + 16 * unit + self.text * 0.36, state, Ink("ink"), self.text, 700, anchor="middle")
        for at, line in enumerate(lines):
            base = top + 54 * unit + at * self.small * 1.5
            yield Text(x + MARGIN, base, line, Ink("ink"), self.small)

    # --- the lanes ---

    def _lane(self, lane: LaneRow, top: float) -> tuple[list[Mark], float]:
        room = self.right - self.left
        marks: list[Mark] = []
        y = top + self.small
        for line in wrapped(lane.title, room, self.small, weight=700):
            marks.append(Text(self.left, y, line, Ink("ink2"), self.small, 700))
            y += self.small * 1.4
        y -= self.small * 0.6
        if not lane.cards:
            for line in wrapped(lane.empty, room, self.small):
                y += self.text * 1.3
                marks.append(Text(self.left, y, line, Ink("ink3"), self.small))
            return marks, y + 16 * self.unit
        for card in lane.cards:
            marks += self._card(card, y)
            y += (ROW + 4) * self.unit
        return marks, y + 12 * self.unit

    def _card(self, card: CardRow, top: float) -> Iterator[Mark]:
        unit, height = self.unit, ROW * self.unit
        alpha = 1.0 if card.id else 0.45
        ink = host_ink(card.sender, alpha)
        if card.title:
            self.titles.append((card.id, card.title))
        marked = card.is_chosen or card.is_hinted
        if card.id:
            fill = Ink("surface2") if marked else Ink("surface")
            border = Ink("accent") if marked else Ink("border")
            dash = (4.0, 3.0) if card.is_hinted and not card.is_chosen else ()
            width = 2.4 if marked else 1.0
            yield Rect(self.left, top, self.right - self.left, height, 8, fill, border, width, dash, id=card.id)
        ends = (self.left + 8, self.right - 8)
        start, stop = ends if card.sender == 0 else ends[::-1]
        y = top + height / 2
        stroke = Stroke(ink, 2.2, host_dash(card.sender), 11 * unit, card.id)
        yield from arrow((("M", (start, y)), ("L", (stop, y))), stroke)
        yield from self._chip(card, y, ink)

    def _chip(self, card: CardRow, y: float, ink: Ink) -> Iterator[Mark]:
        """Flags, and numbers as far as there is room; a hint's word before them."""
        size, mono = self.text, max(12.0, self.text * 0.9)
        room = self.right - self.left - 84 * self.unit
        hint = self.rows.hint if card.is_hinted else ""
        tag = text_width(hint, "ui", self.small, 700) + 22 if hint else 0.0
        flags = text_width(card.flags, "ui", size, 700) + 20
        numbers = card.numbers
        words = numbers.split(" ")
        while numbers and flags + tag + text_width(numbers, "mono", mono) + 10 > room:
            words.pop()
            numbers = " ".join(words)
        wide = flags + tag + (text_width(numbers, "mono", mono) + 10 if numbers else 0.0)
        x, high = (self.left + self.right - wide) / 2, size * 1.75
        yield Rect(x, y - high / 2, wide, high, 7, Ink("surface"), ink, 1.6, id=card.id)
        base = y + size * 0.36
        text = Ink("ink" if card.id else "ink3")
        if hint:
            yield Rect(x + 4, y - high / 2 + 4, tag - 8, high - 8, 5, Ink("accent"), id=card.id)
            yield Text(x + 4 + (tag - 8) / 2, base - 1, hint, Ink("on"), self.small, 700, anchor="middle", id=card.id)
        yield Text(x + tag + 10, base, card.flags, host_ink(card.sender) if card.id else text, size, 700, id=card.id)
        if numbers:
            ink2 = Ink("ink2" if card.id else "ink3")
            yield Text(x + tag + flags, base, numbers, ink2, mono, 400, "mono", id=card.id)
