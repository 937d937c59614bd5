"""Bands: what stands for segments that are too many to draw, a direction and a slice of time each.

Rules
-----
* A band is a line with the slope of its segments; a bar on its sender's side is as long as they are many, with
  their number in words. Of what a filter does not let through only a pale part remains.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tutor.view.crowd import Band
from tutor.view.marks import Box, Ink, Line, Mark, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.page import BAR, Page
from tutor.view.theme import Look, host_ink

REACH = 0.3
"""The longest bar's share of the room between two lifelines."""


class Number(NamedTuple):
    """How many a band stands for, in words, and where they are written."""

    words: str
    host: int
    box: Box


def bands(found: list[Band], page: Page, time: int) -> Iterator[Mark]:
    """The ground of every band, then its bar."""
    most = max((band.size for band in found), default=1)
    for band in found:
        yield from _ground(band, page, time, most)
    for band in found:
        yield from _bar(band, page, time, most)


def numbers(found: list[Band], page: Page, look: Look) -> list[Number]:
    """The bands' numbers; where time runs right, those that fit."""
    said: list[Number] = []
    size = max(page.least, page.text * 0.82)
    for band in found:
        side = 1 if page.x(band.receiver) > page.x(band.sender) else -1
        top, stop = page.y(band.start), page.y(band.stop)
        words = words_of(band, look, is_short=page.is_across)
        width = text_width(words, "ui", size, 600) + 10
        if (width > stop - top - 2 if page.is_across else size * 1.4 > stop - top) or top < page.top - 2:
            continue
        x, y = page.spot(page.x(band.sender) + side * (BAR / 2 + 8), (top + stop) / 2)
        if page.is_across:
            x, y = x - width / 2, y + side * size * 0.9
        elif side < 0:
            x -= width
        said.append(Number(words, band.sender, Box(x, y - size * 0.7, x + width, y + size * 0.7)))
    return said


def number_marks(number: Number, page: Page) -> Iterator[Mark]:
    """The words on an opaque ground."""
    box, size = number.box, max(page.least, page.text * 0.82)
    yield Rect(box.left, box.top, box.right - box.left, box.bottom - box.top, 4, Ink("surface", 0.9))
    yield Text(box.left + 5, box.bottom - size * 0.34, number.words, host_ink(number.host), size, 600)


def _ground(band: Band, page: Page, time: int, most: int) -> Iterator[Mark]:
    """One thin line with the slope of its segments, stronger where they are many: to fill a ground is slow."""
    start, stop = page.x(band.sender), page.x(band.receiver)
    inward = BAR / 2 if stop > start else -BAR / 2
    middle = (band.start + band.stop) / 2
    ends = page.spot(start + inward, page.y(middle)), page.spot(stop - inward, page.y(middle + band.delay))
    alpha = 0.25 + 0.5 * band.size / most
    ink = Ink("ink3", alpha * 0.6) if band.start > time else host_ink(band.sender, alpha)
    yield Line(*ends[0], *ends[1], ink, 1)


def _bar(band: Band, page: Page, time: int, most: int) -> Iterator[Mark]:
    start, stop = page.x(band.sender), page.x(band.receiver)
    side = 1 if stop > start else -1
    top, room = page.y(band.start), page.y(band.stop) - page.y(band.start) - 4
    if room < 4:
        return
    parts = ((band.size, 0.28), (band.matched, 0.7)) if band.matched < band.size else ((band.size, 0.7),)
    for count, alpha in parts:
        length = max(3.0, abs(stop - start) * REACH * count / most) if count else 0.0
        near = start + side * (BAR / 2 + 2)
        ink = Ink("ink3", alpha * 0.6) if band.start > time else host_ink(band.sender, alpha)
        x, y = page.spot(min(near, near + side * length), top + 2)
        w, h = page.spot(length, room)
        yield Rect(x, y, w, h, 2, ink)


def words_of(band: Band, look: Look, *, is_short: bool = False) -> str:
    """How many they are, how many of them the filter lets through, and how many notable ones are not drawn."""
    t = look.words.t
    count = str(band.size) if band.matched == band.size else t("{n} of {total}", n=band.matched, total=band.size)
    if is_short:
        return count
    if band.hidden:
        return t("{n} segments, {m} of them notable", n=count, m=band.hidden)
    return t("{n} segments", n=count)
