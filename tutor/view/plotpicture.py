"""Plots as a Picture, for files: the same lines, bars, silences and legend as the window's, without pyqtgraph.

Rules
-----
* A plot is a title, a legend with the values of the moment, and the curves over the axis of time. What the moment does
  not change lies in a static layer; the cursor, the veil over what comes later, and the values move.
* Curves that are denser than the pixels keep the lowest and the highest point of each column: nothing that could be
  seen is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tutor.view.marks import Box, Ellipse, Group, Ink, Layer, Line, Mark, Picture, Point, Polyline, Rect, Text, moved
from tutor.view.metrics import text_width
from tutor.view.plots import EDGE, MAIN, STAIRS, Bar, Line as Curve, Plot, least_step, shown
from tutor.view.readings import WIDTHS, legend, nothing, title
from tutor.view.theme import Look, host_dash, host_ink
from tutor.view.timeaxis import TICK, TimeAxis, value_ticks

BESIDE = 900.0
"""From this width on (px, at normal text size) two plots stand side by side, else one below the other."""
GAP = 28.0
PAD = 14.0
APART = 26.0
"""Px between two marks on one line."""
BELOW = 0.03
"""How much of the picture lies under 0, so that a line at 0 is seen."""
VEIL = 0.6
"""How much the veil hides of what has not happened yet."""


class Shown(NamedTuple):
    """One plot and the axis it is drawn on."""

    plot: Plot
    axis: TimeAxis


def plots_picture(shown_plots: Sequence[Shown], now: int, size: tuple[float, float], look: Look) -> Picture:
    """The plots at ``now`` (microseconds), ``size`` px large together."""
    width, height = size
    number = max(1, len(shown_plots))
    gap = GAP * look.text_scale
    is_beside = width >= BESIDE * look.text_scale
    wide = (width - 2 * PAD - gap * (number - 1)) / number if is_beside else width - 2 * PAD
    high = height - 2 * PAD if is_beside else (height - 2 * PAD - gap * (number - 1)) / number
    static: list[Mark] = []
    moving: list[Mark] = []
    keys: list[object] = []
    for place, each in enumerate(shown_plots):
        left = PAD + place * (wide + gap) if is_beside else PAD
        top = PAD if is_beside else PAD + place * (high + gap)
        sheet = _Sheet(each, Box(left, top, left + wide, top + high), look)
        drawn = _still(sheet)
        static += drawn.marks
        keys.append(drawn.key)
        moving += sheet.moving(now)
    layers = (Layer("static", ("plots", size, *keys), tuple(static)), Layer("moving", None, tuple(moving)))
    return Picture(width, height, layers)


class _Still(NamedTuple):
    """What does not move, and a key that is equal to itself only."""

    marks: tuple[Mark, ...]
    key: object


@lru_cache(maxsize=16)
def _still(sheet: _Sheet) -> _Still:
    return _Still(tuple(sheet.still()), object())


class _Sheet(NamedTuple):
    """One plot laid out in a box (px)."""

    of: Shown
    box: Box
    look: Look

    # --- geometry ---

    @property
    def text(self) -> float:
        """Size of a tick's text."""
        return max(12.0, TICK * self.look.text_scale)

    @property
    def legend_height(self) -> float:
        """Room of the legend; the same at every moment, so that the curves stand still."""
        return legend(self.of.plot, self.of.plot.end, self.box.right - self.box.left, self.look).height

    @property
    def values(self) -> tuple[float, ...]:
        """What the ordinate names."""
        plot = self.of.plot
        height = max(30.0, self.box.bottom - self.box.top - self.legend_height - 5 * self.text)
        return value_ticks(plot.top, height, 2 * self.text / TICK, least=least_step(plot))

    @property
    def room(self) -> Box:
        """Where the curves are."""
        texts = (shown(self.of.plot.kind, value) for value in self.values)
        left = self.box.left + max(text_width(text, "ui", self.text) for text in texts) + 10
        top = self.box.top + 1.7 * 15 * self.look.text_scale + self.legend_height + 4
        if self.of.axis.hatches():
            top += self.text * 1.5
        right = self.box.right - text_width("00.00", "ui", self.text) / 2
        return Box(left, top, right, max(top + 20, self.box.bottom - 3.1 * self.text))

    def x(self, time: float, room: Box) -> float:
        """Where a moment lies."""
        return room.left + self.of.axis.place(time) * (room.right - room.left)

    def y(self, value: float, room: Box) -> float:
        """Where a value lies."""
        top = self.of.plot.top
        return room.bottom - (value + BELOW * top) / (top * (1 + BELOW)) * (room.bottom - room.top)

    # --- what stands still ---

    def still(self) -> Iterator[Mark]:
        """Title, axes, silences, curves, bars and crosses."""
        plot, look, room = self.of.plot, self.look, self.room
        big = 15 * look.text_scale
        yield Text(self.box.left, self.box.top + big, title(plot, look), Ink("ink"), big, 700)
        yield from self._ordinate(room)
        yield from self._abscissa(room)
        if plot.is_empty:
            middle = ((room.left + room.right) / 2, (room.top + room.bottom) / 2)
            yield Text(*middle, nothing(plot, look), Ink("ink2"), big, 400, "ui", "middle")
            return
        curves = [mark for line in plot.lines for mark in self._curve(line, room)]
        bars = [mark for bar in plot.bars for mark in self._bar(bar, room)]
        crosses = [mark for cross in plot.crosses for mark in self._cross(cross.at, cross.value, room)]
        clip = Box(room.left - 6, room.top - 1, room.right + 6, room.bottom + 6)
        yield Group((*curves, *bars, *crosses), clip)

    def _ordinate(self, room: Box) -> Iterator[Mark]:
        for value in self.values:
            y = self.y(value, room)
            yield Line(room.left, y, room.right, y, Ink("border" if value == 0 else "grid"), 1)
            text = shown(self.of.plot.kind, value)
            yield Text(room.left - 6, y + self.text * 0.36, text, Ink("ink2"), self.text, 400, "ui", "end")
        yield Line(room.left, room.top, room.left, room.bottom, Ink("border"), 1)

    def _abscissa(self, room: Box) -> Iterator[Mark]:
        axis, look, wide = self.of.axis, self.look, room.right - room.left
        free = room.left
        for hatch in axis.hatches():
            left, right = room.left + hatch.start * wide, room.left + hatch.stop * wide
            yield from _hatched(Box(left, room.top, right, room.bottom))
            half = text_width(hatch.text, "ui", self.text) / 2
            middle = min(max((left + right) / 2, room.left + half), room.right - half)
            if middle - half >= free:
                free = middle + half + 6
                yield Text(middle, room.top - 5, hatch.text, Ink("ink2"), self.text, 400, "ui", "middle")
        yield Line(room.left, room.bottom, room.right, room.bottom, Ink("border"), 1)
        for tick in axis.ticks(wide, look):
            x = room.left + tick.place * wide
            yield Line(x, room.bottom, x, room.bottom + 4, Ink("border"), 1)
            yield Text(x, room.bottom + 4 + self.text, tick.text, Ink("ink2"), self.text, 400, "ui", "middle")
        middle, foot = (room.left + room.right) / 2, room.bottom + 2.6 * self.text
        yield Text(middle, foot, axis.caption(look), Ink("ink2"), self.text, 400, "ui", "middle")

    def _curve(self, line: Curve, room: Box) -> Iterator[Mark]:
        ink, dash, weight = host_ink(line.host), host_dash(line.host), line.quantity.weight
        for points in self._stairs(line, room):
            yield Polyline(tuple(points), ink, WIDTHS[weight], dash=dash)
        if weight in (MAIN, STAIRS):
            return
        last = -APART
        for at, value in zip(line.times, line.values, strict=True):
            x = self.x(at, room)
            if value is None or x - room.left - last < APART:
                continue
            last = x - room.left
            y = self.y(value, room)
            if weight == EDGE:
                yield Polyline(((x - 4, y - 3.4), (x + 4, y - 3.4), (x, y + 3.6)), None, 0, ink, closed=True)
            else:
                yield Ellipse(x, y, 3.4, 3.4, Ink("surface"), ink, 1.5)

    def _stairs(self, line: Curve, room: Box) -> Iterator[list[Point]]:
        """The step function in stretches without a gap."""
        ends = (*line.times[1:], self.of.axis.end)
        points: list[Point] = []
        for start, stop, value in zip(line.times, ends, line.values, strict=True):
            if value is None:
                if points:
                    yield _thinned(points)
                points = []
                continue
            y = self.y(value, room)
            points += [(self.x(start, room), y), (self.x(stop, room), y)]
        if points:
            yield _thinned(points)

    def _bar(self, bar: Bar, room: Box) -> Iterator[Mark]:
        """A segment as it left, the host's sign on top; red with an R if it is sent again."""
        x, low, high = self.x(bar.at, room), self.y(bar.low, room), self.y(bar.high, room)
        ink = Ink("err") if bar.is_repeated else host_ink(bar.host)
        yield Line(x, low, x, high, ink, 3, host_dash(bar.host))
        if bar.is_repeated:
            yield Text(x, high - 5, "R", ink, max(12.0, self.text * 0.9), 700, "ui", "middle")
        elif bar.host % 2 == 0:
            yield Ellipse(x, high, 3, 3, ink)
        else:
            yield Rect(x - 3, high - 3, 6, 6, 0, ink)

    def _cross(self, at: int, value: float, room: Box) -> Iterator[Mark]:
        x, y, r = self.x(at, room), self.y(value, room), 5.0
        yield Line(x - r, y - r, x + r, y + r, Ink("err"), 2.4)
        yield Line(x - r, y + r, x + r, y - r, Ink("err"), 2.4)

    # --- what moves ---

    def moving(self, now: int) -> Iterator[Mark]:
        """The legend with its values, the veil and the cursor."""
        plot, room = self.of.plot, self.room
        said = legend(plot, now, self.box.right - self.box.left, self.look)
        top = self.box.top + 1.6 * 15 * self.look.text_scale
        yield from (moved(mark, self.box.left, top) for layer in said.layers for mark in layer.marks)
        if plot.is_empty:
            return
        x = self.x(min(now, plot.end), room)
        if x < room.right:
            yield Rect(x, room.top - 1, room.right + 6 - x, room.bottom - room.top, 0, Ink("surface", VEIL))
        yield Line(x, room.top, x, room.bottom, Ink("now"), 2.4)


def _hatched(box: Box) -> Iterator[Mark]:
    """A folded silence: slanting lines between two dashed ones."""
    lines: list[Mark] = []
    high = box.bottom - box.top
    x = box.left - high
    while x < box.right:
        lines.append(Line(x, box.bottom, x + high, box.top, Ink("grid"), 1))
        x += 9
    yield Group(tuple(lines), box)
    for x in (box.left, box.right):
        yield Line(x, box.top, x, box.bottom, Ink("border"), 1, (4, 3))


def _thinned(points: list[Point]) -> list[Point]:
    """The same curve to the eye: of each column of pixels first, lowest, highest and last point."""
    if not points or len(points) <= 4 * max(1.0, points[-1][0] - points[0][0]):
        return points
    kept: list[Point] = []
    column: list[Point] = []
    for point in points:
        if column and int(point[0]) != int(column[0][0]):
            kept += _extremes(column)
            column = []
        column.append(point)
    return kept + _extremes(column)


def _extremes(column: list[Point]) -> list[Point]:
    ys = [y for _, y in column]
    places = sorted({0, len(column) - 1, ys.index(min(ys)), ys.index(max(ys))})
    return [column[place] for place in places]
