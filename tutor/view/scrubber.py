"""The scrubber: the whole run on one line, in wall time, with what happened on it.

Rules
-----
* A run of very many segments has a tick for a few px of the track: what is drawn is bounded.
* Ticks above the track are the first host's sendings, below it the second's; a loss is a ✕; beats are diamonds.
* Positions follow the Tempo, so that a folded silence is as short here as in the ladder.
* With a ``horizon`` the known part ends there and takes ``KNOWN`` of the track, whatever comes: neither ticks nor
  length betray it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from tutor.view.crowd import ways
from tutor.view.marks import Ellipse, Ink, Layer, Line, Mark, Picture, Polyline, Rect
from tutor.view.story import story
from tutor.view.theme import Look, host_ink
from tutor.world.index import Column, Index, within
from tutor.world.records import FATES
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

MARGIN = 12.0
"""Px left and right of the track."""
KNOWN = 0.7
"""Share of the track for what may be known while a bet waits."""
APART = 2.0
"""Px between two ticks of one host at least: more of them would be a solid bar."""

BIN = 3.0
"""Px of a tick that stands for many."""
CROSSES_APART = 9.0
FEW = 2_000
"""Up to so many segments are looked at one by one."""
LOST = ("lost", "dropped", "cut")

Place = Callable[[float], float]

Beat = tuple[int, str]
"""(moment, status): ``done``, ``current`` or ``ahead``."""


def scrubber(
    run: Trace | Index,
    time: int,
    size: tuple[float, float],
    look: Look,
    *,
    tempo: Tempo,
    horizon: int | None = None,
    beats: tuple[Beat, ...] = (),
) -> Picture:
    """The track at ``time``, the run's end at its right (or the horizon, if there is one)."""
    width, height = size
    middle = height / 2
    reach, room = _scale(width, tempo, horizon)

    def x_of(moment: float) -> float:
        return MARGIN + room * min(1.0, tempo.to_wall(moment) / reach)

    knob = x_of(time)
    told = story(run)
    stop = horizon if horizon is not None else told.end
    track = Rect(MARGIN, middle - 3, room, 6, 3, Ink("grid"), id="track")
    unknown = Line(MARGIN + room, middle, width - MARGIN, middle, Ink("border"), 3, (1, 2), id="unknown")
    diamonds = tuple(_beats(beats, stop, x_of, middle, look.hover))
    ticks, content = _ticks(told.index, stop, tempo, (reach, room, middle))
    ground = (track, *((unknown,) if horizon is not None else ()), *ticks, *diamonds)
    key = ("scrubber", size, content, horizon is None, diamonds)
    moving: tuple[Mark, ...] = (
        Rect(MARGIN, middle - 3, knob - MARGIN, 6, 3, Ink("accent"), id="track"),
        Ellipse(knob, middle, 10, 10, Ink("surface"), Ink("accent"), 3.4, id="knob"),
    )
    return Picture(width, height, (Layer("static", key, ground), Layer("moving", None, moving)))


def time_at(x: float, width: float, tempo: Tempo, horizon: int | None = None) -> int:
    """The moment (microseconds) under a click at ``x``; never after the horizon."""
    reach, room = _scale(width, tempo, horizon)
    return tempo.to_time(max(0.0, min(1.0, (x - MARGIN) / room)) * reach)


def _scale(width: float, tempo: Tempo, horizon: int | None) -> tuple[float, float]:
    """(wall time of the known part, px that it takes)."""
    room = max(1.0, width - 2 * MARGIN)
    if horizon is None:
        return max(tempo.length, 1.0), room
    return max(tempo.to_wall(horizon), 1.0), room * KNOWN


Track = tuple[float, float, float]
"""Wall time of the track, px that it takes, its height."""


@lru_cache(maxsize=8)
def _ticks(index: Index, stop: int, tempo: Tempo, track: Track) -> tuple[tuple[Mark, ...], int]:
    """What was sent and what was lost, up to ``stop``, and a number that tells whether it is the same as before."""
    last = index.sent_between(0, stop + 1).stop
    make = _each if last <= FEW else _binned
    ticks = tuple(make(index, range(last), stop, tempo, track))
    return ticks, hash(ticks)


def _each(index: Index, span: range, stop: int, tempo: Tempo, track: Track) -> Iterator[Mark]:
    """Segment by segment; of those that would merge, the first."""
    last = dict.fromkeys(range(len(index.hosts)), -APART)
    lost: list[tuple[int, int]] = []
    for place in span:
        row = index.row(place, stop)
        if row.fate in LOST and row.dies_at is not None and row.dies_at <= stop:
            lost.append((row.dies_at, row.sender))
        x = _x(row.sent_at, tempo, track)
        if x - last[row.sender] >= APART:
            last[row.sender] = x
            yield _tick(x, row.sender, track[2], 8)
    for at, sender in lost:
        yield from _cross(_x(at, tempo, track), sender, track[2])


def _binned(index: Index, span: range, stop: int, tempo: Tempo, track: Track) -> Iterator[Mark]:
    """Too many to look at each: a tick for every ``BIN`` px in which something was sent, longer the more it was."""
    reach, room, middle = track
    bins = int(room / BIN)
    bounds = [tempo.to_time(reach * number / bins) for number in range(bins)]
    places = [index.sent_between(0, bound).stop for bound in bounds]
    spans = [range(first, after) for first, after in zip(places, [*places[1:], span.stop], strict=True)]
    lost: list[tuple[float, int]] = []
    for way in ways(index):
        counts = [len(within(way.places, each)) for each in spans]
        most = max(counts, default=1)
        for number, count in enumerate(counts):
            x = MARGIN + (number + 0.5) * BIN
            if count:
                yield _tick(x, way.sender, middle, 3 + 7 * (count / most) ** 0.5)
            if count and _has_lost(index, within(way.notable, spans[number]), stop):
                lost.append((x, way.sender))
    drawn = dict.fromkeys(range(len(index.hosts)), -CROSSES_APART)
    for x, sender in sorted(lost):
        if x - drawn[sender] >= CROSSES_APART:
            drawn[sender] = x
            yield from _cross(x, sender, middle)


def _has_lost(index: Index, places: Column, stop: int) -> bool:
    fates, ends_at = index.columns["fate"], index.columns["ends_at"]
    return any(FATES[fates[place]] in LOST and ends_at[place] <= stop for place in places[:50])


def _x(moment: int, tempo: Tempo, track: Track) -> float:
    return MARGIN + track[1] * min(1.0, tempo.to_wall(moment) / track[0])


def _tick(x: float, sender: int, middle: float, length: float) -> Mark:
    """Above the track for the first host, below it for the second."""
    side = -1 if sender % 2 == 0 else 1
    return Line(x, middle + side * 9, x, middle + side * (9 + length), host_ink(sender), 2.4)


def _cross(x: float, sender: int, middle: float) -> Iterator[Mark]:
    y, r = (middle - 13 if sender % 2 == 0 else middle + 13), 3.6
    yield Line(x - r, y - r, x + r, y + r, Ink("err"), 2.2)
    yield Line(x - r, y + r, x + r, y - r, Ink("err"), 2.2)


def _beats(beats: tuple[Beat, ...], stop: int, x_of: Place, middle: float, hover: str) -> Iterable[Mark]:
    """The lesson's beats as diamonds on the track; the one under the pointer is larger."""
    for moment, status in beats:
        if moment > stop:
            continue
        x, r = x_of(moment), 7.0 if hover == f"beat:{moment}" else 5.0
        ink = Ink("ok") if status == "done" else Ink("accent") if status == "current" else Ink("ink3")
        points = ((x, middle - r), (x + r, middle), (x, middle + r), (x - r, middle))
        yield Polyline(points, Ink("surface"), 1.2, ink, closed=True, id=f"beat:{moment}")
