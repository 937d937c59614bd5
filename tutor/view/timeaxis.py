"""The time axis of a plot: where a moment lies, which moments are named, and what is folded.

Rules
-----
* With a tempo, time is drawn as on the ladder: what is folded there is folded here, and hatched. Without one it is
  drawn to scale. ``caption`` says which, always.
* Nothing after ``end`` has a place: neither ticks nor length tell of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tutor.view.margin import STEPS, seconds
from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.words import mark
from tutor.world.tempo import Fold, Tempo

TICK = 13.0
"""Size of a tick's text, in px at normal text size."""
GAP = 14.0
"""Px between the texts of two ticks."""

TO_SCALE = mark("time (s), to scale")
FOLDED = mark("time (s), folded as on the ladder")
AS_LADDER = mark("time (s), stretched as on the ladder")
MOMENTS = mark("time (s), moment by moment")


class Tick(NamedTuple):
    """A moment that is named: its place from 0 to 1, and its text."""

    place: float
    text: str


class Hatch(NamedTuple):
    """A folded silence from ``start`` to ``stop`` (places), its true length in words, and the fold's id."""

    start: float
    stop: float
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From 0 to ``end`` (microseconds). ``tempo`` None: drawn to scale."""

    end: int
    tempo: Tempo | None = None

    @property
    def _reach(self) -> float:
        return max(1.0, self.tempo.to_wall(self.end) if self.tempo is not None else float(self.end))

    def place(self, time: float) -> float:
        """Where a moment lies: 0 is the left end, 1 the right."""
        return (self.tempo.to_wall(time) if self.tempo is not None else time) / self._reach

    def knots(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """(moments, places): the map is straight between them."""
        if self.tempo is None:
            return (0.0, float(max(1, self.end))), (0.0, 1.0)
        reach = self._reach
        return tuple(map(float, self.tempo.times)), tuple(wall / reach for wall in self.tempo.walls)

    def time(self, place: float) -> int:
        """The moment at a place; never beyond the ends."""
        there = min(1.0, max(0.0, place)) * self._reach
        return min(self.end, self.tempo.to_time(there) if self.tempo is not None else int(there))

    # --- what is written ---

    def caption(self, look: Look) -> str:
        """The unit, and how time is drawn."""
        return look.words.t(self._caption())

    def _caption(self) -> str:
        if self.tempo is None:
            return TO_SCALE
        if not self.tempo.is_even:
            return MOMENTS
        if any(self.tempo.is_folded(fold) for fold in self._folds()):
            return FOLDED
        spans = [
            (wall - was) / (at - before)
            for (before, was), (at, wall) in pairwise(zip(self.tempo.times, self.tempo.walls, strict=True))
            if at > before
        ]
        is_straight = not spans or max(spans) - min(spans) <= 1e-6 * max(spans)
        return TO_SCALE if is_straight else AS_LADDER

    def _folds(self) -> list[Fold]:
        return [fold for fold in self.tempo.folds if fold.stop <= self.end] if self.tempo is not None else []

    def hatches(self) -> tuple[Hatch, ...]:
        """Every folded silence."""
        if self.tempo is None:
            return ()
        return tuple(
            Hatch(self.place(fold.start), self.place(fold.stop), _length(fold.length), fold.id)
            for fold in self._folds()
            if self.tempo.is_folded(fold)
        )

    def ticks(self, width: float, look: Look) -> tuple[Tick, ...]:
        """Round moments, as many as have room in ``width`` px."""
        size = max(12.0, TICK * look.text_scale)
        made: list[Tick] = []
        right = -2 * GAP - size
        for moment, step in self._moments(width, size):
            words = seconds(moment, step).removesuffix(" s")
            words = words.removesuffix(".0") if step >= 1_000_000 else words
            at, half = self.place(moment) * width, text_width(words, "ui", size) / 2
            if at - half >= right + GAP:
                made.append(Tick(at / width, words))
                right = at + half
        return tuple(made)

    def _moments(self, width: float, size: float) -> Iterator[tuple[int, int]]:
        """(moment, step) of what could be named, ascending."""
        if self.tempo is not None and not self.tempo.is_even:
            yield from ((int(time), 1000) for time in self.tempo.times if time <= self.end)
            return
        for start, stop in self._open_spans():
            px = (self.place(stop) - self.place(start)) * width
            room = 3.2 * size + GAP
            step = next((step for step in STEPS if px > 0 and step * px / (stop - start) >= room), None)
            if step is None:
                if start == 0:
                    yield 0, 1
                continue
            yield from ((moment, step) for moment in range(-(-start // step) * step, stop + 1, step))

    def _open_spans(self) -> Iterator[tuple[int, int]]:
        start = 0
        for fold in self._folds():
            if self.tempo is not None and self.tempo.is_folded(fold):
                if start < fold.start:
                    yield start, fold.start
                start = fold.stop
        if start < self.end:
            yield start, self.end


def value_ticks(top: float, height: float, scale: float = 1.0, *, least: float = 0.0) -> tuple[float, ...]:
    """Round values from 0 to ``top``, with room for their words in ``height`` px. ``least``: the smallest step."""
    room = max(12.0, TICK * scale) * 1.5
    most = max(1.0, height / room)
    rough = top / most
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = max(least, next(base * power for base in (1, 2, 5, 10) if base * power >= rough * 0.999))
    return tuple(round(place * step, 9) for place in range(int(top / step) + 1))


def _length(us: int) -> str:
    long = us / 1_000_000
    return f"{long:.2f} s" if long < 10 else f"{long:.1f} s" if long < 1000 else f"{long:.0f} s"
