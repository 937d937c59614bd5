"""Perches: where a chip may lie so that nobody takes it for another segment's.

Rules
-----
* Alone, a chip lies across its own line. Where others run close by, a pin shows which line is its own: it lies above
  the first or below the last, touching it with a corner, or across several, or a thread leads to its line.
* No chip lies on another, on a dot in flight, on the cross of a loss, nor on a lifeline.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tutor.view.marks import Box
from tutor.view.page import BAR, Page
from tutor.view.rungs import Rung

GAP = 4.0
"""Px between two chips."""
ROW = 48.0
"""Px of a row of the grid in which chips are looked for."""
MARK = 8.0
"""Half the size of a dot or a cross, px."""
LAST_OF_LINE = (14.0, 24.0)
"""Px before a cross at which its line is to be seen."""
SHORT = 60.0
"""Px: of what has come no farther, a chip finds no line to lie on."""
INDENT = 12.0
"""Px: of those that have just left together, so much farther in lies the chip of an earlier one."""
BELOW = 16.0
"""Px below the last moment that a chip may still take."""
LIFT = 13.0
"""Px between a segment in flight and its chip, so that its dot can be seen."""

Point = tuple[float, float]


class Perch(NamedTuple):
    """The middle of a chip; ``pin``: the point of its line that a thread leads to, None if it lies on it."""

    x: float
    y: float
    pin: Point | None = None


class Grid:
    """What is taken on a page, in coarse rows: things in other rows cannot touch. ``spared``: of that, what the chip
    that now looks for room may lie on."""

    __slots__ = ("rows", "spared")

    def __init__(self, taken: Iterable[Box] = ()) -> None:
        self.rows: dict[int, list[Box]] = {}
        self.spared: tuple[Box, ...] = ()
        for box in taken:
            self.take(box)

    def take(self, box: Box) -> None:
        """Nothing else may lie there."""
        for row in _rows(box):
            self.rows.setdefault(row, []).append(box)

    def is_clear(self, start: Point, stop: Point) -> bool:
        """Does the straight way between two points cross no chip?"""
        for part in (0.2, 0.4, 0.6, 0.8, 1.0):
            x, y = start[0] + (stop[0] - start[0]) * part, start[1] + (stop[1] - start[1]) * part
            for other in self.rows.get(int(y // ROW), ()):
                if other[0] < x < other[2] and other[1] < y < other[3] and other[2] - other[0] > 2 * MARK:
                    return False
        return True

    def is_free(self, box: Box) -> bool:
        """Does the box keep its distance to all that is taken?"""
        left, top, right, bottom = box.left - GAP, box.top - GAP, box.right + GAP, box.bottom + GAP
        for row in _rows(box):
            for other in self.rows.get(row, ()):
                is_hit = left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
                if is_hit and other not in self.spared:
                    return False
        return True


def _rows(box: Box) -> range:
    return range(int((box[1] - GAP) // ROW), int((box[3] + GAP) // ROW) + 1)


def crosses_and_dots(rungs: list[Rung]) -> Iterator[Box]:
    """What of the rungs no chip may cover: where a segment is, where it was lost and the last of its line."""
    for rung in rungs:
        if rung.phase == "flying" and not rung.tone:
            yield Box(rung.x2 - MARK, rung.y2 - MARK, rung.x2 + MARK, rung.y2 + MARK)
    yield from crosses(rungs)


def crosses(rungs: Iterable[Rung]) -> Iterator[Box]:
    """Where segments were lost, and the last of their lines: no words of others may hide what was lost."""
    for rung in rungs:
        if rung.phase not in ("lost", "future-lost") or rung.tone:
            continue
        yield Box(rung.x2 - MARK, rung.y2 - MARK, rung.x2 + MARK, rung.y2 + MARK)
        yield from last_of_line(rung)


def last_of_line(rung: Rung) -> Iterator[Box]:
    """Points just before the cross of a loss, as far as the line is so long; only its own chip may lie on them."""
    if rung.phase in ("lost", "future-lost"):
        back_x, back_y = rung.x1 - rung.x2, rung.y1 - rung.y2
        length = math.hypot(back_x, back_y)
        for share in (way / length for way in LAST_OF_LINE if way < length):
            x, y = rung.x2 + back_x * share, rung.y2 + back_y * share
            yield Box(x - 2, y - 2, x + 2, y + 2)


def limits(rung: Rung, page: Page, size: float) -> tuple[float, float]:
    """Between which two places across the lifelines the middle of something of this size may lie."""
    low, high = sorted((page.x(rung.row.sender), page.x(rung.row.receiver)))
    return low + BAR + size / 2, high - BAR - size / 2


def thread_from(box: Box, pin: Point) -> Point:
    """Where on a chip the thread to its pin begins."""
    return max(box.left, min(box.right, pin[0])), max(box.top, min(box.bottom, pin[1]))


def has_room(rung: Rung, page: Page, width: float) -> bool:
    """Does something so wide fit between the lifelines?"""
    low, high = limits(rung, page, width)
    return page.is_across or low <= high


def is_at_once(rung: Rung) -> bool:
    """Does it arrive, or get lost, at the moment it leaves?"""
    return 0.0 in (rung.dx, rung.dy) and rung.phase != "flying"


# --- on the line ---


ALONE = ((0.46, "on"), (0.40, "on"), (0.54, "on"), (0.3, "on"), (0.62, "on"), (0.3, "over"), (0.62, "under"))
FIRST = ((0.5, "over"), (0.36, "over"), (0.64, "over"), (0.4, "on"), (0.3, "on"), (0.6, "on"))
LAST = ((0.5, "under"), (0.64, "under"), (0.36, "under"), (0.6, "on"), (0.7, "on"), (0.4, "on"))
AMONG = ((0.46, "on"), (0.3, "on"), (0.62, "on"), (0.2, "on"), (0.8, "on"))
DYING = ((0.3, "over"), (0.5, "over"), (0.3, "on"), (0.6, "under"))
"""Share of its drawn line, and how a chip lies there."""
ACROSS = (0.46, 0.3, 0.62, 0.2, 0.75, 0.38, 0.54, 0.12, 0.86)
"""Shares of its way at which a chip is tried where time runs right."""
ACROSS_SHORT = (0.3, 0.18, 0.44, 0.08)


def near(rung: Rung, page: Page, width: float, height: float, most: int = 99) -> Iterator[Perch]:
    """Perches on the line or touching it, the best first, so many at the most."""
    if page.is_across:
        yield from _across(rung, page, width, height, most)
    elif rung.phase == "flying":
        yield from _flying(rung, page, width, height)
    elif is_at_once(rung):
        yield from _at_once(rung, page, width, height)
    else:
        yield from _down(rung, page, width, height, most)


def _ways(rung: Rung) -> tuple[tuple[float, str], ...]:
    if rung.of > 1:
        return FIRST if rung.nth == 0 else LAST if rung.nth == rung.of - 1 else AMONG
    return DYING if rung.phase in ("lost", "future-lost") else ALONE


def _down(rung: Rung, page: Page, width: float, height: float, most: int) -> Iterator[Perch]:
    low, high = limits(rung, page, width)
    side = width / 2 if rung.dx > 0 else -width / 2
    for share, how in _ways(rung)[:most]:
        x = rung.x1 + (rung.x2 - rung.x1) * share
        x = (low + high) / 2 if low > high else max(low, min(high, x))
        if how == "on":
            y = height_at(rung, x)
            perch = Perch(x, y, _way_out(rung, x, y, width, height) if rung.is_close else None)
        else:
            edge = x - side if how == "over" else x + side
            at = height_at(rung, edge)
            perch = Perch(x, at - height / 2 if how == "over" else at + height / 2, (edge, at))
        if is_on_page(page, perch.y, height):
            yield perch


def _way_out(rung: Rung, x: float, y: float, width: float, height: float) -> Point:
    """Where the line leaves a chip that lies across it, on the side of its sender."""
    dx, dy = rung.x2 - rung.x1, rung.y2 - rung.y1
    shares = (width / 2 / abs(dx) if dx else 9.0, height / 2 / abs(dy) if dy else 9.0)
    share = min(shares) + MARK * 0.6 / (abs(dx) + abs(dy) + 1)
    return x - dx * share, y - dy * share


def _flying(rung: Rung, page: Page, width: float, height: float) -> Iterator[Perch]:
    """Near its sender: above what is drawn of it; what has hardly left, below the moment, above it, else beside it."""
    low, high = limits(rung, page, width)
    x = low if rung.dx > 0 else high
    if low > high:
        x = (low + high) / 2
    step = INDENT * (rung.of - 1 - rung.nth) if rung.of <= 3 else 0.0  # threads to lower chips pass by the upper ones
    x = max(min(low, x), min(max(high, x), x + step if rung.dx > 0 else x - step))
    below = [max(rung.y1, rung.y2) + LIFT + height * (0.5 + row * 1.3) for row in range(3)]
    above = rung.y1 - height / 2
    if abs(rung.x2 - rung.x1) > SHORT:
        tries = [min(height_at(rung, x), height_at(rung, x - width / 2 if rung.dx > 0 else x + width / 2)) - height / 2]
        tries += [above, *below]
    else:
        tries = [*below, above - LIFT]
    for y in tries:
        if is_on_page(page, y, height):
            yield Perch(x, y, nearest(rung, x, y))
    aside = x + 2 * MARK if rung.dx > 0 else x - 2 * MARK
    y = min(rung.y1, page.bottom + BELOW - height / 2)
    if abs(rung.x2 - rung.x1) <= SHORT and min(low, high) <= aside <= max(low, high):
        yield Perch(aside, y, nearest(rung, aside, y))


def _at_once(rung: Rung, page: Page, width: float, height: float) -> Iterator[Perch]:
    """What takes no time is told from its moment downwards, in the order in which it left."""
    low, high = limits(rung, page, width)
    x = (low + high) / 2 if low > high else max(low, min(high, rung.x1 + rung.dx * 0.46))
    for row in range(14):
        y = rung.y1 + 1.2 * row * height
        if is_on_page(page, y, height):
            yield Perch(x, y)


def _across(rung: Rung, page: Page, width: float, height: float, most: int) -> Iterator[Perch]:
    """Where time runs right: higher or lower on the rung."""
    low, high = limits(rung, page, height)
    for share in (ACROSS_SHORT if rung.phase in ("lost", "future-lost", "flying") else ACROSS)[:most]:
        x, y = rung.x1 + rung.dx * share, max(low, min(high, rung.y1 + rung.dy * share))
        x = max(page.top - 8 + width / 2, min(page.bottom + 10 - width / 2, x))
        yield Perch(x, y, nearest(rung, x, y) if rung.of > 1 else None)


# --- beside it ---


def far(rung: Rung, page: Page, width: float, height: float) -> Iterator[Perch]:
    """Perches farther and farther from the line, each with a thread to it."""
    if page.is_across or is_at_once(rung):
        return
    low, high = limits(rung, page, width)
    share = 0.3 if rung.phase == "flying" else 0.46
    x = rung.x1 + (rung.x2 - rung.x1) * share
    x = (low + high) / 2 if low > high else max(low, min(high, x))
    middle = height_at(rung, x)
    if not page.top <= middle <= page.bottom:
        yield from _of_long_ago(rung, page, x, height)
        return
    first = -1 if rung.nth == 0 and rung.of > 1 else 1
    for step in range(2, 12):
        for sign in (first, -first):
            y = middle + sign * step * height * 0.5
            if is_on_page(page, y, height):
                yield Perch(x, y, nearest(rung, x, y))


def _of_long_ago(rung: Rung, page: Page, x: float, height: float) -> Iterator[Perch]:
    """Perches beside what is on the page of a line so steep that most of it is on none: from its end upwards."""
    end = min(max(rung.y1, rung.y2), page.bottom)
    for step in range(1, 9):
        y = end - step * height * 0.8
        share = (y - rung.y1) / (rung.y2 - rung.y1) if rung.y2 != rung.y1 else 1.0
        if is_on_page(page, y, height) and 0.0 <= share <= 1.0:
            yield Perch(x, y, (rung.x1 + (rung.x2 - rung.x1) * share, y))


def is_on_page(page: Page, y: float, height: float) -> bool:
    """Can something of this height be read with its middle at ``y``?"""
    return y - height / 2 >= page.top - 14 and y + height / 2 <= page.bottom + BELOW


def height_at(rung: Rung, x: float) -> float:
    """How high the drawn line is at ``x``; before and after it, as high as its end."""
    way = rung.x2 - rung.x1
    share = (x - rung.x1) / way if way else 1.0
    return rung.y1 + (rung.y2 - rung.y1) * max(0.0, min(1.0, share))


def nearest(rung: Rung, x: float, y: float) -> Point:
    """The point of the drawn line that is nearest to (x, y)."""
    dx, dy = rung.x2 - rung.x1, rung.y2 - rung.y1
    square = dx * dx + dy * dy
    share = ((x - rung.x1) * dx + (y - rung.y1) * dy) / square if square else 1.0
    share = max(0.0, min(1.0, share))
    return rung.x1 + dx * share, rung.y1 + dy * share
