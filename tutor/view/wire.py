"""The wire as a table of cards: both ends, and between them every segment that can be delivered, held or lost.

Rules
-----
* A card is an arrow from its sender to its receiver, in its sender's colour and dash; what it says lies on it. Its
  whole row can be clicked.
* What cannot be touched any more is pale and has no id. What is picked has a violet frame, what a hint speaks of a
  dashed one, and a word where its arrow begins.
* A card says all its numbers: they decide. Where one line is too short they take a second one.
* The picture is as high as it must be; it may be higher than the view. Where there is little width, the ends lie side
  by side above the table; where there is plenty of room, everything is larger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

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
HEAD, LINE = 30.0, 1.35
"""Px (at text scale 1) of an arrow that show beside its chip; a chip's line in letter heights."""
GROWN, WIDE = (2.0, 1.75, 1.5, 1.25), 608.0
"""How much larger everything may be where there is room; each takes so many times this width (px at text scale 1)."""


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
    for grown in GROWN:
        if size[0] >= WIDE * grown * look.text_scale:
            large = _Table(rows, size, look, grown).picture()
            if large.height <= size[1]:
                return large
    return _Table(rows, size, look, 1.0).picture()


class Part(NamedTuple):
    """A piece of what a chip says, and how wide it is."""

    text: str
    size: float
    wide: float
    is_mono: bool = False


class _Table:
    """The rows laid out in one size."""

    def __init__(self, rows: WireRows, size: tuple[float, float], look: Look, grown: float) -> None:
        self.rows, self.size, self.look = rows, size, look
        scale = look.text_scale * grown
        self.unit = max(1.0, scale)
        self.text = max(12.0, 15.0 * scale)
        self.small = max(12.0, 13.0 * scale)
        self.margin, self.gap = MARGIN * self.unit, GAP * self.unit
        self.end = min(WIDEST * self.unit, max(NARROWEST * self.unit, size[0] * 0.21))
        self.left = self.margin + self.end + self.gap
        self.is_stacked = size[0] - 2 * self.left < LEAST_TABLE * self.unit
        if self.is_stacked:  # where room is short the letters have it, not the gaps
            self.margin, self.gap = MARGIN * 0.7, GAP * 0.7
            self.end, self.left = (size[0] - 2 * self.margin - self.gap) / 2, self.margin
        self.right = size[0] - self.left
        self.titles: list[tuple[str, str]] = []

    def picture(self) -> Picture:
        """Everything."""
        marks: list[Mark] = []
        ends = [self._end_lines(place) for place in (0, 1)]
        foot = max(self._end_height(lines) for lines in ends)
        bottom = foot + 1.5 * self.margin if self.is_stacked else self.margin
        for lane in self.rows.lanes:
            drawn, bottom = self._lane(lane, bottom)
            marks += drawn
        foot = foot if self.is_stacked else max(foot, bottom)
        for place in (0, 1):
            marks += self._end(place, ends[place], foot)
        key = ("wire", self.rows, self.size, self.look)
        height = max(foot, bottom) + self.margin
        return Picture(self.size[0], height, (Layer("static", key, tuple(marks)),), tuple(self.titles))

    # --- the ends ---

    def _end_lines(self, place: int) -> list[str]:
        room = self.end - 2 * self.margin
        return [line for said in self.rows.ends[place].lines for line in wrapped(said, room, self.small)]

    def _end_height(self, lines: list[str]) -> float:
        return self.margin + 92 * self.unit + len(lines) * self.small * 1.5

    def _end(self, place: int, lines: list[str], bottom: float) -> Iterator[Mark]:
        row, unit = self.rows.ends[place], self.unit
        x = self.margin if not place else self.size[0] - self.margin - self.end
        ink = host_ink(place)
        yield Rect(x, self.margin, self.end, bottom - self.margin, 10 * unit, host_tint(place), ink, 1.6 * unit)
        middle, badge = x + self.end / 2, 11 * unit
        room = self.end - 2 * self.margin - 2 * badge - self.gap
        name = shortened(row.name, room, "ui", self.text, 700)
        wide = text_width(name, "ui", self.text, 700) + 2 * badge + self.gap
        first, y = middle - wide / 2, self.margin + 26 * unit
        if place:
            yield Rect(first, y - badge, 2 * badge, 2 * badge, 5 * unit, ink)
        else:
            yield Ellipse(first + badge, y, badge, badge, ink)
        small = max(12.0, 13 * unit)
        yield Text(first + badge, y + small * 0.36, host_letter(place), Ink("on"), small, 700, anchor="middle")
        yield Text(first + 2 * badge + self.gap, y + self.text * 0.36, name, Ink("ink"), self.text, 700)
        top = self.margin + 48 * unit
        state = shortened(row.state, self.end - 2 * self.margin, "ui", self.text, 700)
        border = Ink("ink") if row.is_broken else ink
        yield Rect(
            x + self.margin / 2, top, self.end - self.margin, 32 * unit, 7 * unit, Ink("surface"), border, 2.6 * unit
        )
        yield Text(middle, top + 16 * unit + self.text * 0.36, state, Ink("ink"), self.text, 700, anchor="middle")
        for at, line in enumerate(lines):
            base = top + 54 * unit + at * self.small * 1.5
            yield Text(x + self.margin, base, line, Ink("ink"), self.small)

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
            y += self._row(card) + 4 * self.unit
        return marks, y + 12 * self.unit

    def _card(self, card: CardRow, top: float) -> Iterator[Mark]:
        unit, height = self.unit, self._row(card)
        alpha = 1.0 if card.id else 0.45
        ink = host_ink(card.sender, alpha)
        if card.title:
            self.titles.append((card.id, card.title))
        marked = card.is_chosen or card.is_hinted
        if card.id:
            fill = Ink("surface2") if marked else Ink("surface")
            border = Ink("accent") if marked else Ink("border")
            dash = (4.0, 3.0) if card.is_hinted and not card.is_chosen else ()
            width = (2.4 if marked else 1.0) * unit
            yield Rect(self.left, top, self.right - self.left, height, 8 * unit, fill, border, width, dash, id=card.id)
        ends = (self.left + 8 * unit, self.right - 8 * unit)
        start, stop = ends if card.sender == 0 else ends[::-1]
        y = top + height / 2
        stroke = Stroke(ink, 2.2 * unit, host_dash(card.sender), 11 * unit, card.id)
        yield from arrow((("M", (start, y)), ("L", (stop, y))), stroke)
        yield from self._tag(card, y)
        yield from self._chip(card, y, ink)

    def _tag_width(self, card: CardRow) -> float:
        hint = self.rows.hint if card.is_hinted else ""
        return text_width(hint, "ui", self.small, 700) + 14 * self.unit if hint else 0.0

    def _tag(self, card: CardRow, y: float) -> Iterator[Mark]:
        """The hint's word, where the arrow begins, so that it takes nothing from the numbers."""
        wide, high = self._tag_width(card), self.small * 1.7
        if not wide:
            return
        x = self.left + 8 * self.unit if card.sender == 0 else self.right - 8 * self.unit - wide
        yield Rect(x, y - high / 2, wide, high, 5 * self.unit, Ink("accent"), id=card.id)
        base = y + self.small * 0.36
        yield Text(x + wide / 2, base, self.rows.hint, Ink("on"), self.small, 700, anchor="middle", id=card.id)

    def _span(self, card: CardRow) -> tuple[float, float]:
        """From where to where a chip may lie: between the hint's word and the arrow's head."""
        tail = self._tag_width(card) + 16 * self.unit if card.is_hinted else HEAD * self.unit
        sides = (tail, HEAD * self.unit) if card.sender == 0 else (HEAD * self.unit, tail)
        return self.left + sides[0], self.right - sides[1]

    def _parts(self, card: CardRow) -> tuple[tuple[Part, ...], ...]:
        """What a chip says, in lines: nothing is left out; where one line is too short, the numbers take more."""
        size, mono = self.text, max(12.0, self.text * 0.9)
        flags = Part(card.flags, size, text_width(card.flags, "ui", size, 700))
        first, last = self._span(card)
        room = last - first - 20 * self.unit
        numbers = Part(card.numbers, mono, text_width(card.numbers, "mono", mono), is_mono=True)
        if not card.numbers or flags.wide + 10 * self.unit + numbers.wide <= room:
            return ((flags, numbers) if card.numbers else (flags,),)
        lines: list[str] = []
        for word in card.numbers.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and text_width(longer, "mono", mono) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        told = (Part(line, mono, text_width(line, "mono", mono), is_mono=True) for line in lines)
        return ((flags,), *((line,) for line in told))

    def _row(self, card: CardRow) -> float:
        """How high a card is."""
        return ROW * self.unit + (len(self._parts(card)) - 1) * self.text * LINE

    def _chip(self, card: CardRow, y: float, ink: Ink) -> Iterator[Mark]:
        """Flags and numbers."""
        size, lines, (first, last) = self.text, self._parts(card), self._span(card)
        gap = 10 * self.unit
        wide = max(sum(part.wide for part in line) + gap * (len(line) - 1) for line in lines) + 2 * gap
        x, high = (first + last - wide) / 2, size * (1.75 + LINE * (len(lines) - 1))
        yield Rect(x, y - high / 2, wide, high, 7 * self.unit, Ink("surface"), ink, 1.6 * self.unit, id=card.id)
        strong, faint = (host_ink(card.sender), Ink("ink2")) if card.id else (Ink("ink3"), Ink("ink3"))
        for place, line in enumerate(lines):
            base = y + size * (0.36 + LINE * (place - (len(lines) - 1) / 2))
            at = x + (wide - sum(part.wide for part in line) - gap * (len(line) - 1)) / 2
            for part in line:
                if part.is_mono:
                    yield Text(at, base, part.text, faint, part.size, 400, "mono", id=card.id)
                else:
                    yield Text(at, base, part.text, strong, part.size, 700, id=card.id)
                at += part.wide + gap
