"""Chips: what a segment says, written on its rung.

Rules
-----
* Chips never touch; where they may lie is the business of ``perches``. They give up their numbers first.
* Room goes to what is selected, lost, repeated, spoilt, forged or doubled, then to what is on its way.
* A tag is red where the segment was lost, repeated or spoilt; in ink where somebody else had a hand in it. Where its
  word has no room a sign stands for it: ``#1`` repeated, ``×2`` doubled, ``≠`` spoilt, ``⚠`` forged; the title of
  the segment says which.
* Many alike whose lines lie close together have one chip, which says how many they are.
* Of the future that was left the chips are grey with a dotted border, and give way to all others.
* What is on its way is written large, unless that takes it far from its line: then no larger than the others.
* What is not looked at (another connection, not let through by the filter) has no chip, unless it is selected.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from operator import and_
from typing import NamedTuple

from tutor.joining import aside, listed
from tutor.tcp.segment import FIN, RST, SYN, flags_text
from tutor.tcp.seq import counted
from tutor.view.marks import Box, Ellipse, Ink, Line, Mark, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.page import BESIDE, Page
from tutor.view.perches import (
    GAP,
    Grid,
    Point,
    crosses_and_dots,
    far,
    has_room,
    is_at_once,
    last_of_line,
    near,
    thread_from,
)
from tutor.view.rungs import CROWD, Rung
from tutor.view.theme import Look, host_ink
from tutor.words import FATES
from tutor.world.index import Row

__all__ = ["GAP", "Chip", "chips_marks", "chips", "numbers_of", "sack_of", "screen_flags", "title_of"]

UNREAL = frozenset({"future", "future-lost", "ghost"})
"""What has not happened, or not so."""
SIGN = 5.0
"""Px between what a chip says and a sign behind it."""
MANY = 4
"""So many plain segments whose lines lie close together have one chip."""


class Tag(NamedTuple):
    """What is out of the ordinary: ``words`` on a ground of ``role``, or a ``sign`` for them without one; ``told`` in
    the segment's title."""

    words: str
    role: str
    told: str
    sign: str = ""
    is_sign: bool = False


Tags = tuple[Tag, ...]


class Chip(NamedTuple):
    """What a chip says, and where it lies."""

    rung: Rung
    flags: str
    numbers: str
    tags: Tags
    box: Box
    size: float
    """Of its letters (px)."""
    pin: Point | None = None
    """The point of its line that a thread leads to; None: it lies across its line."""


@lru_cache(maxsize=256)
def screen_flags(flags: int) -> str:
    """Flags as the screen joins them: ``SYN+ACK``."""
    return flags_text(flags, "+")


def numbers_of(row: Row) -> str:
    """``seq=1 ack=1 len=100``: what is worth saying of this segment."""
    return _numbers(bool(row.seq_length or row.flags & RST or row.ack is None), row.seq, row.ack, row.length)


@lru_cache(maxsize=4096)
def _numbers(has_seq: bool, seq: int, ack: int | None, length: int) -> str:
    words = [f"seq={counted(seq)}"] if has_seq else []
    if ack is not None:
        words.append(f"ack={counted(ack)}")
    if length:
        words.append(f"len={length}")
    return " ".join(words)


def sack_of(row: Row) -> str:
    """``sack=1461-2921``: what has arrived out of order; empty if nothing is said of it."""
    return "sack=" + ",".join(f"{left}-{right}" for left, right in row.sack) if row.sack else ""


def _tags(rung: Rung, look: Look) -> Tags:
    """(words, role) of what is out of the ordinary. What has not happened yet is not said."""
    t, row = look.words.t, rung.row
    tags = []
    if row.retransmission:
        again = t("Retransmission {count}", count=row.retransmission)
        tags.append(Tag(t("RETRANSMIT #{n}", n=row.retransmission), "err", again, f"#{row.retransmission}"))
    if row.is_forged:
        tags.append(Tag(t("FORGED"), "ink", t("forged"), "⚠"))
    if rung.phase == "lost":
        word = {"dropped": t("DROPPED"), "cut": t("CABLE CUT")}.get(row.fate, t("LOST"))
        tags.append(Tag(word, "err", t(FATES.get(row.fate, "lost"))))
    elif rung.phase == "past" and row.fate == "corrupted":
        tags.append(Tag(t("CORRUPTED"), "err", t(FATES["corrupted"]), "≠"))
    elif rung.is_extra and rung.phase in ("past", "flying"):
        tags.append(Tag(t("DUPLICATE"), "ink2", t(FATES["duplicated"]), "×2"))
    return tuple(tags)


def title_of(rung: Rung, ends: str, look: Look) -> str:
    """One segment in words, for tooltips and screen readers: between which ``ends``, and what its tags say."""
    said = f"{ends}: {screen_flags(rung.row.flags)} {numbers_of(rung.row)}"
    notes = [tag.told for tag in _tags(rung, look)]
    return aside(said, listed(notes, look.words), look.words) if notes else said


def chips(rungs: list[Rung], page: Page, look: Look, taken: Iterable[Box] = ()) -> list[Chip]:
    """A chip for each rung, or for many alike, none touching another or what is ``taken``; where there is no room,
    with fewer numbers, or none at all."""
    grid = Grid([*taken, *crosses_and_dots(rungs)])
    placed: list[Chip] = []
    is_crowd = len(rungs) > CROWD
    for label in sorted(_labels(rungs, page, look), key=lambda label: _rank(label.rung, look)):
        grid.spared = tuple(last_of_line(label.rung))
        found = _place(label, page, grid, is_crowd=is_crowd)
        if label.size > page.text and (found is None or _is_far(found)):
            smaller = _place(label._replace(size=page.text), page, grid, is_crowd=is_crowd)
            found = smaller if found is None or (smaller is not None and not _is_far(smaller)) else found
        if found is not None:
            grid.take(found.box)
            if found.pin is not None:
                grid.take(Box(found.pin[0] - 1, found.pin[1] - 1, found.pin[0] + 1, found.pin[1] + 1))
            placed.append(found)
    return sorted(placed, key=lambda chip: (chip.box.top, chip.box.left))


def _is_far(chip: Chip) -> bool:
    """Does a long thread lead to its line? Then it stands beside other moments than its own."""
    if chip.pin is None:
        return False
    x, y = thread_from(chip.box, chip.pin)
    return math.hypot(chip.pin[0] - x, chip.pin[1] - y) > chip.box.bottom - chip.box.top


class Label(NamedTuple):
    """What a chip may say, the longest first; ``is_many``: it speaks for all of its group."""

    rung: Rung
    flags: str
    forms: tuple[tuple[str, Tags], ...]
    size: float
    """Of its letters (px)."""
    is_first: bool
    """Does it get room before the plain ones, even beside its line?"""
    is_many: bool = False


def _labels(rungs: list[Rung], page: Page, look: Look) -> Iterator[Label]:
    crowd: list[Rung] = []
    for rung in rungs:
        is_selected = _is_selected(rung, look)
        if rung.tone and not is_selected:
            continue
        if rung.of >= MANY and _is_plain(rung) and not is_selected and not is_at_once(rung):
            if crowd and not _is_alike(crowd[-1], rung):
                yield from _for_many(crowd, page, look)
                crowd = []
            crowd.append(rung)
        else:
            yield _label(rung, page, look, is_first=is_selected or _is_odd(rung))
    yield from _for_many(crowd, page, look)


def _label(rung: Rung, page: Page, look: Look, *, is_first: bool) -> Label:
    """What one segment's chip may say: numbers go first, then the words of its tags."""
    row, tags = rung.row, _tags(rung, look)
    if rung.phase.startswith("future") and page.is_narrow:
        numbers: tuple[str, ...] = ("",)
    else:
        full = numbers_of(row)
        seq = f"seq={counted(row.seq)}"
        brief = f"len={row.length}" if row.length else seq if " " in full else full
        short = f"{seq} {brief}" if row.length else brief
        numbers = tuple(dict.fromkeys((f"{full} {sack_of(row)}".rstrip(), full, short, brief, "")))
    forms: list[tuple[str, Tags]] = [(words, tags) for words in numbers]
    if tags:
        first = (tags[0]._replace(words=tags[0].sign), *tags[1:]) if row.retransmission else tags
        signs = tuple(tag._replace(is_sign=True) for tag in tags if tag.sign)
        forms += [("", part) for part in dict.fromkeys((first, first[-1:], first[:1], signs, signs[-1:], ()))]
    size = page.text * look.emphasis if rung.phase == "flying" else page.text
    return Label(rung, screen_flags(row.flags), tuple(forms), size, is_first)


def _for_many(crowd: list[Rung], page: Page, look: Look) -> Iterator[Label]:
    """One label for segments that are alike; fewer speak for themselves."""
    if len(crowd) < MANY:
        yield from (_label(rung, page, look, is_first=False) for rung in crowd)
        return
    first, last, middle = crowd[0].row, crowd[-1].row, crowd[len(crowd) // 2]
    if last.length:
        numbers = [f"seq={first.seq}…{last.seq} len={last.length}", f"seq={first.seq}…{last.seq}", f"len={last.length}"]
    else:
        numbers = [f"ack={first.ack}…{last.ack}"]
    shared = reduce(and_, (rung.row.flags for rung in crowd))
    yield Label(
        middle,
        f"{len(crowd)} × {screen_flags(shared)}",
        tuple((words, ()) for words in (*numbers, "")),
        page.text,
        is_first=True,
        is_many=True,
    )


def _is_alike(one: Rung, other: Rung) -> bool:
    """May one chip speak for both, the second of a group after the first?"""
    same = one.host == other.host and one.phase == other.phase and bool(one.row.length) == bool(other.row.length)
    return same and one.nth < other.nth


def _is_selected(rung: Rung, look: Look) -> bool:
    return look.selection == rung.id


def _rank(rung: Rung, look: Look) -> tuple[bool, int, bool, bool, bool, int, int, bool]:
    """Who gets room first: what is selected, what has gone wrong, what is on its way; then what opens, closes or
    resets; then from top to bottom."""
    unreal = 2 if rung.phase == "ghost" else int(rung.phase in UNREAL)
    yields = _is_plain(rung) and not is_at_once(rung)
    is_odd, is_flying = _is_odd(rung), rung.phase == "flying"
    row = rung.row
    is_other = not _is_selected(rung, look)
    return is_other, unreal, not is_odd, not is_flying, yields, row.sent_at, row.number, rung.is_extra


def _is_odd(rung: Rung) -> bool:
    """Has somebody or something had a hand in it? What has not happened yet does not count."""
    row = rung.row
    if rung.phase in UNREAL:
        return False
    is_bad = rung.phase == "lost" or (rung.phase == "past" and row.fate == "corrupted")
    return is_bad or bool(row.retransmission) or row.is_forged or rung.is_extra


def _is_plain(rung: Rung) -> bool:
    """Is it one of many: does nothing set it apart, and does it neither open, close nor reset?"""
    return not _is_odd(rung) and rung.phase != "future-lost" and not rung.row.flags & (SYN | FIN | RST)


def _place(label: Label, page: Page, grid: Grid, *, is_crowd: bool) -> Chip | None:
    """The label with the most words that has room: on its line, else beside it."""
    rung = label.rung
    is_brief = is_crowd and not label.is_first and _is_plain(rung)
    forms = label.forms[:1] if is_brief else label.forms
    for numbers, tags in forms:
        found = _perched(label, numbers, tags, page, grid, is_near=True, most=1 if is_brief else 99)
        if found is not None:
            return found
    if is_brief or (rung.phase in UNREAL and not label.is_first):
        return None
    for numbers, tags in forms[-5:]:
        found = _perched(label, numbers, tags, page, grid, is_near=False)
        if found is not None:
            return found
    return None


def _perched(
    label: Label, numbers: str, tags: Tags, page: Page, grid: Grid, *, is_near: bool, most: int = 99
) -> Chip | None:
    """A chip with these words where it has room; nothing if it would lie on a lifeline and can say less."""
    rung = label.rung
    width, height = _width(label.flags, numbers, tags, label.size, page.least), label.size * 1.62
    if (numbers or tags) and not has_room(rung, page, width):
        return None
    alone = rung._replace(of=1, is_close=False) if label.is_many else rung
    for perch in near(alone, page, width, height, most) if is_near else far(alone, page, width, height):
        x, y = perch.x, perch.y
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if grid.is_free(box) and (perch.pin is None or grid.is_clear(thread_from(box, perch.pin), perch.pin)):
            return Chip(rung, label.flags, numbers, tags, box, label.size, perch.pin)
    return None


@lru_cache(maxsize=4096)
def _width(flags: str, numbers: str, tags: Tags, size: float, least: float) -> float:
    width = text_width(flags, "ui", size, 700) + 20
    if numbers:
        width += text_width(numbers, "mono", size * BESIDE) + 8
    small = max(least, size * 0.74)
    return width + sum(
        text_width(tag.sign, "ui", small, 700) + SIGN if tag.is_sign else text_width(tag.words, "ui", small, 700) + 18
        for tag in tags
    )


def chips_marks(placed: list[Chip], page: Page, look: Look) -> Iterator[Mark]:
    """Every chip; below them the threads to their lines, with a pin at the end."""
    for chip in placed:
        if chip.pin is not None:
            ink, identity = _ink(chip.rung), chip.rung.id
            x, y = chip.pin
            yield Line(*thread_from(chip.box, chip.pin), x, y, ink, 1.8, id=identity)
            yield Ellipse(x, y, 4.2, 4.2, ink, Ink("surface"), 1.2, id=identity)
    for chip in placed:
        yield from _chip_marks(chip, page, look)


def _ink(rung: Rung) -> Ink:
    """Red for what is bad, grey for what will be, else its sender's."""
    is_bad = rung.phase == "lost" or (rung.row.fate == "corrupted" and rung.phase == "past")
    return Ink("ink3") if rung.phase in UNREAL else Ink("err") if is_bad else host_ink(rung.host)


def _chip_marks(chip: Chip, page: Page, look: Look) -> Iterator[Mark]:
    """Flags in bold, numbers in mono, tags in red."""
    rung, box, size = chip.rung, chip.box, chip.size
    identity = rung.id
    is_future, ink = rung.phase in UNREAL, _ink(rung)
    dash = (2.0, 2.0) if rung.phase == "ghost" else ()
    border = Ink("accent") if look.selection == identity else Ink("border") if is_future else ink
    fill = Ink("surface")
    width = 2.6 if look.selection == identity else 1.6
    yield Rect(box.left, box.top, box.right - box.left, box.bottom - box.top, 7, fill, border, width, dash, id=identity)
    base = (box.top + box.bottom) / 2 + size * 0.36
    x = box.left + 10
    yield Text(x, base, chip.flags, ink, size, 700, id=identity)
    x += text_width(chip.flags, "ui", size, 700) + 8
    if chip.numbers:
        small = size * BESIDE
        yield Text(x, base, chip.numbers, Ink("ink3") if is_future else Ink("ink2"), small, 400, "mono", id=identity)
        x += text_width(chip.numbers, "mono", small) + 8
    small = max(page.least, size * 0.74)
    for tag in chip.tags:
        if tag.is_sign:
            yield Text(x - 8 + SIGN, base - size * 0.04, tag.sign, Ink(tag.role), small, 700, id=identity)
            x += text_width(tag.sign, "ui", small, 700) + SIGN
            continue
        wide = text_width(tag.words, "ui", small, 700) + 12
        yield Rect(x - 2, box.top + 3, wide, box.bottom - box.top - 6, 5, Ink(tag.role), id=identity)
        ink = Ink("on" if tag.role == "err" else "surface")
        yield Text(x + 4, base - size * 0.09, tag.words, ink, small, 700, id=identity)
        x += wide + 6
