"""The atlas as a map: a row for each state of the client, a column for each of the server, a cell for each pair.

Rules
-----
* A number is how many moves lead there at least. A cell that is struck through cannot be, within the bound.
* What differs from TCP differs in form: a plus and a thick frame where only this protocol comes, a minus and a dashed
  frame where only TCP does. The pair at which the run is bears a word. Violet is what is chosen.
* Where a column is too narrow for its name, the names stand in two rows or more, each with a line to its column.
* The picture is as high as it must be; it may be higher than the view.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from tutor.tcp.values import replace
from tutor.view.marks import Box, Ellipse, Ink, Layer, Line, Mark, Picture, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.theme import Look, host_ink, host_letter
from tutor.view.wrapping import wrapped

MARGIN, GAP = 6.0, 3.0
LEAST_HEIGHT, LEAST_WIDTH = 33.0, 34.0
"""A cell is no lower and no narrower (px at text scale 1)."""
MOST_TIERS = 8
"""The columns' names stand in so many rows at most."""
NAMES_GIVE_WAY = 0.7
"""Names of states are so much smaller at most, where the cells would be too narrow for their numbers."""
LARGE, LARGE_FROM = 1.25, 1000.0
"""How much larger everything is where there is room, and from which width on."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """One pair. ``moves`` None: it cannot be. ``change``: "gained" or "lost" where TCP says otherwise; ``other``: TCP's
    number where it is another one."""

    id: str
    title: str
    moves: int | None
    change: str = ""
    other: str = ""
    is_here: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class AtlasRows:
    """All that the map shows: the names of both hosts and of the states, a row of cells for each, and the legend."""

    hosts: tuple[str, str]
    states: tuple[str, ...]
    cells: tuple[tuple[CellRow, ...], ...]
    here: str
    """The word on the pair at which the run is."""
    legend: tuple[tuple[str, str], ...] = ()
    """(what is drawn, what it means)."""
    foot: str = ""
    """Said below: what bounds all this."""


def atlas(rows: AtlasRows, size: tuple[float, float], look: Look) -> Picture:
    """The map, ``size`` px large or higher."""
    return _map_of(rows, size, look).picture()


def parted(rows: AtlasRows, size: tuple[float, float], look: Look) -> tuple[Picture, Picture]:
    """The map in two: the heads of the columns, which stay, and what scrolls below them; together ``size`` px."""
    whole = _map_of(rows, size, look)
    return whole.heads(), whole.body()


def _map_of(rows: AtlasRows, size: tuple[float, float], look: Look) -> _Map:
    if size[0] >= LARGE_FROM * look.text_scale:
        large = _Map(rows, size, look, LARGE)
        if large.height <= size[1] + 1:
            return large
    return _Map(rows, size, look, 1.0)


class _Map:
    """The rows laid out in one size."""

    def __init__(self, rows: AtlasRows, size: tuple[float, float], look: Look, grown: float) -> None:
        self.rows, self.size, self.look = rows, size, look
        scale, count = look.text_scale * grown, len(rows.states)
        self.text, self.small = max(12.0, 14.0 * scale), max(12.0, 12.0 * scale)
        self.unit = max(1.0, scale)
        least = max(12.0, 14.0 * scale * NAMES_GIVE_WAY)
        for floor, wide in ((least, LEAST_WIDTH * self.unit), (12.0, LEAST_WIDTH)):
            while self.text > floor and size[0] - MARGIN - self._left() < count * wide + self._widest() / 2:
                self.text = max(floor, self.text - 1.0)
        self.left = self._left()
        room = size[0] - self.left - MARGIN
        beyond = max(0.0, text_width(rows.states[-1], "ui", self.text, 700) - room / count) / 2
        self.wide = max(LEAST_WIDTH, (room - beyond) / count)
        self.tiers = max(1, min(MOST_TIERS, ceil((self._widest() + 12) / self.wide)))
        line = self.text * 1.5
        self.top = MARGIN + line * (self.tiers + 1) + 6
        self.legend = list(self._legend_lines())
        self.said = wrapped(rows.foot, size[0] - 2 * MARGIN, self.small)
        self.foot = len(self.legend) * self.small * 1.9 + len(self.said) * self.small * 1.5 + 8
        room = (size[1] - self.top - self.foot - MARGIN) / count
        least = min(LEAST_HEIGHT * self.unit, max(LEAST_HEIGHT, self.wide * 0.95))
        self.high = max(least, min(room, self.wide * 0.95))
        self.first = self.top
        self.number = max(14.0, min(self.high * 0.46, self.wide * 0.42, 26 * scale))

    def _widest(self) -> float:
        return max(text_width(name, "ui", self.text, 700) for name in self.rows.states)

    def _left(self) -> float:
        """Where the cells begin: right of the states' names and of the client's."""
        host = max(text_width(name, "ui", self.text, 700) for name in self.rows.hosts) + 30 * self.unit
        return MARGIN + max(self._widest(), host) + 10

    @property
    def height(self) -> float:
        """Px of everything."""
        return max(self.size[1], self.top + self.high * len(self.rows.states) + self.foot + MARGIN)

    def picture(self) -> Picture:
        """Everything."""
        return self._picture("atlas", self.height, [*self._heads(), *self._columns(), *self._scrolled()])

    def heads(self) -> Picture:
        """What stays while the rows scroll."""
        return self._picture("heads", self.top, [*self._heads(), *self._columns()])

    def body(self) -> Picture:
        """What scrolls; its first row lies at the upper edge."""
        self.first = 0.0
        return self._picture("body", self.height - self.top, list(self._scrolled()))

    def _picture(self, part: str, height: float, marks: list[Mark]) -> Picture:
        titles = tuple((cell.id, cell.title) for row in self.rows.cells for cell in row) if part != "heads" else ()
        key = (part, self.rows, self.size, self.look)
        return Picture(self.size[0], height, (Layer("static", key, tuple(marks)),), titles)

    def _scrolled(self) -> Iterator[Mark]:
        yield from self._names()
        yield from self._cells()
        yield from self._legend(self.first + self.high * len(self.rows.states) + 8)

    # --- heads ---

    def _heads(self) -> Iterator[Mark]:
        """Whose states the rows are, and whose the columns."""
        line = self.text * 1.5
        yield from self._host(0, MARGIN, self.top - line * 0.7)
        middle = self.left + self.wide * len(self.rows.states) / 2
        wide = text_width(self.rows.hosts[1], "ui", self.text, 700) + 26 * self.unit
        yield from self._host(1, middle - wide / 2, MARGIN + line / 2)

    def _host(self, place: int, x: float, y: float) -> Iterator[Mark]:
        badge, ink = self.text * 0.72, host_ink(place)
        if place:
            yield Rect(x, y - badge, 2 * badge, 2 * badge, 5, ink)
        else:
            yield Ellipse(x + badge, y, badge, badge, ink)
        small = max(12.0, self.text * 0.86)
        yield Text(x + badge, y + small * 0.36, host_letter(place), Ink("on"), small, 700, anchor="middle")
        yield Text(
            x + 2 * badge + 6 * self.unit, y + self.text * 0.36, self.rows.hosts[place], Ink("ink"), self.text, 700
        )

    def _names(self) -> Iterator[Mark]:
        chosen = self._chosen() or (-1, -1)
        for place, name in enumerate(self.rows.states):
            ink, weight = self._ink(is_chosen=chosen[0] == place)
            y = self.first + self.high * (place + 0.5) + self.text * 0.36
            yield Text(self.left - 8, y, name, ink, self.text, weight, anchor="end")

    def _columns(self) -> Iterator[Mark]:
        chosen = self._chosen() or (-1, -1)
        for tier in range(self.tiers):
            for place in range(tier, len(self.rows.states), self.tiers):
                yield from self._column(place, tier, is_chosen=chosen[1] == place)

    def _ink(self, *, is_chosen: bool) -> tuple[Ink, int]:
        return (Ink("ink"), 700) if is_chosen else (Ink("ink2"), 400)

    def _column(self, place: int, tier: int, *, is_chosen: bool) -> Iterator[Mark]:
        """A column's name, with a line down to it past the names below, which break the line."""
        name, line = self.rows.states[place], self.text * 1.5
        ink, weight = self._ink(is_chosen=is_chosen)
        x = self.left + self.wide * (place + 0.5)
        base = MARGIN + line * (tier + 2) - line * 0.3
        wide = text_width(name, "ui", self.text, weight) + 4
        yield Rect(x - wide / 2, base - self.text, wide, self.text * 1.3, 0, Ink("surface"))
        yield Text(x, base, name, ink, self.text, weight, anchor="middle")
        if tier < self.tiers - 1:
            yield Line(x, base + 4, x, self.top - 2, Ink("ink3", 0.7), self.unit)

    def _chosen(self) -> tuple[int, int] | None:
        found = (
            (row, column) for row, cells in enumerate(self.rows.cells) for column, cell in enumerate(cells)
            if cell.is_chosen
        )  # fmt: skip
        return next(found, None)

    # --- cells ---

    def _cells(self) -> Iterator[Mark]:
        for row, cells in enumerate(self.rows.cells):
            for column, cell in enumerate(cells):
                yield from self._cell(cell, self.left + column * self.wide, self.first + row * self.high)

    def _cell(self, cell: CellRow, left: float, top: float) -> Iterator[Mark]:
        gap = GAP * self.unit
        x, y, w, h = left + gap / 2, top + gap / 2, self.wide - gap, self.high - gap
        yield from self._frame(cell, x, y, w, h)
        if cell.is_here:
            size = self._here(w)
            wide = text_width(self.rows.here, "ui", self.small, 700) + 10
            if h < size * 1.5 + self.number * 1.2 and wide + self.number * 1.4 < w:  # low: beside the number
                yield from self._tag(cell.id, Box(x, y, x + wide, y + h), self.small)
                yield from self._number(replace(cell, other=""), Box(x + wide, y, x + w, y + h))
            else:
                yield from self._tag(cell.id, Box(x, y, x + w, y + size * 1.5), size)
                yield from self._number(cell, Box(x, y + size * 1.5, x + w, y + h))
        else:
            yield from self._number(cell, Box(x, y, x + w, y + h))
        if cell.is_chosen:
            yield Rect(x + 1, y + 1, w - 2, h - 2, 5 * self.unit, None, Ink("accent"), 3.4 * self.unit)

    def _here(self, width: float) -> float:
        """Px of the word on the cell of the run: smaller where the cell is narrow."""
        wide = text_width(self.rows.here, "ui", self.small, 700)
        return max(12.0, min(self.small, self.small * (width - 6) / wide, self.high * 0.3))

    def _tag(self, name: str, box: Box, size: float) -> Iterator[Mark]:
        """The word on the cell of the run."""
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        w, h = box.right - box.left, box.bottom - box.top
        yield Rect(box.left, box.top, w, h, 4 * self.unit, Ink("ink"), id=name)
        yield Text(x, y + size * 0.36, self.rows.here, Ink("surface"), size, 700, anchor="middle")

    def _number(self, cell: CellRow, box: Box) -> Iterator[Mark]:
        """How many moves, and how many in TCP: below, or beside it where the cell is low."""
        x, y, w, h = box.left, box.top, box.right - box.left, box.bottom - box.top
        said = {"gained": f"+{cell.moves}", "lost": "−"}.get(cell.change, "" if cell.moves is None else f"{cell.moves}")
        weight = 700 if cell.change or cell.is_here or cell.is_chosen else 400
        size = min(self.number, h * 0.62) if cell.is_here else self.number
        size, middle, base = max(12.0, size), x + w / 2, y + h / 2
        small = self._other(cell.other, w)
        low = h - max(5.0, small * 0.4) - (1.5 * self.unit if cell.change else 0.0)
        upper = low - small
        theirs = text_width(cell.other, "ui", small) if cell.other else 0.0
        is_below = bool(cell.other) and upper >= min(size, 14.0) * 1.05 and theirs <= w - 6
        size = min(size, upper / 1.05) if is_below else size
        mine = text_width(said, "ui", size, weight)
        is_beside = bool(cell.other) and not is_below and mine + theirs + 12 <= w
        if is_below:
            base = y + upper / 2
            yield Text(middle, y + low, cell.other, Ink("ink2"), small, anchor="middle")
        if is_beside:
            middle -= (theirs + 4) / 2
            right = middle + mine / 2 + 4
            yield Text(right, base + size * 0.36, cell.other, Ink("ink2"), small)
        if said:
            yield Text(middle, base + size * 0.36, said, Ink("ink"), size, weight, anchor="middle")

    def _other(self, said: str, room: float) -> float:
        """Px of TCP's number: smaller where the cell is narrow."""
        wide = text_width(said, "ui", self.small)
        return max(12.0, min(self.small, self.small * (room - 8) / wide)) if said else self.small

    def _frame(self, cell: CellRow, x: float, y: float, w: float, h: float) -> Iterator[Mark]:
        if cell.moves is not None:
            border, width = (Ink("ink"), 2.6) if cell.change or cell.is_here else (Ink("border"), 1.0)
            yield Rect(x, y, w, h, 5 * self.unit, Ink("surface2"), border, width * self.unit, id=cell.id)
            return
        if cell.change:
            yield Rect(x, y, w, h, 5 * self.unit, Ink("surface"), Ink("ink"), 2.0 * self.unit, (3.0, 2.5), id=cell.id)
            return
        frame, thick = (Ink("ink"), 2.6) if cell.is_here else (Ink("border", 0.6), 1.0)
        yield Rect(x, y, w, h, 5 * self.unit, Ink("surface"), frame, thick * self.unit, id=cell.id)
        inset = min(w, h) * 0.3
        middle, centre = x + w / 2, y + h / 2
        if not cell.is_here:
            half, thick = inset / 2, 1.4 * self.unit
            yield Line(middle - half, centre + half, middle + half, centre - half, Ink("ink3"), thick)

    # --- the legend ---

    def _swatch(self) -> float:
        """Px that a sample is wide."""
        return max(28 * self.unit, text_width(self.rows.here, "ui", self.small, 700) + 8 * self.unit)

    def _legend_lines(self) -> Iterator[list[tuple[str, str, float]]]:
        """The legend broken into lines: (kind, words, x)."""
        line: list[tuple[str, str, float]] = []
        x = MARGIN
        for kind, said in self.rows.legend:
            wide = self._swatch() + 6 * self.unit + text_width(said, "ui", self.small) + 20 * self.unit
            if line and x + wide > self.size[0] - MARGIN:
                yield line
                line, x = [], MARGIN
            line.append((kind, said, x))
            x += wide
        if line:
            yield line

    def _legend(self, top: float) -> Iterator[Mark]:
        for number, line in enumerate(self.legend):
            middle = top + self.small * 1.9 * (number + 0.5)
            for kind, said, x in line:
                w, h = self._swatch(), self.small * 1.45
                yield from self._sample(kind, x, middle - h / 2, w, h)
                yield Text(x + w + 6 * self.unit, middle + self.small * 0.36, said, Ink("ink2"), self.small)
        base = top + self.small * (1.9 * len(self.legend) + 1.1)
        for number, words in enumerate(self.said):
            yield Text(MARGIN, base + number * self.small * 1.5, words, Ink("ink2"), self.small)

    def _sample(self, kind: str, x: float, y: float, w: float, h: float) -> Iterator[Mark]:
        row = CellRow("", "", 7 if kind in ("moves", "gained") else None, kind if kind in ("gained", "lost") else "")
        if kind == "here":
            yield Rect(x, y, w, h, 4 * self.unit, Ink("ink"))
            base = y + h / 2 + self.small * 0.36
            yield Text(x + w / 2, base, self.rows.here, Ink("surface"), self.small, 700, anchor="middle")
            return
        yield from self._frame(row, x, y, w, h)
        said = {"gained": "+7", "lost": "−", "moves": "7"}.get(kind, "")
        if said:
            yield Text(x + w / 2, y + h / 2 + self.small * 0.36, said, Ink("ink"), self.small, 700, anchor="middle")
