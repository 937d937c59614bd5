"""Elsewhere: what a search finds from other beginnings than one's own, and with numbers in other orders.

Whoever plays does so from one beginning, with fresh numbers in one order. That nothing can be done from there is a
statement about a protocol only if nothing can be done from anywhere else.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from tutor.explore.breadth import Statistics
from tutor.explore.parts import ORDERS, Play, cost
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.search import Progress, shortest


class Elsewhere(NamedTuple):
    """What was found: how many moves the shortest way is, and from where it goes; 0 moves: there is none."""

    moves: int
    beginning: str
    below: tuple[bool, bool]
    worlds: int
    """Distinct worlds of all searches together."""
    is_complete: bool
    """Were all of them searched to their end?"""

    @property
    def is_found(self) -> bool:
        """Can it be done from elsewhere?"""
        return bool(self.moves)


def others(play: Play) -> tuple[Play, ...]:
    """Every other beginning and order; the other beginning with numbers as ``play`` has them comes first."""
    every = (play._replace(beginning=begins, below=below) for below, begins in product(ORDERS, (FORGOTTEN, OPEN)))
    return tuple(each for each in every if each != play)


def elsewhere(play: Play, progress: Progress | None = None) -> Elsewhere:
    """Search from all of ``others``; ``progress`` is told of all worlds so far."""
    before, seen = 0, 0

    def all_so_far(statistics: Statistics) -> bool:
        nonlocal before, seen
        if statistics.worlds < seen:
            before += seen
        seen = statistics.worlds
        return progress is None or progress(Statistics(before + seen, depth=statistics.depth))

    answers = shortest(others(play), all_so_far)
    last = answers[-1]
    is_found = last.is_found
    return Elsewhere(
        cost(last.path) if is_found else 0,
        last.model.play.beginning,
        last.model.play.below,
        sum(each.statistics.worlds for each in answers),
        is_found or all(each.statistics.is_complete for each in answers),
    )
