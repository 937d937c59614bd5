"""Breadth first: level by level, nearest first. The one search, whatever the worlds are made of.

Rules
-----
* Whoever asks says what can follow a world (``successors``, in a fixed order) and what to do with each that follows
  (``visit``). So the first way found to anything is one of the shortest, and always the same.
* A search can be watched and called off between two worlds; it then says how far it got.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

W = TypeVar("W")
M = TypeVar("M")

SKIP, ENTER, STOP = range(3)
"""What ``visit`` answers: known already, or not to be gone on from; go on from it later; enough."""

EVERY = 64
"""Worlds between two reports of progress: a few milliseconds, and where worlds are slow, still not long."""

WIDE = 1000
"""Worlds of a level that are worth to be looked at together."""


@dataclass(slots=True)
class Statistics:
    """How much was searched. ``is_complete``: the whole bound, so that what was not found does not exist within it."""

    worlds: int = 1
    """Distinct worlds that were reached."""
    moves: int = 0
    """Moves made, to known worlds and to new ones."""
    depth: int = 0
    """Moves from the beginning to the farthest world."""
    is_complete: bool = False
    is_cancelled: bool = False


def breadth_first(
    start: W,
    successors: Callable[[W], Iterable[tuple[M, W]]],
    visit: Callable[[W, M, W], int],
    progress: Callable[[Statistics], bool] | None = None,
    waits: Callable[[W], Iterable[tuple[M, W]]] | None = None,
    most: int | None = None,
    widen: Callable[[int, Statistics], None] | None = None,
) -> Statistics:
    """Search from ``start`` until ``visit`` says STOP, ``progress`` says False (call it off), or nothing is new.

    ``waits``: those moves of a world that cost nothing: what they lead to lies as near as the world itself.
    ``most``: no way that costs more is gone. ``widen`` takes over when ``WIDE`` worlds or more lie equally near: those
    that were entered last.
    """
    statistics = Statistics()
    level = [start]
    looked_at = 0
    while level:
        if widen is not None and len(level) >= WIDE:
            widen(len(level), statistics)
            return statistics
        if waits is not None and _waited(level, waits, visit, statistics):
            return statistics
        if most is not None and statistics.depth >= most:
            return statistics
        following: list[W] = []
        for world in level:
            looked_at += 1
            if progress is not None and looked_at % EVERY == 0 and not progress(statistics):
                statistics.is_cancelled = True
                return statistics
            for move, after in successors(world):
                statistics.moves += 1
                verdict = visit(world, move, after)
                if verdict:
                    statistics.worlds += 1
                    if verdict == STOP:
                        statistics.depth += 1
                        return statistics
                    following.append(after)
        level = following
        statistics.depth += bool(level)
    statistics.is_complete = True
    return statistics


def _waited(
    level: list[W],
    waits: Callable[[W], Iterable[tuple[M, W]]],
    visit: Callable[[W, M, W], int],
    statistics: Statistics,
) -> bool:
    """Add to ``level`` what is reached from it at no cost; returns whether that is enough."""
    for world in level:
        for move, after in waits(world):
            verdict = visit(world, move, after)
            if verdict:
                statistics.worlds += 1
                if verdict == STOP:
                    return True
                level.append(after)
    return False
