"""Strokes with arrowheads, and strokes moved aside so that two can share an edge."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from tutor.view.marks import Command, Ink, Line, Mark, Path, Point, Polyline, outline


class Stroke(NamedTuple):
    """How an edge is drawn: ink, width (px), dash (pen widths), length of the head (px, 0: none), id."""

    ink: Ink
    width: float
    dash: tuple[float, ...]
    head: float
    id: str


def arrow(commands: tuple[Command, ...], stroke: Stroke, *, from_tip: bool = False) -> Iterable[Mark]:
    """The path, stopping short of its tip, and a barbed head on it.

    ``from_tip``: dashes are counted from there, so that those of edges with a common end lie on one another.
    """
    points = outline(commands)
    tip, before = points[-1], _before(points, max(stroke.head, 1.0))
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    gap = stroke.head * 0.68
    stop = (tip[0] - ux * gap, tip[1] - uy * gap)
    if len(points) == 2:
        yield Line(*points[0], *stop, stroke.ink, stroke.width, stroke.dash, id=stroke.id)
    else:
        path = _shortened(commands, tip, stop)
        path = backwards(path) if from_tip else path
        yield Path(path, stroke.ink, stroke.width, None, stroke.dash, id=stroke.id)
    if stroke.head:
        half = stroke.head * 0.42
        back = (tip[0] - ux * stroke.head, tip[1] - uy * stroke.head)
        notch = (tip[0] - ux * stroke.head * 0.72, tip[1] - uy * stroke.head * 0.72)
        wings = ((back[0] - uy * half, back[1] + ux * half), (back[0] + uy * half, back[1] - ux * half))
        yield Polyline((tip, wings[0], notch, wings[1]), None, 0, stroke.ink, closed=True, id=stroke.id)


def _before(points: tuple[Point, ...], length: float) -> Point:
    """The last point that is at least ``length`` away from the tip."""
    for point in reversed(points):
        if math.dist(point, points[-1]) >= length:
            return point
    return points[0]


def _shortened(commands: tuple[Command, ...], tip: Point, stop: Point) -> tuple[Command, ...]:
    """The path with its end moved to ``stop``."""
    letter, numbers = commands[-1]
    assert numbers[-2:] == tip, "a path ends at its tip"
    return (*commands[:-1], (letter, (*numbers[:-2], *stop)))


def shifted(commands: tuple[Command, ...], offset: float) -> tuple[Command, ...]:
    """The path beside this one, ``offset`` px to the left all along it (y runs down: to the right for who walks it)."""
    if not offset:
        return commands
    points = _distinct(outline(commands))
    ways = [_way(a, b) for a, b in pairwise(points)]
    made: list[Command] = []
    for place, (x, y) in enumerate(points):
        before, after = ways[max(0, place - 1)], ways[min(place, len(ways) - 1)]
        nx, ny = before[1] + after[1], -before[0] - after[0]
        squared = nx * nx + ny * ny
        if squared < 0.4:  # a turn on the spot has no middle
            nx, ny, squared = after[1], -after[0], 1.0
            stretch = 1.0
        else:
            stretch = 2.0 / squared
        made.append(("L" if made else "M", (x + nx * stretch * offset, y + ny * stretch * offset)))
    return tuple(made)


def _distinct(points: tuple[Point, ...]) -> list[Point]:
    """The points without those that repeat the one before."""
    found = [points[0]]
    for point in points[1:]:
        if math.dist(point, found[-1]) > 1e-6:
            found.append(point)
    return found


def _way(a: Point, b: Point) -> Point:
    """The direction from ``a`` to ``b``, one long."""
    length = math.dist(a, b)
    return (b[0] - a[0]) / length, (b[1] - a[1]) / length


def backwards(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """The same path, drawn from its end."""
    ends = [numbers[-2:] for _, numbers in commands]
    turned: list[Command] = [("M", ends[-1])]
    for place in range(len(commands) - 1, 0, -1):
        letter, numbers = commands[place]
        inner = (*numbers[2:4], *numbers[0:2]) if letter == "C" else ()
        turned.append((letter, (*inner, *ends[place - 1])))
    return tuple(turned)
