"""Tempo: how long a stretch of simulated time lasts on the wall and on the page.

Rules
-----
* Monotone and piecewise linear; hosts, ladder and plots use the same one, so they stretch together.
* A silence (nothing happens, nothing is in flight) longer than ``SILENCE`` is folded to ``FOLDED``, unless the
  learner unfolded it; its true length is kept in the fold.
* Knots stand where the speed changes and nowhere else: a run of a million segments has as many as it has silences.
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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tutor.world.index import ARRIVES, LARGE, Index, as_array, index_of
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
    def of(run: Trace | Index, end: int, unfolded: frozenset[str] = frozenset()) -> Tempo:
        """The tempo of a run up to ``end``; ``unfolded``: ids of silences shown at their true length."""
        if isinstance(run, Index):
            return _even(_quiet_spans(run, end), end, _shortest_in(run), unfolded)
        moments = sorted({0, end, *(step.at for step in run.steps if step.at <= end)})
        flights = _flights(run, end)
        # How long a flight still under way will take is not known at `end`: the link's delay stands for it.
        known = [over - sent for sent, over, arrived in flights if arrived and sent < over <= end]
        silences = list(_silences(moments, flights))
        if _is_instant(run, flights, end):
            return _uneven(moments, silences, flights, unfolded)
        return _even(silences, end, min(known, default=_delay(run, end)), unfolded)

    @staticmethod
    def across(each: tuple[Tempo, ...], end: int) -> Tempo:
        """One tempo up to ``end`` for several futures, so that they can stand side by side.

        No stretch is shorter than in any of them. Folded is what is silent in all that have not come to their end.
        """
        times = sorted({0, end, *(time for tempo in each for time in tempo.times if time <= end)})
        walls = [0.0]
        for start, stop in pairwise(times):
            walls.append(walls[-1] + max(tempo.to_wall(stop) - tempo.to_wall(start) for tempo in each))
        alive = [(set(tempo.folds), tempo.times[-1]) for tempo in each]
        folds = {
            fold
            for tempo in each
            for fold in tempo.folds
            if all(fold in others or over <= fold.start for others, over in alive)
        }
        shared = tuple(sorted(folds, key=lambda fold: fold.start))
        is_even = all(tempo.is_even for tempo in each)
        return Tempo(tuple(times), tuple(walls), shared, each[0].unfolded, is_even=is_even)

    def is_folded(self, fold: Fold) -> bool:
        """Is this silence shown short?"""
        return fold.id not in self.unfolded

    def until(self, end: int) -> Tempo:
        """The same tempo, ending at ``end``: nothing in it tells what comes after."""
        keep = bisect_right(self.times, end)
        if keep == len(self.times) and self.times[-1] == end:
            return self
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


# --- making ---


Span = tuple[int, int]
"""From, to, in microseconds."""


def _even(silences: Sequence[Span], end: int, shortest: int, unfolded: frozenset[str]) -> Tempo:
    """One scale, but for the silences: a knot where one begins and where one ends."""
    stretch = max(1.0, FLOOR / shortest)
    times, walls = [0], [0.0]
    folds = tuple(Fold(f"fold:{start}", start, stop) for start, stop in silences)
    for fold in folds:
        if fold.start > times[-1]:
            walls.append(walls[-1] + (fold.start - times[-1]) * stretch)
            times.append(fold.start)
        walls.append(walls[-1] + (fold.length if fold.id in unfolded else FOLDED))
        times.append(fold.stop)
    if end > times[-1]:
        walls.append(walls[-1] + (end - times[-1]) * stretch)
        times.append(end)
    return Tempo(tuple(times), tuple(walls), folds, unfolded)


def _uneven(moments: list[int], silences: list[Span], flights: list[Known], unfolded: frozenset[str]) -> Tempo:
    """No scale: a knot at every moment, one after which more leaves being longer."""
    leaving = Counter(sent for sent, _, _ in flights)
    folds = {start: Fold(f"fold:{start}", start, stop) for start, stop in silences}
    walls = [0.0]
    for start, stop in pairwise(moments):
        fold, span = folds.get(start), stop - start
        wall = FOLDED if fold is not None and fold.id not in unfolded else span
        walls.append(walls[-1] + max(wall, FLOOR * min(MOST_FLOORS, max(1.0, leaving[start] * ROW))))
    return Tempo(tuple(moments), tuple(walls), tuple(folds.values()), unfolded, is_even=False)


def _silences(moments: list[int], flights: list[Known]) -> Iterator[Span]:
    """Between which moments nothing is in flight for longer than ``SILENCE``."""
    busy_until, following = 0, 0
    for start, stop in pairwise(moments):
        while following < len(flights) and flights[following][0] <= start:
            busy_until = max(busy_until, flights[following][1])
            following += 1
        if busy_until <= start and stop - start > SILENCE:
            yield start, stop


def _quiet_spans(index: Index, end: int) -> list[Span]:
    """The silences of a recorded run: nothing is known of it but its segments."""
    if not len(index):
        return [(0, end)] if end > SILENCE else []
    first, last = index.sent_at[0], index.over_by[-1]
    spans = [(0, first)] if first > SILENCE else []
    if len(index) < LARGE:
        gaps = zip(index.over_by, index.sent_at[1:], strict=False)
        spans += [(over, sent) for over, sent in gaps if sent - over > SILENCE]
    else:
        import numpy as np

        over, sent = as_array(index.over_by)[:-1], as_array(index.sent_at)[1:]
        quiet = np.flatnonzero(sent - over > SILENCE)
        spans += zip(over[quiet].tolist(), sent[quiet].tolist(), strict=True)
    spans += [(last, end)] if end - last > SILENCE else []
    return [(start, min(stop, end)) for start, stop in spans if start < end]


def _shortest_in(index: Index) -> int:
    """How long the shortest flight of a recorded run takes (microseconds)."""
    sent_at, ends_at, traits = (index.columns[name] for name in ("sent_at", "ends_at", "traits"))
    if len(index) < LARGE:
        rows = zip(sent_at, ends_at, traits, strict=True)
        return min((stop - start for start, stop, bits in rows if bits & ARRIVES and stop > start), default=FLOOR)
    spans = as_array(ends_at) - as_array(sent_at)
    arrives = as_array(traits) & ARRIVES > 0
    return int(spans[arrives & (spans > 0)].min(initial=FLOOR))


Known = tuple[int, int, bool]
"""A flight: sent, over, arrived."""


def _flights(trace: Trace, end: int) -> list[Known]:
    """Each flight sent before ``end``, in order: as known then, after what hands did to it."""
    index = index_of(trace)
    columns = (index.columns[name] for name in ("sent_at", "ends_at", "traits"))
    found = [(sent, over, bool(bits & ARRIVES)) for sent, over, bits in zip(*columns, strict=True) if sent < end]
    for place in index.more:
        if place < len(found):
            row = index.row(place, end)
            found[place] = (row.sent_at, max(row.copies, default=row.ends_at), bool(row.copies))
    return sorted(found)


def _is_instant(trace: Trace, flights: list[Known], end: int) -> bool:
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
