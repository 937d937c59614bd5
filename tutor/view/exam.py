"""An exam as pictures: an answer on offer, the row of question numbers, and the score by concept.

Rules
-----
* Forms say it all: a filled frame is answered, a dashed one open, a pennant is a flag, a tick is right, a cross wrong;
  the question on the page has a thick frame. Nothing says right or wrong before the exam is handed in: the rows do not
  know it then.
* What ``ss`` prints stands in columns; where these need more room than there is, it is set smaller, down to 12 px, and
  then its lines break.
* Bars are as in ``understood``: filled is right, crossed by strokes wrong. The weakest concept comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from tutor.view.marks import Ellipse, Font, Ink, Layer, Mark, Picture, Polyline, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.theme import Look
from tutor.view.tiles import cross, tick
from tutor.view.understood import bar
from tutor.view.wrapping import wrapped

LEAST = 12.0
"""No text is smaller (px)."""

LINE = 1.32
"""From line to line, in heights of letters."""


# --- an answer on offer ---


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An answer: its number (from 1), its words; is it picked, at which place of an order (from 1; 0: of none).

    ``verdict``: ``""`` until it is handed in, then ``right`` or ``wrong`` where there is something to say.
    """

    number: int
    text: str
    is_picked: bool = False
    place: int = 0
    verdict: str = ""

    @property
    def is_table(self) -> bool:
        """Is it what a program printed?"""
        return self.text.startswith("```")

    @property
    def plain(self) -> str:
        """Its words without the fence of a table."""
        return self.text.strip("`").strip("\n") if self.is_table else self.text


def option(row: OptionRow, width: float, look: Look) -> Picture:
    """An answer, ``width`` px wide and as high as it must be."""
    unit, left = max(0.9, look.text_scale), 42.0 * max(0.9, look.text_scale)
    right = 12.0 * unit if row.is_table and not row.verdict else 34.0 * unit
    lines, size, font = _lines(row, width - left - right, look)
    high = max(40.0 * unit, len(lines) * size * LINE + 18.0 * unit)
    marks = [*_ground(row, width, high, unit), *_number(row, left, high, look)]
    top = (high - len(lines) * size * LINE) / 2
    weight = 600 if row.is_picked and not row.is_table else 400
    marks += [
        Text(left, top + size * (0.98 + LINE * number), line, Ink("ink"), size, weight, font)
        for number, line in enumerate(lines)
    ]
    glyph = 15.0 * unit
    draw = {"right": tick, "wrong": cross}.get(row.verdict)
    if draw is not None:
        marks += draw(width - right + 6 * unit, (high - glyph) / 2, glyph, unit)
    return Picture(width, high, (Layer("static", ("option", row, width, look), tuple(marks)),))


def _lines(row: OptionRow, room: float, look: Look) -> tuple[list[str], float, Font]:
    """The lines, the height of their letters, their font."""
    size = max(LEAST, 16.0 * look.text_scale)
    if not row.is_table:
        return list(wrapped(row.text, room, size, weight=600)), size, "ui"
    lines = row.plain.split("\n")
    size = max(LEAST, 14.0 * look.text_scale)
    while size > LEAST and max(text_width(line, "mono", size) for line in lines) > room:
        size = max(LEAST, size - 0.5)
    if max(text_width(line, "mono", size) for line in lines) <= room:
        return lines, size, "mono"
    return [piece for line in lines for piece in _broken(line, room, size)], size, "mono"


def _broken(line: str, room: float, size: float) -> Iterator[str]:
    """A line of cells in pieces that fit."""
    cells = max(8, floor(room / text_width("0", "mono", size)) - 1)
    yield from (line[at : at + cells] for at in range(0, len(line), cells))


def _ground(row: OptionRow, width: float, high: float, unit: float) -> Iterator[Mark]:
    ground, stroke = ("accent_tint", "accent") if row.is_picked else ("surface2", "border")
    wide = 2.0 if row.is_picked else 1.0
    if row.verdict:
        ground, stroke, wide = ("surface2", "ok", 2.0) if row.verdict == "right" else ("surface2", "ink", 2.0)
    yield Rect(wide / 2, wide / 2, width - wide, high - wide, 8 * unit, Ink(ground), Ink(stroke), wide)


def _number(row: OptionRow, left: float, high: float, look: Look) -> Iterator[Mark]:
    """Its number; in an order its place, on a disc."""
    size, middle = max(LEAST, 16.0 * look.text_scale), left / 2
    base = high / 2 + size * 0.36
    if row.place:
        yield Ellipse(middle, high / 2, size * 0.82, size * 0.82, Ink("accent"))
        yield Text(middle, base, str(row.place), Ink("on"), size, 700, anchor="middle")
        return
    yield Text(middle, base, str(row.number), Ink("ink"), size, 600 if row.is_picked else 400, anchor="middle")


# --- the row of numbers ---


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A question in the row: its number, what is known of it, and all of it in words."""

    id: str
    number: int
    said: str
    is_answered: bool = False
    is_flagged: bool = False
    is_here: bool = False
    verdict: str = ""


CELL = 40.0
"""Px that a number is wide, at text scale 1."""


def numbers(rows: tuple[NumberRow, ...], width: float, look: Look) -> Picture:
    """The questions' numbers, ``width`` px wide, in as many lines as they need."""
    unit = max(0.9, look.text_scale)
    side, gap = CELL * unit, 6.0 * unit
    columns = max(1, floor((width - 4 + gap) / (side + gap)))
    high = side * 0.86
    marks: list[Mark] = []
    for place, row in enumerate(rows):
        x, y = 2 + place % columns * (side + gap), 2 + place // columns * (high + gap)
        marks += _cell(row, x, y, (side, high), look)
    lines = -(-len(rows) // columns)
    height = 4 + lines * (high + gap)
    titles = tuple((row.id, row.said) for row in rows)
    return Picture(width, height, (Layer("static", ("numbers", rows, width, look), tuple(marks)),), titles)


def _cell(row: NumberRow, x: float, y: float, box: tuple[float, float], look: Look) -> Iterator[Mark]:
    side, high = box
    unit, size = max(0.9, look.text_scale), max(LEAST, 14.0 * look.text_scale)
    stroke, width = (Ink("accent"), 3.0) if row.is_here else (Ink("ink3"), 1.2)
    ground = Ink("surface2" if row.is_answered else "surface")
    dash = () if row.is_answered or row.is_here else (3.0, 3.0)
    yield Rect(x + 1, y + 1, side - 2, high - 2, 6 * unit, ground, stroke, width, dash, id=row.id)
    weight = 700 if row.is_answered else 400
    has_more = row.is_flagged or bool(row.verdict)
    middle = x + side * (0.36 if has_more else 0.5)
    yield Text(middle, y + high / 2 + size * 0.36, str(row.number), Ink("ink"), size, weight, anchor="middle")
    if row.verdict:
        glyph = 11.0 * unit
        draw = tick if row.verdict == "right" else cross
        yield from draw(x + side - glyph - 5 * unit, y + (high - glyph) / 2, glyph, unit * 0.8)
    elif row.is_flagged:
        yield from pennant(x + side - 13 * unit, y + 6 * unit, high - 12 * unit, unit)


def pennant(x: float, y: float, high: float, unit: float) -> Iterator[Mark]:
    """A flag on its pole."""
    yield Polyline(((x, y + high), (x, y)), Ink("accent"), 2 * unit)
    yield Polyline(((x, y), (x + 9 * unit, y + high * 0.27), (x, y + high * 0.54)), None, 0, Ink("accent"), closed=True)


# --- the score ---


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One concept: what it is called, how many were right of how many; ``said``: the same in words."""

    id: str
    name: str
    right: int
    asked: int
    said: str
    share: str


def score(rows: tuple[ScoreRow, ...], size: tuple[float, float], look: Look) -> Picture:
    """Concepts as bars below one another, ``size`` px large or higher."""
    unit, text = max(0.9, look.text_scale), max(13.0, 15.0 * look.text_scale)
    high = text * 1.35 + 26 * unit
    share = max((text_width(row.share, "ui", text) for row in rows), default=0.0)
    marks: list[Mark] = []
    for place, row in enumerate(rows):
        y, wide = 4 + place * high, size[0] - 8
        marks.append(Rect(4, y, wide, high - 6 * unit, 6 * unit, Ink("surface2"), Ink("border", 0.5), 1.0, id=row.id))
        left, base = 4 + 10 * unit, y + 6 * unit + text
        name = shortened(row.name, wide - 30 * unit - share, "ui", text, 600)
        marks.append(Text(left, base, name, Ink("ink"), text, 600))
        marks.append(Text(4 + wide - 10 * unit, base, row.share, Ink("ink"), text, anchor="end"))
        box = (left, base + 6 * unit, wide - 20 * unit, 8 * unit)
        marks += bar((row.right, row.asked - row.right, 0), box, unit)
    height = max(size[1], 8 + len(rows) * high)
    titles = tuple((row.id, row.said) for row in rows)
    return Picture(size[0], height, (Layer("static", ("score", rows, size, look), tuple(marks)),), titles)
