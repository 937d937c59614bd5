"""Chips: what a segment says, written on its rung.

Rules
-----
* Chips never touch: they move along their rung and beside it, and give up their numbers first.
* A tag is red where the segment was lost, repeated or spoilt; in ink where somebody else had a hand in it.
* What is not looked at (another connection, not let through by the filter) has no chip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tutor.tcp.segment import FIN, RST, SYN, flags_text
from tutor.view.marks import Box, Ink, Mark, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.page import BAR, Page
from tutor.view.rungs import CROWD, Rung
from tutor.view.theme import Look, host_ink
from tutor.world.index import Row

GAP = 4.0
"""Px between two chips."""
ROW = 48.0
"""Px of a row of the grid in which chips are looked for."""
CROSSING = ((0.46, 0.0), (0.40, 0.35), (0.52, -0.35), (0.3, 0.0), (0.62, 0.0), (0.46, 1.0), (0.46, -1.0), (0.46, 1.4))
"""Where a chip is tried: share of its way, and chips' heights beside the rung."""
DYING = ((0.30, 0.0), (0.30, -0.6), (0.30, 0.6), (0.30, 1.2), (0.30, -1.2))
AT_ONCE = tuple((0.46, 1.2 * row) for row in range(14))
"""What takes no time is told from its moment downwards, in the order in which it left."""
FLYING = ((0.30, -0.9), (0.46, -0.9), (0.30, -1.5), (0.46, 0.9), (0.30, 1.5), (0.46, 2.0))
"""A chip in flight keeps clear of its dot."""
ACROSS = (0.46, 0.3, 0.62, 0.2, 0.75, 0.38, 0.54, 0.12, 0.86)
"""Shares of its way at which a chip is tried where time runs right."""
ACROSS_SHORT = (0.3, 0.18, 0.44, 0.08)


class Chip(NamedTuple):
    """What a chip says, and where it lies."""

    rung: Rung
    flags: str
    numbers: str
    tags: tuple[tuple[str, str], ...]
    box: Box


@lru_cache(maxsize=256)
def screen_flags(flags: int) -> str:
    """Flags as the screen joins them: ``SYN+ACK``."""
    return flags_text(flags, "+")


def numbers_of(row: Row) -> str:
    """``seq=1 ack=1 len=100``: what is worth saying of this segment."""
    return _numbers(bool(row.seq_length or row.flags & RST or row.ack is None), row.seq, row.ack, row.length)


@lru_cache(maxsize=4096)
def _numbers(has_seq: bool, seq: int, ack: int | None, length: int) -> str:
    words = [f"seq={seq}"] if has_seq else []
    if ack is not None:
        words.append(f"ack={ack}")
    if length:
        words.append(f"len={length}")
    return " ".join(words)


def sack_of(row: Row) -> str:
    """``sack=1461-2921``: what has arrived out of order; empty if nothing is said of it."""
    return "sack=" + ",".join(f"{left}-{right}" for left, right in row.sack) if row.sack else ""


def _tags(rung: Rung, look: Look) -> tuple[tuple[str, str], ...]:
    """(words, role) of what is out of the ordinary. What has not happened yet is not said."""
    t, row = look.words.t, rung.row
    tags = [(t("RETRANSMIT #{n}", n=row.retransmission), "err")] if row.retransmission else []
    if row.is_forged:
        tags.append((t("FORGED"), "ink"))
    if rung.phase == "lost":
        tags.append(({"dropped": t("DROPPED"), "cut": t("CABLE CUT")}.get(row.fate, t("LOST")), "err"))
    elif rung.phase == "past" and row.fate == "corrupted":
        tags.append((t("CORRUPTED"), "err"))
    elif rung.is_extra and rung.phase == "past":
        tags.append((t("DUPLICATE"), "ink2"))
    return tuple(tags)


def chips(rungs: list[Rung], page: Page, look: Look, taken: Iterable[Box] = ()) -> list[Chip]:
    """A chip for each rung, none touching another or what is ``taken``; where there is no room, without its numbers,
    or none at all."""
    grid: dict[int, list[Box]] = {}
    for box in taken:
        _take(grid, box)
    placed: list[Chip] = []
    is_crowd = len(rungs) > CROWD
    for rung in sorted(rungs, key=_rank):
        if rung.phase == "ghost" or rung.tone or (rung.phase == "flying" and rung.is_extra):
            continue
        full = numbers_of(rung.row) if not rung.phase.startswith("future") or not page.is_narrow else ""
        tries_each = 1 if is_crowd and _is_plain(rung) else 99
        whole = f"{full} {sack_of(rung.row)}".rstrip() if full else ""
        forms = (full,) if tries_each == 1 else dict.fromkeys((whole, full, ""))
        tries = (_place(rung, numbers, page, look, grid, tries_each) for numbers in forms)
        found = next((chip for chip in tries if chip is not None), None)
        if found is not None:
            _take(grid, found.box)
            placed.append(found)
    return sorted(placed, key=lambda chip: (chip.box.top, chip.box.left))


def _take(grid: dict[int, list[Box]], box: Box) -> None:
    for row in _rows(box):
        grid.setdefault(row, []).append(box)


def _rank(rung: Rung) -> tuple[bool, bool, int, int, bool]:
    """Who gets room first: what has gone wrong, opens, closes or resets; then from top to bottom."""
    yields = _is_plain(rung) and not _is_at_once(rung)
    return rung.phase.startswith("future"), yields, rung.row.sent_at, rung.row.number, rung.is_extra


def _is_plain(rung: Rung) -> bool:
    """Is it one of many: neither lost nor repeated, and does it neither open, close nor reset?"""
    row = rung.row
    return rung.phase != "lost" and not row.retransmission and not row.flags & (SYN | FIN | RST)


def _is_at_once(rung: Rung) -> bool:
    """Does it arrive, or get lost, at the moment it leaves?"""
    return 0.0 in (rung.dx, rung.dy) and rung.phase != "flying"


def _rows(box: Box) -> range:
    """The rows of a coarse grid that a box lies in: chips in other rows cannot touch it."""
    return range(int((box.top - GAP) // ROW), int((box.bottom + GAP) // ROW) + 1)


def _place(
    rung: Rung, numbers: str, page: Page, look: Look, grid: dict[int, list[Box]], tries_each: int
) -> Chip | None:
    """The chip at the first free place along the rung or right beside it, or None."""
    flags = screen_flags(rung.row.flags)
    tags = _tags(rung, look)
    width, height = _width(flags, numbers, tags, page.text), page.text * 1.62
    place = _across if page.is_across else _down
    for x, y in place(rung, page, width, height, tries_each) if not numbers or _has_room(rung, page, width) else ():
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if _is_free(box, grid):
            return Chip(rung, flags, numbers, tags, box)
    return None


def _is_free(box: Box, grid: dict[int, list[Box]]) -> bool:
    left, top, right, bottom = box.left - GAP, box.top - GAP, box.right + GAP, box.bottom + GAP
    for row in _rows(box):
        for other in grid.get(row, ()):
            if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
                return False
    return True


def _limits(rung: Rung, page: Page, size: float) -> tuple[float, float]:
    """Between which two places across the lifelines the middle of something of this size may lie."""
    low, high = sorted((page.x(rung.row.sender), page.x(rung.row.receiver)))
    return low + BAR + size / 2, high - BAR - size / 2


def _has_room(rung: Rung, page: Page, width: float) -> bool:
    low, high = _limits(rung, page, width)
    return page.is_across or low <= high


def _down(rung: Rung, page: Page, width: float, height: float, most: int) -> Iterator[tuple[float, float]]:
    """Middles to try where time runs down: along the rung, and right above or below it."""
    low, high = _limits(rung, page, width)
    for share, shift in _tries(rung)[:most]:
        x = rung.x1 + rung.dx * share
        x = (low + high) / 2 if low > high else max(low, min(high, x))
        y = rung.y1 + rung.dy * share + shift * height
        if y - height / 2 >= page.top - 14 and y + height / 2 <= page.bottom + 16:
            yield x, y


def _tries(rung: Rung) -> tuple[tuple[float, float], ...]:
    """(share of the way, chips' heights above or below the rung) in order of preference."""
    if rung.phase == "flying":
        return FLYING
    if _is_at_once(rung):
        return AT_ONCE
    return DYING if rung.phase in ("lost", "future-lost") else CROSSING


def _across(rung: Rung, page: Page, width: float, height: float, most: int) -> Iterator[tuple[float, float]]:
    """Where time runs right: higher or lower on the rung."""
    low, high = _limits(rung, page, height)
    for share in (ACROSS_SHORT if rung.phase in ("lost", "future-lost", "flying") else ACROSS)[:most]:
        x, y = rung.x1 + rung.dx * share, max(low, min(high, rung.y1 + rung.dy * share))
        x = max(page.top - 8 + width / 2, min(page.bottom + 10 - width / 2, x))
        yield x, y


@lru_cache(maxsize=4096)
def _width(flags: str, numbers: str, tags: tuple[tuple[str, str], ...], size: float) -> float:
    width = text_width(flags, "ui", size, 700) + 20
    if numbers:
        width += text_width(numbers, "mono", size * 0.93) + 8
    return width + sum(text_width(tag, "ui", max(12.0, size * 0.74), 700) + 18 for tag, _ in tags)


def chip_marks(chip: Chip, page: Page, look: Look) -> Iterator[Mark]:
    """Flags in bold, numbers in mono, tags in red."""
    rung, box, size = chip.rung, chip.box, page.text
    identity = f"flight:{rung.row.number}"
    is_future, is_bad = (
        rung.phase.startswith("future"),
        rung.phase == "lost" or (rung.row.fate == "corrupted" and rung.phase == "past"),
    )
    ink = Ink("ink3") if is_future else Ink("err") if is_bad else host_ink(rung.host)
    border = Ink("accent") if look.selection == identity else Ink("border") if is_future else ink
    fill = Ink("surface")
    width = 2.6 if look.selection == identity else 1.6
    yield Rect(box.left, box.top, box.right - box.left, box.bottom - box.top, 7, fill, border, width, id=identity)
    base = (box.top + box.bottom) / 2 + size * 0.36
    x = box.left + 10
    yield Text(x, base, chip.flags, ink, size, 700, id=identity)
    x += text_width(chip.flags, "ui", size, 700) + 8
    if chip.numbers:
        small = size * 0.93
        yield Text(x, base, chip.numbers, Ink("ink3") if is_future else Ink("ink2"), small, 400, "mono", id=identity)
        x += text_width(chip.numbers, "mono", small) + 8
    for tag, role in chip.tags:
        small = max(12.0, size * 0.74)
        wide = text_width(tag, "ui", small, 700) + 12
        yield Rect(x - 2, box.top + 4, wide, box.bottom - box.top - 8, 5, Ink(role), id=identity)
        ink = Ink("on" if role == "err" else "surface")
        yield Text(x + 4, base - size * 0.09, tag, ink, small, 700, id=identity)
        x += wide + 6
