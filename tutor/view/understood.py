"""What has been understood, as two pictures: lessons by what was answered in them, and concepts as bars.

Rules
-----
* Each bet, question and check of a lesson is a cell in two halves: how it was answered at first, and at last. A tick is
  right, a cross is wrong, a dashed cell was never answered. What is asked in the lesson is square, a check round.
* A concept's bar: filled, answered rightly at last; crossed by strokes, wrongly; empty, not asked yet. No red: red is
  what the network loses.
* Everything that is said by a form is said in words as well: in the legend and in the titles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

from tutor.view.marks import Box, Group, Ink, Layer, Line, Mark, Picture, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.theme import Look
from tutor.view.tiles import cross, tick

MARGIN, GAP = 6.0, 10.0
TWO_FROM = 1080.0
"""From this width on (px at text scale 1) lessons stand in two columns."""
CELL, GLYPH = 34.0, 12.0
"""Px that a question's cell is wide, and its tick, at text scale 1."""
CHIP = 172.0
"""Px that a concept is wide at least."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """One question. ``first`` and ``last``: was the answer right; None: there was none."""

    is_check: bool
    first: bool | None
    last: bool | None


@dataclass(frozen=True, slots=True)
class LessonRow:
    """One lesson: its number, its name, what was asked in it; ``said``: the same in words."""

    id: str
    number: str
    name: str
    cells: tuple[CellRow, ...]
    said: str
    is_done: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class ConceptRow:
    """One concept: questions answered rightly at last, wrongly, and not yet; ``when`` it is asked again, in words."""

    id: str
    name: str
    right: int
    wrong: int
    open: int
    when: str
    said: str
    is_due: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class LessonsRows:
    """All lessons, and the legend: what a sample (``asked``, ``check``, ``better``) means."""

    lessons: tuple[LessonRow, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ConceptsRows:
    """All concepts, and the legend: what a bar (``right``, ``wrong``, ``open``) means."""

    concepts: tuple[ConceptRow, ...]
    legend: tuple[tuple[str, str], ...]


class _Sizes:
    """Letters and lengths of a look."""

    def __init__(self, look: Look) -> None:
        self.unit = max(1.0, look.text_scale)
        self.text, self.small = max(12.0, 14.0 * look.text_scale), max(12.0, 12.5 * look.text_scale)


# --- lessons ---


def lessons(rows: LessonsRows, size: tuple[float, float], look: Look) -> Picture:
    """Every lesson with what was asked in it, ``size`` px large or higher."""
    sizes = _Sizes(look)
    unit = sizes.unit
    columns = 2 if size[0] >= TWO_FROM * unit and len(rows.lessons) > 1 else 1
    wide = (size[0] - 2 * MARGIN - GAP * 2 * (columns - 1)) / columns
    each, high = ceil(len(rows.lessons) / columns), 30.0 * unit
    most = max((len(row.cells) for row in rows.lessons), default=0)
    step = min(CELL * unit + 5 * unit, wide * 0.55 / max(1, most))
    legend = list(_legend(rows.legend, size[0], sizes))
    foot = MARGIN + each * high + 8
    marks: list[Mark] = []
    for place, row in enumerate(rows.lessons):
        x = MARGIN + place // each * (wide + GAP * 2)
        marks += _lesson(row, (x, MARGIN + place % each * high, wide, high), (step, most), sizes)
    height = max(size[1], foot + sizes.small * 1.9 * len(legend) + MARGIN)
    top = max(foot, height - sizes.small * 1.9 * len(legend) - MARGIN)
    marks += _legend_marks(legend, top, sizes)
    titles = tuple((row.id, row.said) for row in rows.lessons)
    return Picture(size[0], height, (Layer("static", ("understood", rows, size, look), tuple(marks)),), titles)


def _lesson(
    row: LessonRow, box: tuple[float, float, float, float], cells: tuple[float, int], sizes: _Sizes
) -> Iterator[Mark]:
    x, y, wide, high = box
    step, most = cells
    unit, middle = sizes.unit, y + high / 2
    stroke = Ink("accent") if row.is_chosen else Ink("border", 0.5)
    width = 2.6 if row.is_chosen else 1.0
    yield Rect(x, y + 1.5, wide, high - 3, 6 * unit, Ink("surface2"), stroke, width * unit, id=row.id)
    base = middle + sizes.text * 0.36
    yield Text(x + 9 * unit, base, row.number, Ink("ink2"), sizes.text, 700, "mono")
    left = x + 17 * unit + text_width(row.number, "mono", sizes.text, 700)
    right = x + wide - 6 * unit - step * most
    done = 18 * unit if row.is_done else 0.0
    name = shortened(row.name, right - left - done - 8 * unit, "ui", sizes.text, 600)
    yield Text(left, base, name, Ink("ink"), sizes.text, 600)
    if row.is_done:
        yield from tick(right - 20 * unit, middle - GLYPH * unit / 2, GLYPH * unit, unit)
    for place, cell in enumerate(row.cells):
        at = right + place * step
        w, h = min(CELL * unit, step - 3 * unit), high - 10 * unit
        yield from _cell(cell, (at, middle - h / 2, w, h), unit)


def _cell(cell: CellRow, box: tuple[float, float, float, float], unit: float) -> Iterator[Mark]:
    x, y, w, h = box
    radius = h / 2 if cell.is_check else 2 * unit
    if cell.last is None:
        yield Rect(x, y, w, h, radius, Ink("surface"), Ink("ink3"), 1.2 * unit, (2.5, 2.5))
        return
    yield Rect(x, y, w, h, radius, Ink("surface"), Ink("ink3"), 1.4 * unit)
    yield Line(x + w / 2, y + 3 * unit, x + w / 2, y + h - 3 * unit, Ink("ink3"), 1.0)
    glyph = min(GLYPH * unit, w / 2 - 3, h - 4)
    for place, is_right in enumerate((cell.first, cell.last)):
        middle = x + w * (0.27 if place == 0 else 0.73)
        draw = tick if is_right else cross
        yield from draw(middle - glyph / 2, y + (h - glyph) / 2, glyph, unit * 0.8)


# --- concepts ---


def concepts(rows: ConceptsRows, size: tuple[float, float], look: Look) -> Picture:
    """Every concept as a bar, in the order in which they are taught; ``size`` px large or higher."""
    sizes = _Sizes(look)
    unit, room = sizes.unit, size[0] - 2 * MARGIN
    columns = max(1, floor((room + GAP) / (CHIP * unit + GAP)))
    wide = (room - GAP * (columns - 1)) / columns
    high = sizes.text * 1.45 + sizes.small * 1.35 + 18 * unit
    legend = list(_legend(rows.legend, size[0], sizes))
    count = ceil(len(rows.concepts) / columns)
    foot = MARGIN + count * (high + GAP * 0.7) + 8
    marks: list[Mark] = []
    for place, row in enumerate(rows.concepts):
        x = MARGIN + place % columns * (wide + GAP)
        marks += _concept(row, (x, MARGIN + place // columns * (high + GAP * 0.7), wide, high), sizes)
    height = max(size[1], foot + sizes.small * 1.9 * len(legend) + MARGIN)
    top = max(foot, height - sizes.small * 1.9 * len(legend) - MARGIN)
    marks += _legend_marks(legend, top, sizes)
    titles = tuple((row.id, row.said) for row in rows.concepts)
    return Picture(size[0], height, (Layer("static", ("concepts", rows, size, look), tuple(marks)),), titles)


def _concept(row: ConceptRow, box: tuple[float, float, float, float], sizes: _Sizes) -> Iterator[Mark]:
    x, y, wide, high = box
    unit = sizes.unit
    is_met = bool(row.right or row.wrong)
    stroke, width = (Ink("accent"), 2.6) if row.is_chosen else (Ink("border"), 1.0)
    dash = () if is_met or row.is_chosen else (4.0, 3.0)
    ground = Ink("surface2" if is_met else "surface")
    yield Rect(x, y, wide, high, 7 * unit, ground, stroke, width * unit, dash, id=row.id)
    pad = 8 * unit
    room, ink = wide - 2 * pad, Ink("ink" if is_met else "ink2")
    base = y + pad + sizes.text * 0.85
    yield Text(x + pad, base, shortened(row.name, room, "ui", sizes.text, 600), ink, sizes.text, 600)
    if row.when:
        when = shortened(row.when, room, "ui", sizes.small, 700 if row.is_due else 400)
        weight, said = (700, Ink("ink")) if row.is_due else (400, Ink("ink2"))
        yield Text(x + pad, base + sizes.small * 1.45, when, said, sizes.small, weight)
    yield from bar((row.right, row.wrong, row.open), (x + pad, y + high - pad - 6 * unit, room, 7 * unit), unit)


def bar(shares: tuple[int, int, int], box: tuple[float, float, float, float], unit: float) -> Iterator[Mark]:
    """Three shares of a bar: right is filled, wrong is crossed by strokes, open is empty."""
    x, y, wide, high = box
    right, wrong, rest = shares
    whole = max(1, right + wrong + rest)
    yield Rect(x, y, wide, high, high / 2, Ink("surface"), Ink("ink3"), 1.0)
    first, second = wide * right / whole, wide * wrong / whole
    if right:
        yield Rect(x, y, first, high, high / 2 if not wrong else 0.0, Ink("ok"))
    if wrong:
        yield Rect(x + first, y, second, high, 0.0, Ink("surface"), Ink("ink"), 1.0)
        yield Group(tuple(_strokes(x + first, y, second, high, unit)), Box(x + first, y, x + first + second, y + high))


def _strokes(x: float, y: float, wide: float, high: float, unit: float) -> Iterator[Mark]:
    step = 5.0 * unit
    for number in range(int((wide + high) / step) + 1):
        at = x + number * step
        yield Line(at, y, at - high, y + high, Ink("ink"), 1.3 * unit)


# --- the legend ---

Line_ = list[tuple[str, str, float]]


def _swatch(sizes: _Sizes) -> float:
    return CELL * sizes.unit


def _legend(legend: tuple[tuple[str, str], ...], width: float, sizes: _Sizes) -> Iterator[Line_]:
    """The legend broken into lines: (kind, words, x)."""
    line: Line_ = []
    x = MARGIN
    for kind, whole in legend:
        said = shortened(whole, width - 2 * MARGIN - _swatch(sizes) - 6 * sizes.unit, "ui", sizes.small)
        wide = _swatch(sizes) + 6 * sizes.unit + text_width(said, "ui", sizes.small) + 20 * sizes.unit
        if line and x + wide > width - MARGIN:
            yield line
            line, x = [], MARGIN
        line.append((kind, said, x))
        x += wide
    if line:
        yield line


def _legend_marks(legend: list[Line_], top: float, sizes: _Sizes) -> Iterator[Mark]:
    for number, line in enumerate(legend):
        middle = top + sizes.small * 1.9 * (number + 0.5)
        for kind, said, x in line:
            w, h = _swatch(sizes), sizes.small * 1.5
            yield from _sample(kind, (x, middle - h / 2, w, h), sizes.unit)
            yield Text(x + w + 6 * sizes.unit, middle + sizes.small * 0.36, said, Ink("ink2"), sizes.small)


_SAMPLES: dict[str, CellRow] = {
    "asked": CellRow(is_check=False, first=None, last=None),
    "check": CellRow(is_check=True, first=None, last=None),
    "better": CellRow(is_check=False, first=False, last=True),
}
_BARS: dict[str, tuple[int, int, int]] = {"right": (1, 0, 0), "wrong": (0, 1, 0), "open": (0, 0, 1)}


def _sample(kind: str, box: tuple[float, float, float, float], unit: float) -> Iterator[Mark]:
    x, y, w, h = box
    if kind in _SAMPLES:
        yield from _cell(_SAMPLES[kind], box, unit)
    else:
        yield from bar(_BARS[kind], (x, y + h / 2 - 4 * unit, w, 7 * unit), unit)
