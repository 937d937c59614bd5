"""Tiles: things to choose from, side by side, each with a name, a line below it and how far it is.

Rules
-----
* A tile says its state in form, not in colour alone: a tick and a full bar when done, a part of the bar when begun, a
  dashed frame when it cannot be taken yet, a thick frame when it is the one to go on with. Violet is what is chosen.
* All tiles are equally large; names break into lines, and what does not fit is cut with an ellipsis. The picture is as
  high as it must be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from tutor.view.marks import Ink, Layer, Mark, Picture, Polyline, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.theme import Look
from tutor.view.wrapping import wrapped

MARGIN, GAP = 6.0, 9.0
LEAST, MOST = 164.0, 250.0
"""Px that a tile is wide at text scale 1."""
LINES = 2
"""Lines of a name: room for so many is kept."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile. ``said``: all of it in words. ``number`` stands before the name; ``steps``: (done, all), all 0: no bar;
    ``tag``: a word in the corner."""

    id: str
    name: str
    said: str
    note: str = ""
    number: str = ""
    steps: tuple[int, int] = (0, 0)
    tag: str = ""
    is_done: bool = False
    is_next: bool = False
    is_chosen: bool = False
    is_dim: bool = False


def tiles(rows: tuple[Tile, ...], size: tuple[float, float], look: Look) -> Picture:
    """The tiles, ``size`` px large or higher."""
    grid = _Grid(rows, size, look)
    marks = tuple(mark for place, tile in enumerate(rows) for mark in grid.tile(tile, place))
    titles = tuple((tile.id, tile.said) for tile in rows)
    return Picture(size[0], grid.height, (Layer("static", ("tiles", rows, size, look), marks),), titles)


def columns_of(rows: tuple[Tile, ...], width: float, look: Look) -> int:
    """How many tiles stand side by side."""
    return _Grid(rows, (width, 0.0), look).columns


class _Grid:
    """The tiles laid out in one size."""

    def __init__(self, rows: tuple[Tile, ...], size: tuple[float, float], look: Look) -> None:
        self.unit = max(1.0, look.text_scale)
        self.text, self.small = max(13.0, 15.0 * look.text_scale), max(12.0, 13.0 * look.text_scale)
        room = size[0] - 2 * MARGIN
        self.columns = max(1, floor((room + GAP) / (LEAST * self.unit + GAP)))
        self.wide = min(MOST * self.unit, (room - GAP * (self.columns - 1)) / self.columns)
        self.pad = 9.0 * self.unit
        self.has_notes = any(tile.note for tile in rows)
        self.has_bars = any(tile.steps[1] for tile in rows)
        notes = self.small * 1.5 if self.has_notes else 0.0
        bars = 10.0 * self.unit if self.has_bars else 0.0
        self.high = 2 * self.pad + self.text * 1.3 * LINES + notes + bars
        count = -(-len(rows) // self.columns)
        self.height = max(size[1], 2 * MARGIN + count * (self.high + GAP))

    def tile(self, tile: Tile, place: int) -> Iterator[Mark]:
        x = MARGIN + place % self.columns * (self.wide + GAP)
        y = MARGIN + place // self.columns * (self.high + GAP)
        yield from self._frame(tile, x, y)
        yield from self._name(tile, x + self.pad, y + self.pad)
        if tile.note:
            base = y + self.pad + self.text * 1.3 * LINES + self.small * 1.15
            note = shortened(tile.note, self.wide - 2 * self.pad, "ui", self.small)
            yield Text(x + self.pad, base, note, Ink("ink2"), self.small)
        if tile.steps[1]:
            yield from self._bar(tile, x + self.pad, y + self.high - self.pad - 5 * self.unit)

    def _frame(self, tile: Tile, x: float, y: float) -> Iterator[Mark]:
        stroke, width = (Ink("ink"), 2.4) if tile.is_next else (Ink("border"), 1.2)
        dash = (4.0, 3.0) if tile.is_dim and not tile.is_next else ()
        ground = Ink("surface" if tile.is_dim else "surface2")
        radius = 8 * self.unit
        yield Rect(x, y, self.wide, self.high, radius, ground, stroke, width * self.unit, dash, id=tile.id)
        if tile.is_chosen:
            inset = 2.6 * self.unit
            w, h = self.wide - 2 * inset, self.high - 2 * inset
            yield Rect(x + inset, y + inset, w, h, radius - inset, None, Ink("accent"), 3 * self.unit)

    def _name(self, tile: Tile, x: float, y: float) -> Iterator[Mark]:
        room, base = self.wide - 2 * self.pad, y + self.text
        ink = Ink("ink2") if tile.is_dim else Ink("ink")
        tag_wide = self._tag_width(tile)
        if tile.number:
            yield Text(x, base, tile.number, Ink("ink2"), self.text, 700, "mono")
            indent = text_width(tile.number, "mono", self.text, 700) + 8 * self.unit
            x, room = x + indent, room - indent
        lines = self._lines(tile.name, room, tag_wide)
        for number, line in enumerate(lines):
            yield Text(x, base + number * self.text * 1.3, line, ink, self.text, 600)
        if tag_wide:
            yield from self._tag(tile, x + room, base)

    def _lines(self, name: str, room: float, tag_wide: float) -> tuple[str, ...]:
        """A name in two lines at most; the first leaves room for a tag, the second is cut if it must be."""
        first = wrapped(name, room - tag_wide, self.text, weight=600)[:1]
        rest = name[len(first[0]) :].strip() if first else ""
        return (*first, shortened(rest, room, "ui", self.text, 600)) if rest else first

    def _tag_width(self, tile: Tile) -> float:
        if tile.is_done and not tile.tag:
            return 20 * self.unit
        return text_width(tile.tag, "ui", self.small, 700) + 14 * self.unit if tile.tag else 0.0

    def _tag(self, tile: Tile, right: float, base: float) -> Iterator[Mark]:
        """A word in the corner; where there is none, the tick of what is done."""
        if not tile.tag:
            yield from tick(right - 14 * self.unit, base - self.text * 0.72, 14 * self.unit, self.unit)
            return
        wide = text_width(tile.tag, "ui", self.small, 700) + 8 * self.unit
        top, high = base - self.text * 0.95, self.small * 1.35
        yield Rect(right - wide, top, wide, high, 4 * self.unit, Ink("ink"))
        yield Text(
            right - wide / 2, top + high * 0.76, tile.tag, Ink("surface"), self.small, 700, anchor="middle"
        )  # fmt: skip

    def _bar(self, tile: Tile, x: float, y: float) -> Iterator[Mark]:
        done, count = tile.steps
        room, high = self.wide - 2 * self.pad, 5 * self.unit
        yield Rect(x, y, room, high, high / 2, Ink("surface"), Ink("ink3"), 1.0)
        if done:
            yield Rect(x, y, room * min(done, count) / count, high, high / 2, Ink("ok"))


def tick(x: float, y: float, size: float, unit: float) -> Iterator[Mark]:
    """A tick in a square of ``size`` px whose corner is (x, y)."""
    points = ((x + size * 0.12, y + size * 0.55), (x + size * 0.4, y + size * 0.82), (x + size * 0.9, y + size * 0.18))
    yield Polyline(points, Ink("ok"), 2.4 * unit, cap="round")


def cross(x: float, y: float, size: float, unit: float) -> Iterator[Mark]:
    """A cross in a square of ``size`` px whose corner is (x, y): wrong, in ink, for red means lost."""
    for one, other in (((0.2, 0.2), (0.8, 0.8)), ((0.2, 0.8), (0.8, 0.2))):
        points = tuple((x + size * a, y + size * b) for a, b in (one, other))
        yield Polyline(points, Ink("ink"), 2.2 * unit, cap="round")
