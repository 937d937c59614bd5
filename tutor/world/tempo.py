"""Tempo: how long a stretch of simulated time lasts on the wall and on the page.

Rules
-----
* Monotone and piecewise linear; hosts, ladder and plots use the same one, so they stretch together.
* A silence (nothing happens, nothing is in flight) longer than ``SILENCE`` is folded to ``FOLDED``, unless the
  learner unfolded it; its true length is kept in the fold.
* A flight shorter than ``FLOOR`` is stretched to it, so that the eye can follow.
* Where nothing takes any time on its way, there are no slopes to keep: each moment lasts ``FLOOR``, and longer the more
  segments leave in it.

Theory
------
In a toy trace the longest silence is a hundred times the usual gap, with a real TIME-WAIT ten thousand times.
Drawn to scale, either the silence or the story would be invisible.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from tutor.world.records import FlightChanged, Lost, Sent
from tutor.world.trace import Trace

SILENCE = 500_000
"""A silence longer than this (simulated microseconds) is folded (design spec, section 6)."""
FOLDED = 300_000
"""What a folded silence takes, in units of the wall clock at speed 1."""
FLOOR = 250_000
"""The least a flight takes on the wall (design spec, section 7)."""

ROW, MOST_FLOORS = 0.4, 5.0
"""What each segment of one moment takes, and what such a moment takes at most, in units of ``FLOOR``."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A folded silence: its id (stable under unfolding), and its true beginning and end in microseconds."""

    id: str
    start: int
    stop: int

    @property
    def length(self) -> int:
        """True length in microseconds."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Tempo:
    """Knots of the map: ``times`` (simulated) against ``walls`` (wall microseconds at speed 1)."""

    times: tuple[int, ...]
    walls: tuple[float, ...]
    folds: tuple[Fold, ...]
    unfolded: frozenset[str] = frozenset()
    is_even: bool = True
    """Is time drawn to one scale, but for what is folded?"""

    @staticmethod
    def of(trace: Trace, end: int, unfolded: frozenset[str] = frozenset()) -> Tempo:
        """The tempo of a trace up to ``end``; ``unfolded``: ids of silences shown at their true length."""
        moments = sorted({0, end, *(step.at for step in trace.steps if step.at <= end)})
        flights = _flights(trace, end)
        # How long a flight still under way will take is not known at `end`: the link's delay stands for it.
        known = [over - sent for sent, over, arrived in flights if arrived and sent < over <= end]
        shortest = min(known, default=_delay(trace, end))
        stretch = max(1.0, FLOOR / shortest)
        leaving = Counter(sent for sent, _, _ in flights) if _is_instant(trace, flights, end) else None
        times, walls, folds = [0], [0.0], []
        busy_until, following = 0, 0
        for start, stop in pairwise(moments):
            while following < len(flights) and flights[following][0] <= start:
                busy_until = max(busy_until, flights[following][1])
                following += 1
            span = stop - start
            is_silent = busy_until <= start and span > SILENCE
            fold = Fold(f"fold:{start}", start, stop)
            if is_silent:
                folds.append(fold)
            wall = FOLDED if is_silent and fold.id not in unfolded else span * stretch if not is_silent else span
            if leaving is not None:
                wall = max(wall if is_silent else span, FLOOR * min(MOST_FLOORS, max(1.0, leaving[start] * ROW)))
            times.append(stop)
            walls.append(walls[-1] + wall)
        return Tempo(tuple(times), tuple(walls), tuple(folds), unfolded, is_even=leaving is None)

    def is_folded(self, fold: Fold) -> bool:
        """Is this silence shown short?"""
        return fold.id not in self.unfolded

    def until(self, end: int) -> Tempo:
        """The same tempo, ending at ``end``: nothing in it tells what comes after."""
        keep = bisect_right(self.times, end)
        if self.times[keep - 1] == end:
            return replace(self, times=self.times[:keep], walls=self.walls[:keep], folds=self._folds_until(end))
        walls = (*self.walls[:keep], self.to_wall(end))
        return replace(self, times=(*self.times[:keep], end), walls=walls, folds=self._folds_until(end))

    def _folds_until(self, end: int) -> tuple[Fold, ...]:
        return tuple(fold for fold in self.folds if fold.stop <= end)

    @property
    def length(self) -> float:
        """Wall microseconds of the whole run at speed 1."""
        return self.walls[-1]

    def to_wall(self, time: float) -> float:
        """Wall microseconds at which simulated ``time`` is reached."""
        return _map(time, self.times, self.walls)

    def to_time(self, wall: float) -> int:
        """Simulated microseconds reached after ``wall``; the inverse of ``to_wall`` up to rounding."""
        return int(_map(wall, self.walls, self.times))


def _flights(trace: Trace, end: int) -> list[tuple[int, int, bool]]:
    """(sent, over, arrived) of each flight sent before ``end``, in order: as known then, after what hands did to it."""
    spans: dict[int, tuple[int, int, bool]] = {}
    for _, record in trace.records():
        if record.at > end:
            break
        if isinstance(record, Sent | FlightChanged | Lost):
            flight = record.flight
            over = max(flight.copies, default=flight.dies_at or flight.sent_at)
            spans[flight.id] = (flight.sent_at, over, bool(flight.copies))
    return sorted(span for span in spans.values() if span[0] < end)


def _is_instant(trace: Trace, flights: list[tuple[int, int, bool]], end: int) -> bool:
    """Does no segment take any time on its way?"""
    links = trace.world_at(end).links
    takes_time = any(link.way(link.a).delay or link.way(link.b).delay for link in links)
    return bool(flights) and not takes_time and all(over == sent for sent, over, _ in flights)


def _delay(trace: Trace, time: int) -> int:
    """How long a segment is usually under way, as far as anyone can know at ``time`` (microseconds)."""
    delays = [link.way(link.a).delay for link in trace.world_at(time).links]
    return min((delay for delay in delays if delay > 0), default=FLOOR)


def _map(x: float, xs: tuple[float, ...] | tuple[int, ...], ys: tuple[float, ...] | tuple[int, ...]) -> float:
    """Piecewise linear through the knots; beyond the ends the end values."""
    if x <= xs[0]:
        return ys[0]
    if x >= xs[-1]:
        return ys[-1]
    right = bisect_right(xs, x)
    left = right - 1
    return ys[left] + (ys[right] - ys[left]) * (x - xs[left]) / (xs[right] - xs[left])
