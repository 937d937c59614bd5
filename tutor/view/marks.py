"""What a picture is made of: marks in layers, each a frozen value.

Rules
-----
* Units are logical pixels, y down. Angles do not occur: a mark is where its numbers say.
* A colour is an ``Ink``: a *role* of the theme ("a", "err", "ink2") and an opacity, never a value. The same
  picture is light or dark.
* ``dash`` is counted in pen widths, as Qt counts it; the SVG writer multiplies.
* ``id`` names what a mark stands for (``flight:12``, ``state:LISTEN``, ``edge:closed_listen``, ``fold:3``);
  ``""`` means: not interactive. Several marks may carry one id.
* ``Picture.at`` finds the topmost id under a point: later layers and later marks lie on top.

Theory
------
A layer has a ``key``: as long as the key is equal, the layer's pixels are. The canvas paints a ``static`` layer
once into a pixmap and keeps it until the key changes; a ``moving`` layer is painted every frame.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

Point = tuple[float, float]
Cap = Literal["butt", "round"]
Anchor = Literal["start", "middle", "end"]
Font = Literal["ui", "mono"]
Command = tuple[Literal["M", "L", "C", "Z"], tuple[float, ...]]
"""One step of a path: ``("M", (x, y))``, ``("L", (x, y))``, ``("C", (x1, y1, x2, y2, x, y))``, ``("Z", ())``."""

REACH = 6.0
"""How near (px) a pointer must come to a thin stroke to hit it."""


class Ink(NamedTuple):
    """A role of the theme, and how opaque it is (0 to 1)."""

    role: str
    alpha: float = 1.0


class Box(NamedTuple):
    """An upright rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def contains(self, x: float, y: float) -> bool:
        """Does the point lie inside or on the border?"""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def touches(self, other: Box, gap: float = 0.0) -> bool:
        """Do the two come nearer than ``gap`` px?"""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def grown(self, by: float) -> Box:
        """The box with ``by`` px added on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: Ink
    width: float = 1.0
    dash: tuple[float, ...] = ()
    cap: Cap = "butt"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Polyline:
    """Straight strokes through points; closed and filled it is a polygon."""

    points: tuple[Point, ...]
    stroke: Ink | None = None
    width: float = 1.0
    fill: Ink | None = None
    closed: bool = False
    dash: tuple[float, ...] = ()
    cap: Cap = "butt"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """Lines and cubic curves."""

    commands: tuple[Command, ...]
    stroke: Ink | None = None
    width: float = 1.0
    fill: Ink | None = None
    dash: tuple[float, ...] = ()
    cap: Cap = "butt"
    id: str = ""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, with round corners if ``radius`` is not 0; the stroke straddles the border."""

    x: float
    y: float
    w: float
    h: float
    radius: float = 0.0
    fill: Ink | None = None
    stroke: Ink | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse about a centre."""

    cx: float
    cy: float
    rx: float
    ry: float
    fill: Ink | None = None
    stroke: Ink | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: ``y`` is its baseline, ``size`` the em, ``spacing`` px between letters; no kerning."""

    x: float
    y: float
    text: str
    ink: Ink
    size: float = 15.0
    weight: int = 400
    font: Font = "ui"
    anchor: Anchor = "start"
    spacing: float = 0.0
    id: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Marks painted together: cut off at ``clip``, faded by ``opacity``."""

    marks: tuple[Mark, ...]
    clip: Box | None = None
    opacity: float = 1.0
    id: str = ""


Mark = Line | Polyline | Path | Rect | Ellipse | Text | Group


@dataclass(frozen=True, slots=True)
class Layer:
    """Marks that change together; equal ``key`` means equal pixels."""

    name: Literal["static", "moving"]
    key: Hashable
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of ``width`` by ``height`` logical px, from the lowest layer to the topmost.

    ``titles`` says in the look's language what an id stands for: tooltips and screen readers read it.
    """

    width: float
    height: float
    layers: tuple[Layer, ...]
    titles: tuple[tuple[str, str], ...] = ()

    def marks(self) -> Iterator[Mark]:
        """Every mark from bottom to top, groups opened."""
        for layer in self.layers:
            yield from _flat(layer.marks)

    def at(self, x: float, y: float) -> str | None:
        """The id of the topmost interactive mark under the point, or None."""
        for layer in reversed(self.layers):
            found = _topmost(layer.marks, x, y)
            if found:
                return found
        return None

    def title(self, mark_id: str) -> str:
        """What ``mark_id`` stands for, in words; ``""`` if nothing was said about it."""
        return dict(self.titles).get(mark_id, "")


def moved(mark: Mark, dx: float, dy: float, *, is_mute: bool = False) -> Mark:
    """The same mark elsewhere. ``is_mute``: without its id, so that nobody can click it there."""
    name = "" if is_mute else mark.id
    match mark:
        case Line():
            return replace(mark, x1=mark.x1 + dx, y1=mark.y1 + dy, x2=mark.x2 + dx, y2=mark.y2 + dy, id=name)
        case Polyline():
            return replace(mark, points=tuple((x + dx, y + dy) for x, y in mark.points), id=name)
        case Path():
            return replace(mark, commands=tuple((letter, _moved(at, dx, dy)) for letter, at in mark.commands), id=name)
        case Ellipse():
            return replace(mark, cx=mark.cx + dx, cy=mark.cy + dy, id=name)
        case Group():
            clip = mark.clip and Box(mark.clip[0] + dx, mark.clip[1] + dy, mark.clip[2] + dx, mark.clip[3] + dy)
            inner = tuple(moved(each, dx, dy, is_mute=is_mute) for each in mark.marks)
            return replace(mark, marks=inner, clip=clip, id=name)
        case _:
            return replace(mark, x=mark.x + dx, y=mark.y + dy, id=name)


def _moved(numbers: tuple[float, ...], dx: float, dy: float) -> tuple[float, ...]:
    return tuple(number + (dy if place % 2 else dx) for place, number in enumerate(numbers))


def _flat(marks: tuple[Mark, ...]) -> Iterator[Mark]:
    for mark in marks:
        if isinstance(mark, Group):
            yield from _flat(mark.marks)
        else:
            yield mark


def _topmost(marks: tuple[Mark, ...], x: float, y: float) -> str:
    for mark in reversed(marks):
        if isinstance(mark, Group):
            if mark.clip is not None and not mark.clip.contains(x, y):
                continue
            found = _topmost(mark.marks, x, y)
            if found:
                return mark.id or found
        elif mark.id and hits(mark, x, y):
            return mark.id
    return ""


def hits(mark: Mark, x: float, y: float) -> bool:
    """Does the point lie on the mark, or within ``REACH`` of a stroke? A text is not hit: its chip is."""
    match mark:
        case Rect():
            slack = 0.0 if mark.fill else REACH
            return Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h).grown(slack).contains(x, y)
        case Ellipse():
            rx, ry = mark.rx + 2, mark.ry + 2
            return ((x - mark.cx) / rx) ** 2 + ((y - mark.cy) / ry) ** 2 <= 1
        case Line():
            return distance(x, y, (mark.x1, mark.y1), (mark.x2, mark.y2)) <= max(REACH, mark.width)
        case Polyline():
            points = mark.points + mark.points[:1] if mark.closed else mark.points
            if mark.fill and _inside(points, x, y):
                return True
            return _near(points, x, y, max(REACH, mark.width))
        case Path():
            return _near(outline(mark.commands), x, y, max(REACH, mark.width))
        case _:
            return False


def distance(x: float, y: float, start: Point, stop: Point) -> float:
    """How far (px) the point lies from the stretch between ``start`` and ``stop``."""
    dx, dy = stop[0] - start[0], stop[1] - start[1]
    square = dx * dx + dy * dy
    along = 0.0 if square == 0 else max(0.0, min(1.0, ((x - start[0]) * dx + (y - start[1]) * dy) / square))
    return math.hypot(x - start[0] - along * dx, y - start[1] - along * dy)


def outline(commands: tuple[Command, ...], pieces: int = 24) -> tuple[Point, ...]:
    """The path as points; each curve in ``pieces`` chords."""
    points: list[Point] = []
    for letter, numbers in commands:
        if letter == "C":
            points += cubic_points((points[-1], numbers[0:2], numbers[2:4], numbers[4:6]), pieces)[1:]  # type: ignore[arg-type]
        elif letter == "Z":
            points.append(points[0])
        else:
            points.append((numbers[0], numbers[1]))
    return tuple(points)


def cubic_points(curve: tuple[Point, Point, Point, Point], pieces: int) -> list[Point]:
    """``pieces + 1`` points of a Bézier curve, equally spaced in its parameter."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve
    points = []
    for step in range(pieces + 1):
        t = step / pieces
        u = 1 - t
        b0, b1, b2, b3 = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
        points.append((b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3, b0 * y0 + b1 * y1 + b2 * y2 + b3 * y3))
    return points


def _near(points: tuple[Point, ...], x: float, y: float, reach: float) -> bool:
    return any(distance(x, y, a, b) <= reach for a, b in itertools.pairwise(points))


def _inside(points: tuple[Point, ...], x: float, y: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
