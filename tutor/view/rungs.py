"""Rungs: the segments between the lifelines, with a chip on each.

Rules
-----
* Colour and dash are the sender's. Red stands beside a word or a ✕: lost, repeated, corrupted.
* A segment in flight is drawn to where it is; how it will end shows when it has ended.
* Chips never touch: they move down, and give up their numbers first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from tutor.tcp.segment import FIN, RST, SYN, flags_text
from tutor.view.arrows import Stroke, arrow
from tutor.view.marks import Box, Ellipse, Ink, Line, Mark, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.page import BAR, Page
from tutor.view.story import Story
from tutor.view.theme import Look, host_dash, host_ink
from tutor.world.records import Flight

MOST_RUNGS = 400
"""Of more segments than this on one page only each k-th is drawn, besides those that open, close, reset or repeat."""
DIES = 0.58
"""Where on its way a lost segment ends."""
CROWD = 80
"""With more segments on a page a chip that has no room where it belongs is left out at once."""
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


class Rung(NamedTuple):
    """One copy of a segment on the page: from (x1, y1) to (x2, y2). ``phase``: past, flying, lost, future or ghost."""

    flight: Flight
    host: int
    x1: float
    y1: float
    x2: float
    y2: float
    phase: str
    is_extra: bool


def visible(
    story: Story, page: Page, time: int, horizon: int | None, since: int = 0, nominal: int | None = None
) -> list[Rung]:
    """The rungs on the page, those still in flight at its top included; of a crowd only each ``thinning``-th.

    ``nominal``: with a horizon, how long a flight usually takes; how long this one takes is not known yet.
    """
    every = thinning(story, page, since)
    rungs: list[Rung] = []
    for index in _span(story, page, since):
        if index % every == 0 or story.is_notable[index]:
            rungs += _rungs(story, page, story.known(index, horizon), time, nominal)
    if nominal is not None:
        rungs = [rung for rung in rungs if not (rung.is_extra and rung.phase == "flying")]
    return [rung for rung in rungs if rung.y2 >= page.top and rung.y1 <= page.bottom]


def thinning(story: Story, page: Page, since: int = 0) -> int:
    """1, or k if there are so many segments on the page that only each k-th is drawn."""
    return -(-len(_span(story, page, since)) // MOST_RUNGS) or 1


def _span(story: Story, page: Page, since: int) -> range:
    """Places in ``story.flights`` of what may be on the page: not over before its top, sent before its bottom."""
    first = max(bisect_left(story.over_by, page.first), bisect_left(story.sent_at, since))
    return range(first, bisect_right(story.sent_at, page.last))


def _rungs(story: Story, page: Page, flight: Flight, time: int, nominal: int | None) -> Iterator[Rung]:
    """One rung a copy; a lost segment has one that ends on its way."""
    host = story.hosts.index(flight.sender)
    receiver = story.hosts.index(flight.receiver) if flight.receiver in story.hosts else 1 - host
    x1, x2 = page.x(host), page.x(receiver)
    inward = BAR / 2 if x2 > x1 else -BAR / 2
    x1, x2 = x1 + inward, x2 - inward
    for place, arrival in enumerate(flight.copies or (None,)):
        if nominal is not None and flight.sent_at > time and (arrival or flight.dies_at or 0) > page.end:
            continue  # it will still be under way when the known part ends: nobody knows how it goes
        yield _rung(page, flight, host, (x1, x2), arrival, place > 0, time, nominal)


def _rung(
    page: Page, flight: Flight, host: int, ends: tuple[float, float], arrival: int | None, is_extra: bool, time: int,
    nominal: int | None,
) -> Rung:  # fmt: skip
    x1, x2 = ends
    y1 = page.y(flight.sent_at)
    stop = arrival if arrival is not None else flight.dies_at if flight.dies_at is not None else flight.sent_at
    share = 1.0 if arrival is not None else DIES
    if flight.sent_at > time:
        phase = "future" if arrival is not None else "future-lost"
    elif stop > time:
        phase = "flying"
    else:
        phase = "past" if arrival is not None else "lost"
    if phase == "flying":
        gone = min(1.0, (time - flight.sent_at) / (nominal or max(1, (stop - flight.sent_at) / share)))
        return Rung(flight, host, x1, y1, x1 + (x2 - x1) * gone, page.y(time), phase, is_extra)
    return Rung(flight, host, x1, y1, x1 + (x2 - x1) * share, page.y(stop), phase, is_extra)


# --- strokes ---


def strokes(rungs: list[Rung], look: Look) -> Iterator[Mark]:
    """Lines and crosses. In a crowd, of those that lie on one another only one is drawn."""
    drawn: set[tuple[object, ...]] = set()
    is_crowded = len(rungs) > CROWD
    for rung in rungs:
        identity = f"flight:{rung.flight.id}"
        is_bad = rung.phase == "past" and rung.flight.fate == "corrupted"
        place = (rung.host, rung.phase, is_bad, rung.x2, rung.y1, rung.y2)
        if look.selection == identity:
            yield Line(rung.x1, rung.y1, rung.x2, rung.y2, Ink("accent", 0.28), 12, cap="round")
        elif is_crowded and place in drawn:
            continue
        drawn.add(place)
        yield from _stroke(rung, identity)


def dots(rungs: list[Rung]) -> Iterator[Mark]:
    """Where segments in flight are now; they lie on the cursor's line."""
    for rung in rungs:
        if rung.phase == "flying":
            identity = f"flight:{rung.flight.id}"
            yield Ellipse(rung.x2, rung.y2, 7.5, 7.5, host_ink(rung.host), Ink("surface"), 2, id=identity)


def crowd(story: Story, page: Page, look: Look) -> Iterator[Mark]:
    """What is left out of a crowd, in words."""
    every = thinning(story, page)
    if every > 1:
        words, size = look.words.t("1 of {n} segments is drawn", n=every), page.text * 0.84
        width, middle = text_width(words, "ui", size, 600) + 16, (page.left + page.right) / 2
        yield Rect(middle - width / 2, page.bottom - size, width, size * 1.7, 6, Ink("surface"), Ink("border"), 1.2)
        yield Text(middle, page.bottom + size * 0.22, words, Ink("ink2"), size, 600, "ui", "middle")


def _stroke(rung: Rung, identity: str) -> Iterator[Mark]:
    ends = ((rung.x1, rung.y1), (rung.x2, rung.y2))
    commands = (("M", ends[0]), ("L", ends[1]))
    dash = host_dash(rung.host)
    if rung.phase == "ghost":
        yield Line(*ends[0], *ends[1], Ink("ink3", 0.4), 1.6, (1.5, 2.5))
    elif rung.phase.startswith("future"):
        yield from arrow(commands, Stroke(Ink("ink3", 0.55), 2, dash, 10, identity))  # type: ignore[arg-type]
        if rung.phase == "future-lost":
            yield from _cross(rung.x2, rung.y2, Ink("ink3", 0.55), identity)
    elif rung.phase == "flying":
        yield Line(*ends[0], *ends[1], host_ink(rung.host), 3.4, dash, id=identity)
    elif rung.phase == "lost":
        yield Line(*ends[0], *ends[1], Ink("err"), 3.0, dash, id=identity)
        yield from _cross(rung.x2, rung.y2, Ink("err"), identity)
    else:
        bad = rung.flight.fate == "corrupted"
        ink = Ink("err") if bad else host_ink(rung.host)
        yield from arrow(commands, Stroke(ink, 3.4, dash, 15, identity))  # type: ignore[arg-type]
        if bad:
            yield from _cross(rung.x2 + (-16 if rung.x2 > rung.x1 else 16), rung.y2 - 3, Ink("err"), identity)


def _cross(x: float, y: float, ink: Ink, identity: str) -> Iterator[Mark]:
    """✕, drawn: every font has another one."""
    r = 8.5
    yield Line(x - r, y - r, x + r, y + r, ink, 3.2, cap="round", id=identity)
    yield Line(x - r, y + r, x + r, y - r, ink, 3.2, cap="round", id=identity)


# --- chips ---


class Chip(NamedTuple):
    """What a chip says, and where it lies."""

    rung: Rung
    flags: str
    numbers: str
    tags: tuple[str, ...]
    box: Box


def screen_flags(flags: int) -> str:
    """Flags as the screen joins them: ``SYN+ACK``."""
    return flags_text(flags, "+")


def numbers_of(flight: Flight) -> str:
    """``seq=1 ack=1 len=100``: what is worth saying of this segment."""
    segment = flight.segment
    words = []
    if segment.seq_length or segment.rst or flight.rel_ack is None:
        words.append(f"seq={flight.rel_seq}")
    if flight.rel_ack is not None:
        words.append(f"ack={flight.rel_ack}")
    if segment.length:
        words.append(f"len={segment.length}")
    return " ".join(words)


def sack_of(flight: Flight) -> str:
    """``sack=1461-2921``: what has arrived out of order; empty if nothing is said of it."""
    return "sack=" + ",".join(f"{left}-{right}" for left, right in flight.rel_sack) if flight.rel_sack else ""


def _tags(rung: Rung, look: Look) -> tuple[str, ...]:
    """What is out of the ordinary, in words. What has not happened yet is not said."""
    t, flight = look.words.t, rung.flight
    tags = [t("RETRANSMIT #{n}", n=flight.retransmission)] if flight.retransmission else []
    if flight.is_forged:
        tags.append(t("FORGED"))
    if rung.phase == "lost":
        tags.append({"dropped": t("DROPPED"), "cut": t("CABLE CUT")}.get(flight.fate, t("LOST")))
    elif rung.phase == "past" and flight.fate == "corrupted":
        tags.append(t("CORRUPTED"))
    elif rung.is_extra and rung.phase == "past":
        tags.append(t("DUPLICATE"))
    return tuple(tags)


def chips(rungs: list[Rung], page: Page, look: Look) -> list[Chip]:
    """A chip for each rung, none touching another; without its numbers, or none at all, where there is no room."""
    placed: dict[int, list[Chip]] = {}
    is_crowd = len(rungs) > CROWD
    for rung in sorted(rungs, key=_rank):
        if rung.phase == "ghost" or (rung.phase == "flying" and rung.is_extra):
            continue
        full = numbers_of(rung.flight) if not rung.phase.startswith("future") or not page.is_narrow else ""
        tries_each = 1 if is_crowd and _is_plain(rung) else 99
        whole = f"{full} {sack_of(rung.flight)}".rstrip() if full else ""
        forms = (full,) if tries_each == 1 else dict.fromkeys((whole, full, ""))
        tries = (_place(rung, numbers, page, look, placed, tries_each) for numbers in forms)
        found = next((chip for chip in tries if chip is not None), None)
        if found is not None:
            for row in _rows(found.box):
                placed.setdefault(row, []).append(found)
    unique = {id(chip): chip for row in placed.values() for chip in row}
    return sorted(unique.values(), key=lambda chip: (chip.box.top, chip.box.left))


def _rank(rung: Rung) -> tuple[bool, bool, float, int, bool]:
    """Who gets room first: what has gone wrong, opens, closes or resets; then from top to bottom."""
    yields = _is_plain(rung) and not _is_at_once(rung)
    return rung.phase.startswith("future"), yields, rung.y1, rung.flight.id, rung.is_extra


def _is_plain(rung: Rung) -> bool:
    """Is it one of many: neither lost nor repeated, and does it neither open, close nor reset?"""
    flight = rung.flight
    return rung.phase != "lost" and not flight.retransmission and not flight.segment.flags & (SYN | FIN | RST)


def _is_at_once(rung: Rung) -> bool:
    """Does it arrive, or get lost, at the moment it leaves?"""
    return rung.y1 == rung.y2 and rung.phase != "flying"


def _rows(box: Box) -> range:
    """The rows of a coarse grid that a box lies in: chips in other rows cannot touch it."""
    return range(int((box.top - GAP) // ROW), int((box.bottom + GAP) // ROW) + 1)


def _place(
    rung: Rung, numbers: str, page: Page, look: Look, placed: dict[int, list[Chip]], tries_each: int
) -> Chip | None:
    """The chip at the first free place along the rung or right beside it, or None."""
    flags = screen_flags(rung.flight.segment.flags)
    tags = _tags(rung, look)
    width = _width(flags, numbers, tags, page.text)
    height = page.text * 1.62
    low, high = page.left + BAR + width / 2, page.right - BAR - width / 2
    if low > high and numbers:
        return None
    reach_x, reach_y = page.x(1 - rung.host % 2) - rung.x1, rung.y2 - rung.y1
    for share, shift in _tries(rung)[:tries_each]:
        x = rung.x1 + reach_x * share
        x = (low + high) / 2 if low > high else max(low, min(high, x))
        y = rung.y1 + reach_y * share + shift * height
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if box.top < page.top - 14 or box.bottom > page.bottom + 16:
            continue
        if not any(box.touches(chip.box, GAP) for row in _rows(box) for chip in placed.get(row, ())):
            return Chip(rung, flags, numbers, tags, box)
    return None


def _tries(rung: Rung) -> tuple[tuple[float, float], ...]:
    """(share of the way, chips' heights above or below the rung) in order of preference."""
    if rung.phase == "flying":
        return FLYING
    if _is_at_once(rung):
        return AT_ONCE
    return DYING if rung.phase in ("lost", "future-lost") else CROSSING


def _width(flags: str, numbers: str, tags: tuple[str, ...], size: float) -> float:
    width = text_width(flags, "ui", size, 700) + 20
    if numbers:
        width += text_width(numbers, "mono", size * 0.93) + 8
    return width + sum(text_width(tag, "ui", max(12.0, size * 0.74), 700) + 18 for tag in tags)


def chip_marks(chip: Chip, page: Page, look: Look) -> Iterator[Mark]:
    """Flags in bold, numbers in mono, tags in red."""
    rung, box, size = chip.rung, chip.box, page.text
    identity = f"flight:{rung.flight.id}"
    is_future, is_bad = (
        rung.phase.startswith("future"),
        rung.phase == "lost" or (rung.flight.fate == "corrupted" and rung.phase == "past"),
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
    for tag in chip.tags:
        small = max(12.0, size * 0.74)
        wide = text_width(tag, "ui", small, 700) + 12
        yield Rect(x - 2, box.top + 4, wide, box.bottom - box.top - 8, 5, Ink("err"), id=identity)
        yield Text(x + 4, base - size * 0.09, tag, Ink("on"), small, 700, id=identity)
        x += wide + 6
