"""The moves that were made, as a small ladder: the client's line left, the server's right, the earliest move on top.

Rules
-----
* A segment that arrives is an arrow from line to line; one that is lost ends in a red cross; one that is kept ends
  where the network has it. What a program or a clock does is a dot on its host's line; time that passes lies between.
* Time that passes is no move and has no number.
* Nothing is left out: a move that is told in more words than there is room for takes more lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tutor.view.arrows import Stroke, arrow
from tutor.view.marks import Ellipse, Ink, Layer, Line, Mark, Picture, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.theme import Look, host_dash, host_ink
from tutor.view.wrapping import wrapped

ARRIVES, LOST, KEPT, ACT, TIME = "arrives", "lost", "kept", "act", "time"
"""What became of it: see the rules."""

SIDE, GAP, LINE = 46.0, 10.0, 1.4
"""Px (at text scale 1) from the edge to a host's line, and between two moves; a line in letter heights."""
GROWN, WIDE = (1.5, 1.25), 560.0
"""How much larger it may be, and how much width each takes (px at text scale 1)."""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move in words. ``side``: who sent, or did it (0 or 1); -1: nobody."""

    text: str
    kind: str
    side: int = -1


def numbered(rows: Sequence[MoveRow]) -> tuple[str, ...]:
    """``3.`` before each move, "" before time that passes."""
    counted = accumulate(int(row.kind != TIME) for row in rows)
    return tuple("" if row.kind == TIME else f"{number}." for row, number in zip(rows, counted, strict=True))


def moves(rows: tuple[MoveRow, ...], width: float, look: Look) -> Picture:
    """The moves in this width (px), as high as they are."""
    grown = next((each for each in GROWN if width >= WIDE * each * look.text_scale), 1.0)
    return _Ladder(rows, width, look, max(1.0, look.text_scale * grown)).picture()


class _Ladder:
    def __init__(self, rows: tuple[MoveRow, ...], width: float, look: Look, unit: float) -> None:
        self.rows, self.width, self.look, self.unit = rows, width, look, unit
        self.text = max(12.0, 13.0 * unit)
        self.ends = (SIDE * unit, width - 14.0 * unit)

    def picture(self) -> Picture:
        """Everything."""
        marks: list[Mark] = []
        y = GAP * self.unit / 2
        for number, row in zip(numbered(self.rows), self.rows, strict=True):
            lines = wrapped(row.text, self._room(), self.text)
            high = len(lines) * self.text * LINE
            marks += self._move(number, row, lines, y + high / 2)
            y += high + GAP * self.unit
        lifelines = [
            Line(x, 0.0, x, y, host_ink(side, 0.5), 2.0 * self.unit, host_dash(side))
            for side, x in enumerate(self.ends if self.rows else ())
        ]
        key = ("moves", self.rows, self.width, self.look)
        return Picture(self.width, y, (Layer("static", key, (*lifelines, *marks)),))

    def _room(self) -> float:
        """What a sentence has between the lines: an arrow must show on both sides of it."""
        span = self.ends[1] - self.ends[0]
        return max(span - 96 * self.unit, 0.72 * span)

    def _move(self, number: str, row: MoveRow, lines: tuple[str, ...], y: float) -> Iterator[Mark]:
        base = y + self.text * 0.36
        if number:
            yield Text(self.ends[0] - 14 * self.unit, base, number, Ink("ink2"), self.text, 600, anchor="end")
        wide = max((text_width(line, "ui", self.text) for line in lines), default=0.0)
        middle = (self.ends[0] + self.ends[1]) / 2
        left = middle - wide / 2
        if row.kind == ACT:
            start = self.ends[row.side]
            yield Ellipse(start, y, 5 * self.unit, 5 * self.unit, host_ink(row.side))
            left = start + 14 * self.unit if not row.side else start - 14 * self.unit - wide
        elif row.kind != TIME:
            yield from self._arrow(row, y, wide)
            high = len(lines) * self.text * LINE
            yield Rect(left - 6, y - high / 2, wide + 12, high, 4, Ink("surface"))
        for at, line in enumerate(lines):
            lower = (at - (len(lines) - 1) / 2) * self.text * LINE
            yield Text(left, base + lower, line, Ink("ink2" if row.kind == TIME else "ink"), self.text)

    def _arrow(self, row: MoveRow, y: float, wide: float) -> Iterator[Mark]:
        start, stop = self.ends if not row.side else self.ends[::-1]
        ahead = 1.0 if stop > start else -1.0
        if row.kind != ARRIVES:
            stop = (self.ends[0] + self.ends[1]) / 2 + ahead * (wide / 2 + 16 * self.unit)
        if row.kind == ARRIVES:
            stroke = Stroke(host_ink(row.side), 2.0 * self.unit, host_dash(row.side), 10 * self.unit, "")
            yield from arrow((("M", (start, y)), ("L", (stop, y))), stroke)
            return
        yield Line(start, y, stop, y, host_ink(row.side), 2.0 * self.unit, host_dash(row.side))
        arm = 5 * self.unit
        if row.kind == LOST:
            for way in (1, -1):
                yield Line(stop - arm, y - way * arm, stop + arm, y + way * arm, Ink("err"), 2.4 * self.unit)
        else:
            yield Rect(stop - arm, y - arm, 2 * arm, 2 * arm, 2, Ink("surface"), host_ink(row.side), 2.0 * self.unit)
