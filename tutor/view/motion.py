"""Motion: how far something has got, as a function of the share of its time that has passed.

Rules
-----
* Everything is a pure function of a number from 0 to 1: no animation has a state, so export and step back agree.
"""

from __future__ import annotations

import math
from itertools import pairwise

from tutor.view.marks import Point


def eased(share: float) -> float:
    """Slow, fast, slow (cubic in and out)."""
    share = min(1.0, max(0.0, share))
    return 4 * share**3 if share < 0.5 else 1 - (2 - 2 * share) ** 3 / 2


def along(points: tuple[Point, ...], share: float) -> Point:
    """The point at ``share`` of the length of a chain of chords."""
    lengths = [math.dist(a, b) for a, b in pairwise(points)]
    left = share * sum(lengths)
    for (a, b), length in zip(pairwise(points), lengths, strict=True):
        if left <= length and length:
            return a[0] + (b[0] - a[0]) * left / length, a[1] + (b[1] - a[1]) * left / length
        left -= length
    return points[-1]


def at_length(points: tuple[Point, ...], length: float) -> Point:
    """The point ``length`` px along a chain of chords."""
    whole = sum(math.dist(a, b) for a, b in pairwise(points))
    return along(points, min(1.0, length / whole)) if whole else points[0]
