"""Alike: is TCP broken by the very moves that break a variant, so that they say nothing of the variant?

Rules
-----
* The moves are made once more under TCP's own rules, within the same budget; a segment is the same if it is told the
  same: its flags and its octets. Where more than one is, every one is tried.
* TCP sends more than some variants do. What is under way after the last move may arrive; nothing else is added.
* Only a known exception counts (``exceptions``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from tutor.explore.breadth import Statistics
from tutor.explore.exceptions import Known, exception_for
from tutor.explore.model import Model
from tutor.explore.onward import SEGMENT_MOVES
from tutor.explore.parts import Move, World
from tutor.explore.search import Answer
from tutor.explore.verdict import PROPERTIES
from tutor.tcp.variant import TCP

MOST = 64
"""Runs that are followed side by side."""

ARRIVALS = 4
"""Segments that may arrive after the last move."""


class Alike(NamedTuple):
    """The exception that TCP is broken by, and how many segments had to arrive after the last move."""

    known: Known
    arrivals: int


_Run = tuple[tuple[Move, ...], tuple[World, ...]]


def breaks_tcp(answer: Answer, prop: str) -> Alike | None:
    """The known exception by which the moves of ``answer`` break ``prop`` of TCP itself; None if they do not."""
    bit = PROPERTIES[prop]
    model = Model(answer.model.play._replace(variant=TCP, watched=bit))
    wanted = [_told(answer.model, move) for move in answer.path]
    runs: list[_Run] = [((), (model.start(),))]
    for place in range(len(wanted) + ARRIVALS):
        runs = list(_led(model, runs, wanted[place] if place < len(wanted) else None))
        for path, worlds in runs:
            if model.broken(worlds[-1]) & bit:
                known = exception_for(prop, Answer(model, Statistics(), path, worlds, (prop,)))
                return Alike(known, max(0, len(path) - len(wanted))) if known is not None else None
    return None


def _led(model: Model, runs: Iterable[_Run], wanted: tuple[Any, ...] | None) -> Iterable[_Run]:
    """Every run, one move further: the one that is ``wanted``, or any arrival."""
    further: dict[World, _Run] = {}
    for path, worlds in runs:
        for move, after in model.successors(worlds[-1]):
            is_meant = move.kind == "deliver" and not move.choice if wanted is None else _told(model, move) == wanted
            if is_meant and len(further) < MOST:
                further.setdefault(after, ((*path, move), (*worlds, after)))
    return further.values()


def _told(model: Model, move: Move) -> tuple[Any, ...]:
    """A move as it is told."""
    what = move.what if move.kind == "expire" else None
    if move.kind in SEGMENT_MOVES:
        value = model.store.value(move.what)
        segment = (value[0] if move.kind == "late" else value).segment
        what = segment.flags, segment.length
    return move.kind, move.side, move.choice, what
