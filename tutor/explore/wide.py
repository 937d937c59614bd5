"""Wide: a search that goes on with whole levels at a time.

Rules
-----
* It begins where a level has become wide, and never goes back: for few worlds, one at a time is faster.
* It is the same search (``columns``): equally many worlds and moves, in the same order, with shortest ways as long.
* A level is cut into pieces of ``PIECE`` worlds; between two of them it can be watched and called off.
* Kept of a world: one integer, its cells in ``Visited``, and by which move of which world it was found. That is some 30
  octets; with all the parts that worlds are made of, measured, 110 to 220 a world (as tuples in a dict: 250).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tutor.explore.breadth import Statistics
from tutor.explore.columns import Columns
from tutor.explore.model import Model
from tutor.explore.parts import Move, World
from tutor.explore.visited import Visited

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

PIECE = 8192
"""Worlds that are looked at together."""


class Wide:
    """A search that goes on. ``worlds``: all that were seen, in order; the last of them are the level."""

    def __init__(self, model: Model, worlds: Sequence[World]) -> None:
        self._columns = Columns(model)
        self._visited = Visited()
        self._visited.enter(self._columns.number(list(worlds)))
        self._begun = len(worlds)
        self._found_by: list[tuple[int, Array, Array]] = []
        """(first number of some worlds, the numbers of those that led to them, by which moves)."""
        self.found: int | None = None
        """The number of the first world in which a watched property is broken."""

    def go_on(
        self, width: int, statistics: Statistics, progress: Callable[[Statistics], bool] | None, most: int | None
    ) -> None:
        """Search on from the last ``width`` worlds, as ``breadth_first`` does."""
        first = len(self._visited) - width
        while first < len(self._visited):
            if self._wait(first, statistics) or (most is not None and statistics.depth >= most):
                return
            stop = len(self._visited)
            for start in range(first, stop, PIECE):
                if progress is not None and not progress(statistics):
                    statistics.is_cancelled = True
                    return
                made = self._columns.successors(self._visited[start : min(start + PIECE, stop)])
                if self._enter(start, made, statistics):
                    statistics.depth += 1
                    return
            first = stop
            statistics.depth += first < len(self._visited)
        statistics.is_complete = True

    def _wait(self, first: int, statistics: Statistics) -> bool:
        """Add to the level what is reached from it at no cost; returns whether that is enough."""
        while first < len(self._visited):
            stop = min(first + PIECE, len(self._visited))
            made = self._columns.waits(self._visited[first:stop])
            moves = statistics.moves
            if self._enter(first, made, statistics):
                return True
            statistics.moves = moves
            first = stop
        return False

    def _enter(self, first: int, made: tuple[Array, Array, Array], statistics: Statistics) -> bool:
        """Enter the worlds that moves have led to; returns whether one of them is enough."""
        import numpy as np

        row, move, led = made
        number = len(self._visited)
        new = self._visited.enter(led)
        self._found_by.append((number, (row[new] + first).astype(np.int32), move[new].astype(np.int32)))
        broken = np.flatnonzero(self._columns.broken(led[new]))
        if len(broken):
            self.found = number + int(broken[0])
            statistics.worlds += int(broken[0]) + 1
            statistics.moves += int(new[broken[0]]) + 1
            return True
        statistics.worlds += len(new)
        statistics.moves += len(led)
        return False

    def way_to(self, number: int) -> tuple[tuple[Move, ...], tuple[World, ...]]:
        """The moves that led to a world from one that was seen before, and the worlds on the way."""
        path: list[Move] = []
        worlds = [self._world(number)]
        for first, parents, moves in reversed(self._found_by):
            if first <= number:
                path.append(self._columns.moves[moves[number - first]])
                number = int(parents[number - first])
                worlds.append(self._world(number))
        return tuple(reversed(path)), tuple(reversed(worlds))

    def _world(self, number: int) -> World:
        return self._columns.world(int(self._visited[number : number + 1][0]))
