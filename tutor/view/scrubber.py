"""The scrubber: the whole run on one line, in wall time, with what happened on it.

Rules
-----
* Ticks above the track are the first host's sendings, below it the second's; a loss is a ✕; beats are diamonds.
* Positions follow the Tempo, so that a folded silence is as short here as in the ladder.
* With a ``horizon`` the known part ends there and takes ``KNOWN`` of the track, whatever comes: neither ticks nor
  length betray it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from tutor.view.marks import Ellipse, Ink, Layer, Line, Mark, Picture, Polyline, Rect
from tutor.view.theme import Look, host_ink
from tutor.world.records import Lost, Sent
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

MARGIN = 12.0
"""Px left and right of the track."""
KNOWN = 0.7
"""Share of the track for what may be known while a bet waits."""
APART = 2.0
"""Px between two ticks of one host at least: more of them would be a solid bar."""

Place = Callable[[float], float]

Beat = tuple[int, str]
"""(moment, status): ``done``, ``current`` or ``ahead``."""


def scrubber(
    trace: Trace,
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
    stop = horizon if horizon is not None else trace.end
    track = Rect(MARGIN, middle - 3, room, 6, 3, Ink("grid"), id="track")
    unknown = Line(MARGIN + room, middle, width - MARGIN, middle, Ink("border"), 3, (1, 2), id="unknown")
    diamonds = tuple(_beats(beats, stop, x_of, middle, look.hover))
    ticks = _ticks(trace, len(trace.steps), stop, tempo, (reach, room, middle))
    ground = (track, *((unknown,) if horizon is not None else ()), *ticks, *diamonds)
    key = ("scrubber", size, ticks, horizon is None, diamonds)
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


@lru_cache(maxsize=8)
def _ticks(trace: Trace, _steps: int, stop: int, tempo: Tempo, place: tuple[float, float, float]) -> tuple[Mark, ...]:
    """What was sent and what was lost, up to ``stop``; remembered while neither run nor track changes."""
    reach, room, middle = place
    names = [host.name for host in trace.steps[0].world.hosts]
    last = dict.fromkeys(names, -APART)
    marks: list[Mark] = []
    for _, record in trace.records(0, trace.index_at(stop) + 1):
        if not isinstance(record, Sent | Lost):
            continue
        x = MARGIN + room * min(1.0, tempo.to_wall(record.at) / reach)
        index = names.index(record.host)
        if isinstance(record, Lost):
            y, r = (middle - 13 if index % 2 == 0 else middle + 13), 3.6
            marks.append(Line(x - r, y - r, x + r, y + r, Ink("err"), 2.2))
            marks.append(Line(x - r, y + r, x + r, y - r, Ink("err"), 2.2))
        elif x - last[record.host] >= APART:
            last[record.host] = x
            near, far = (middle - 9, middle - 17) if index % 2 == 0 else (middle + 9, middle + 17)
            marks.append(Line(x, near, x, far, host_ink(index), 2.4))
    return tuple(marks)


def _beats(beats: tuple[Beat, ...], stop: int, x_of: Place, middle: float, hover: str) -> Iterable[Mark]:
    """The lesson's beats as diamonds on the track; the one under the pointer is larger."""
    for moment, status in beats:
        if moment > stop:
            continue
        x, r = x_of(moment), 7.0 if hover == f"beat:{moment}" else 5.0
        ink = Ink("ok") if status == "done" else Ink("accent") if status == "current" else Ink("ink3")
        points = ((x, middle - r), (x + r, middle), (x, middle + r), (x - r, middle))
        yield Polyline(points, Ink("surface"), 1.2, ink, closed=True, id=f"beat:{moment}")
