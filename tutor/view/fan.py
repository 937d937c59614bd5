"""Fan: segments whose lines would lie on one another are drawn a few px apart, in the order in which they left.

Rules
-----
* Only what leaves and arrives with its neighbour is moved, along time and by ``FARTHEST`` at the most; the first of a
  group stays where it is. What is on its way keeps to the cursor: its dot falls back a little instead.
* A group of many is drawn with thinner lines, so that they can be counted.
* What takes no time has a row of its own each: below its moment, in the order in which it left.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from tutor.view.page import Page
from tutor.view.perches import is_at_once
from tutor.view.rungs import Rung

NEAR = 5.0
"""Px: nearer than that at both ends, two lines of one direction are a group."""
PAIR, FEW, MANY = 8.0, 5.5, 3.0
"""Px between the lines of two or three, of up to six, of more."""
FARTHEST = 30.0
"""Px by which a line is moved at most."""
CLOSE = 18.0
"""Px: a line whose middle is nearer than that to another's is close to it."""
ROWS, MOST_ROWS = 1.95, 12
"""Heights of the text that a row takes of what takes no time; so many of them at the most."""


def fanned(rungs: list[Rung], page: Page) -> list[Rung]:
    """The same rungs in the same order; those of a group apart, and each knows its place in it."""
    ways: dict[tuple[int, int], list[int]] = {}
    for place, rung in enumerate(rungs):
        ways.setdefault((rung.row.sender, rung.row.receiver), []).append(place)
    result = list(rungs)
    for places in ways.values():
        if len(places) > 1:
            moves = _moves([rungs[place] for place in places], page)
            for move, is_close, place in zip(moves, _closeness(moves), places, strict=True):
                if move.of > 1 or is_close:
                    result[place] = _moved(rungs[place], move, page, is_close=is_close)
    return result


class Move(NamedTuple):
    """Where along time a rung begins and ends now, by how much it was moved, and its place in its group."""

    start: float
    stop: float
    first: float
    second: float
    nth: int
    of: int


def _moves(way: list[Rung], page: Page) -> list[Move]:
    """One for each rung of a direction: neighbours that leave and end together are moved apart, each end by itself."""
    ends = [(rung.x1, rung.x2) if page.is_across else (rung.y1, rung.y2) for rung in way]
    cuts = [0]
    for place in range(1, len(ends)):
        (start, stop), (last, over) = ends[place], ends[place - 1]
        if not (-NEAR < start - last < NEAR and -NEAR < stop - over < NEAR):
            cuts.append(place)
    moves: list[Move] = []
    for first, last in pairwise([*cuts, len(ends)]):
        if last - first == 1:
            moves.append(Move(*ends[first], 0.0, 0.0, 0, 1))
        else:
            moves += _apart(ends[first:last], *_gap(way[first:last], page))
    return moves


def _gap(group: list[Rung], page: Page) -> tuple[float, float]:
    """Px between the lines of a group, and px by which one is moved at most."""
    if not page.is_across and all(is_at_once(rung) for rung in group):
        return ROWS * page.text, ROWS * page.text * MOST_ROWS
    return (PAIR if len(group) <= 3 else FEW if len(group) <= 6 else MANY), FARTHEST


def _apart(ends: list[tuple[float, float]], gap: float, most: float) -> list[Move]:
    moves: list[Move] = []
    before, after = -1e9, -1e9
    for nth, (start, stop) in enumerate(ends):
        before, after = min(max(start, before + gap), start + most), min(max(stop, after + gap), stop + most)
        moves.append(Move(before, after, before - start, after - stop, nth, len(ends)))
    return moves


def _closeness(moves: list[Move]) -> list[bool]:
    """Of each: does a neighbour's line run close by?"""
    middles = [(move.start + move.stop) / 2 for move in moves]
    near = [-CLOSE < after - before < CLOSE for before, after in pairwise(middles)]
    return [one or other for one, other in zip([False, *near], [*near, False], strict=True)]


def _moved(rung: Rung, move: Move, page: Page, *, is_close: bool) -> Rung:
    """The rung with its ends moved along time; one in flight falls back on its own slope."""
    row, x1, y1, x2, y2, dx, dy, phase, is_extra, tone = rung[:10]
    if phase == "flying":
        along, across = (x2 - x1, y2 - y1) if page.is_across else (y2 - y1, x2 - x1)
        share = min(1.0, move.first / along) if along > 0 else 0.0
        if page.is_across:
            x1, y2 = x1 + along * share, y2 - across * share
        else:
            y1, x2 = y1 + along * share, x2 - across * share
    elif page.is_across:
        x1, x2, dx = move.start, move.stop, dx + move.second - move.first
    else:
        y1, y2, dy = move.start, move.stop, dy + move.second - move.first
    return Rung(row, x1, y1, x2, y2, dx, dy, phase, is_extra, tone, move.nth, move.of, is_close)
