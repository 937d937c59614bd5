"""Crowd: which segments of a page are drawn one by one, and what stands for the rest.

Rules
-----
* A page draws ``MOST`` segments one by one, give or take those that must not be missed. Beyond that it is cut into
  slices of ``SLICE`` px, fixed in time so that they do not flicker as the page moves; of a slice that holds more than
  its share a band a direction remains, with their number, and up to ``KEPT`` of those that open, close, reset, repeat
  or fail. So a frame costs the same, whatever the run holds.
* How a segment ends is not known before it has ended: a failure after the horizon does not count as one.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple
from weakref import WeakKeyDictionary

from tutor.view.page import Page
from tutor.view.story import Story
from tutor.world.index import LARGE, Column, Index, as_array, places_where, within
from tutor.world.records import FATES

DELIVERED = FATES.index("delivered")

MOST = 90
"""Of more segments than this on a page not all are drawn one by one."""
SLICE, SLICE_ACROSS = 30.0, 84.0
"""Px of a slice; where time runs right, numbers need more."""
KEPT = 2
"""Of the notable ones of a crowded slice so many are drawn."""
SLOW_ONES = 40
"""Of the slow ones, which may have left long before the page, so many are looked at."""


class Band(NamedTuple):
    """Segments from ``sender`` to ``receiver`` that left between two moments; ``delay``: how long one of them takes.

    ``hidden`` of them are notable and not drawn; ``matched``: how many a filter lets through.
    """

    sender: int
    receiver: int
    start: int
    stop: int
    delay: int
    size: int
    hidden: int
    matched: int


class Chosen(NamedTuple):
    """Places of what is drawn one by one, in order, and the bands."""

    places: list[int]
    bands: list[Band]


class Way(NamedTuple):
    """One direction of a run: the places of its segments, and of those that must not be missed."""

    sender: int
    receiver: int
    places: Column
    notable: Column


_WAYS: WeakKeyDictionary[Index, tuple[Way, ...]] = WeakKeyDictionary()


def ways(index: Index) -> tuple[Way, ...]:
    """Every direction in which something was sent, made once for an index."""
    if index not in _WAYS:
        _WAYS[index] = _ways(index)
    return _WAYS[index]


def _ways(index: Index) -> tuple[Way, ...]:
    senders, receivers = index.columns["sender"], index.columns["receiver"]
    if len(index) < LARGE:
        notable = {*index.special, *index.failed}
        found: dict[tuple[int, int], list[int]] = {}
        for place, ends in enumerate(zip(senders, receivers, strict=True)):
            found.setdefault(ends, []).append(place)
        return tuple(
            Way(*ends, places, [place for place in places if place in notable])
            for ends, places in sorted(found.items())
        )
    import numpy as np

    ends = as_array(senders).astype("u2") * 256 + as_array(receivers)
    stands_out = np.zeros(len(index), bool)
    for places in (index.special, index.failed):
        stands_out[as_array(places)] = True
    return tuple(
        Way(int(pair) // 256, int(pair) % 256, places_where(ends == pair), places_where((ends == pair) & stands_out))
        for pair in np.unique(ends)
    )


def choose(
    told: Story, page: Page, horizon: int | None, since: int = 0, nominal: int | None = None, passing: Passing = None
) -> Chosen:
    """What of a run is drawn on a page. ``nominal``: with a horizon, how long a flight usually takes."""
    index = told.index
    span = index.span(page.first, page.last)
    if since:
        span = range(max(span.start, bisect_left(index.sent_at, since)), span.stop)
    slow = [place for place in within(index.slow, range(span.start))[-SLOW_ONES:] if _reaches(index, place, page.first)]
    if len(span) <= MOST:
        return Chosen([*slow, *span], [])
    chosen = Chosen(slow, [])
    share = max(3, MOST * slice_of(page) / max(1.0, page.length))
    for start, stop in _slices(page, index.sent_at[span.start]):
        inside = index.sent_between(start, stop)
        inside = range(max(inside.start, span.start), min(inside.stop, span.stop))
        if len(inside) <= share:
            chosen.places.extend(inside)
            continue
        kept: list[int] = []
        for number, way in enumerate(ways(index)):
            places = within(way.places, inside)
            if not len(places):
                continue
            drawn, notable = _notable(index, within(way.notable, inside), horizon)
            kept += drawn
            delay = nominal or max(0, index.columns["ends_at"][places[0]] - index.sent_at[places[0]])
            matched = len(places) if passing is None else len(within(passing[number], inside))
            hidden = notable - len(drawn)
            chosen.bands.append(Band(way.sender, way.receiver, start, stop, delay, len(places), hidden, matched))
        chosen.places.extend(sorted(kept))
    return chosen


Passing = tuple[Column, ...] | None
"""By direction the places that a filter lets through; None: there is no filter."""


def _notable(index: Index, places: Column, horizon: int | None) -> tuple[list[int], int]:
    """(those to be drawn, how many there are): what failed goes first, but not before it has failed."""
    ends_at, fates = index.columns["ends_at"], index.columns["fate"]
    if horizon is not None:
        places = [
            place
            for place in places
            if ends_at[place] <= horizon or fates[place] == DELIVERED or index.is_special(place)
        ]
    first = sorted(places[: 8 * KEPT], key=lambda place: fates[place] == DELIVERED)
    return first[:KEPT], len(places)


def slice_of(page: Page) -> float:
    """Px of a slice."""
    return SLICE_ACROSS if page.is_across else SLICE


def _reaches(index: Index, place: int, time: int) -> bool:
    return index.row(place).over_at >= time


def _slices(page: Page, earliest: int) -> list[tuple[int, int]]:
    """From, to of each slice that the page shows, and of those before it from which something still is on its way."""
    wall = slice_of(page) / page.scale
    before = page.first - (page.last - page.first)
    number = int(page.tempo.to_wall(max(earliest, before)) // wall)
    slices: list[tuple[int, int]] = []
    start = page.tempo.to_time(number * wall)
    while start <= page.last:
        number += 1
        stop = page.tempo.to_time(number * wall)
        if stop <= start:
            return [*slices, (start, page.last + 1)]
        slices.append((start, min(stop, page.last + 1)))
        start = stop
    return slices
