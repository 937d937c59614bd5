"""How the state diagram marks what is not TCP: long dashes, rails beside a host's colour, ghosts, and their legend.

Rules
-----
* An edge that is not TCP's keeps a mark of that whoever takes it: dashed rails on both sides of the host's stroke.
* An edge that runs into another one ends there, with a head of its own; a ghost ends where a living edge begins to
  cover it, and is crossed out before that. So no cross lies on an edge that there is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tutor.view.arrows import Stroke, arrow
from tutor.view.geometry import LEGEND, Plan, Track, runs_through
from tutor.view.marks import Box, Command, Ink, Line, Mark, Point, Polyline, Rect, Text, outline
from tutor.view.metrics import text_width
from tutor.view.motion import at_length
from tutor.view.theme import Look
from tutor.words import mark

DASH = (9.0, 3.0)
"""Of an edge that is not TCP's, in pen widths."""
DOTS = (1.5, 4.0)
"""Of an edge of TCP that there is not, in pen widths."""
OTHER, MISSING = mark("not TCP"), mark("left out")
SAMPLE = 26.0
"""Px of a sample in the legend, beside text of 12 px."""


def width_of(card: Plan) -> float:
    """Px of the stroke of an edge that is not TCP's."""
    return max(2.0, 3 * card.scale)


def rails(track: Track, card: Plan, width: float) -> Iterable[Mark]:
    """What lies under a host's strokes, ``width`` px wide together, on an edge that is not TCP's."""
    pen, name = width_of(card), f"edge:{track.id}"
    wide = width + 2 * pen + 3
    dash = (DASH[0] * pen / wide, DASH[1] * pen / wide)
    yield from arrow(track.commands, Stroke(Ink("ink"), wide, dash, 0, name))
    yield from arrow(track.commands, Stroke(Ink("surface"), wide - 2 * pen * 0.7, (), 0, name))


def gone(track: Track, card: Plan, drawn: Sequence[Track]) -> Iterable[Mark]:
    """An edge of TCP that this protocol does without: a dotted ghost, crossed out where no other edge lies."""
    name, r = f"edge:{track.id}", max(4.0, 7 * card.scale)
    way = stub(track, drawn) or track.commands
    yield from arrow(way, Stroke(Ink("edge", 0.55), max(1.2, 1.6 * card.scale), DOTS, 0, name))
    x, y = _free(outline(way), [each for each in drawn if not each.is_gone], 90 * card.scale, r)
    yield from cross(x, y, r, max(1.6, 2.2 * card.scale), name)


def cross(x: float, y: float, r: float, width: float, name: str) -> Iterable[Mark]:
    """The two strokes of a cross about a point."""
    for tilt in (-1, 1):
        yield Polyline(((x - r, y - tilt * r), (x + r, y + tilt * r)), Ink("ink2"), width, id=name)


def stub(track: Track, drawn: Sequence[Track]) -> tuple[Command, ...] | None:
    """The path up to where it runs into that of a living edge and goes on with it; None: it does not."""
    found: tuple[Command, ...] | None = None
    for other in drawn:
        if other.id != track.id and not other.is_gone:
            way = _until(track, other)
            found = way if way is not None and (found is None or len(way) < len(found)) else found
    return found


def _until(track: Track, other: Track) -> tuple[Command, ...] | None:
    mine, theirs = track.points, other.points
    same = 0
    while same < min(len(mine), len(theirs)) and math.dist(mine[-same - 1], theirs[-same - 1]) < 0.01:
        same += 1
    if same < 2 or same >= len(mine) or same >= len(theirs):
        return None
    joins = mine[-same - 1]
    if distance(joins, theirs[-same - 1], theirs[-same]) > 0.01:
        return None
    ends = [numbers[-2:] for _, numbers in track.commands]
    place = next((n for n, end in enumerate(ends) if n > 1 and math.dist(end, joins) < 0.01), None)
    if place is None or track.commands[place][0] != "C":
        return None
    before, entry = ends[place - 2], ends[place - 1]
    corner = (entry[0], joins[1]) if abs(before[0] - entry[0]) < 0.01 else (joins[0], entry[1])
    return (*track.commands[: place - 1], ("L", corner))


def _free(points: tuple[Point, ...], others: list[Track], most: float, r: float) -> Point:
    """A place for a cross: the middle, at most ``most`` px along, or the first place that no other edge comes near."""
    whole = sum(math.dist(a, b) for a, b in pairwise(points))
    first = at_length(points, min(whole / 2, most))
    for share in (0.0, 0.3, 0.4, 0.6, 0.7, 0.2, 0.8):
        x, y = at_length(points, share * whole) if share else first
        if not any(each.bounds.grown(2 * r).contains(x, y) and _near((x, y), each) < 1.5 * r for each in others):
            return x, y
    return first


def _near(point: Point, track: Track) -> float:
    return min(distance(point, a, b) for a, b in pairwise(track.points))


def distance(point: Point, a: Point, b: Point) -> float:
    """Px from ``point`` to the chord from ``a`` to ``b``."""
    squared = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    share = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / squared if squared else 0.0
    share = min(1.0, max(0.0, share))
    return math.dist(point, (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share))


# --- the legend ---


def legend(card: Plan, look: Look, shown: Sequence[Track], lines: int = 0) -> Iterable[Mark]:
    """What dashes, frames, dots and crosses mean, as far as they are on the card; below so many ``lines`` of another
    legend, or where that is taken, above the figure."""
    has = (any(track.is_deviating for track in shown), any(track.is_gone for track in shown))
    said = [(kind, look.words.t(kind)) for kind, is_there in zip((OTHER, MISSING), has, strict=True) if is_there]
    size = max(look.least, min(max(12.0, 14 * card.scale) * look.text_scale, LEGEND * card.scale / 2.3))
    is_row, unit = LEGEND * card.scale < 2 * size, size / 12
    x, y = card.corner[0] + 6, card.corner[1] + size * (0.8 + 1.3 * lines)
    rises = [y - step * size / 2 for step in range(max(1, int(2 * (y - size) / size) + 1))]
    tries = [_seats([text for _, text in said], (x, rise), size, is_row=each)
             for each in (is_row, not is_row) for rise in (rises if not lines else rises[:1])]  # fmt: skip
    seats = next((each for each in tries if all(_is_free(box, card, shown, size) for box in each)), tries[0])
    for (kind, text), seat in zip(said, seats, strict=True):
        base = seat.bottom - size * 0.25
        yield from _sample(kind, seat.left, base - size * 0.36, unit)
        yield Text(seat.left + (SAMPLE + 6) * unit, base, text, Ink("ink2"), size, 600, id="legend:deviation")


def _seats(said: Sequence[str], at: Point, size: float, *, is_row: bool) -> list[Box]:
    """Where each entry lies, the first one's words on the line of ``at``: beside one another or below."""
    (x, y), found = at, []
    for text in said:
        wide = (SAMPLE + 6) * size / 12 + text_width(text, "ui", size, 600)
        found.append(Box(x, y - size * 0.8, x + wide, y + size * 0.25))
        x, y = (x + wide + 10, y) if is_row else (x, y + size * 1.35)
    return found


def _is_free(box: Box, card: Plan, shown: Sequence[Track], size: float) -> bool:
    """Does an entry lie on no edge, on no node and on no token beside one?"""
    return not any(runs_through(track, box.grown(size * 0.3)) for track in shown) and not any(
        box.touches(node, size) for node in card.nodes.values()
    )


def _sample(kind: str, x: float, y: float, unit: float) -> Iterable[Mark]:
    """A piece of line as it is drawn above, ``unit`` times as large as beside text of 12 px."""
    name, wide = "legend:deviation", SAMPLE * unit
    if kind == OTHER:
        yield Line(x, y, x + wide, y, Ink("ink"), 2 * unit, (5.0, 2.0), id=name)
        box = (x + wide / 2 - 6 * unit, y - 4.5 * unit, 12 * unit, 9 * unit)
        yield Rect(*box, 3 * unit, Ink("surface"), Ink("ink"), 1.6 * unit, id=name)
        return
    yield Line(x, y, x + wide, y, Ink("edge", 0.55), 1.4 * unit, DOTS, id=name)
    yield from cross(x + wide / 2, y, 4 * unit, 1.8 * unit, name)
