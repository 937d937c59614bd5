"""Lifelines: a bar a host, cut where its state changes, with the state's name outside."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from tutor.tcp.states import State
from tutor.view.lens import PLAIN, Lens
from tutor.view.linking import NOTHING, Linked
from tutor.view.marks import Ink, Line, Mark, Rect, Text
from tutor.view.metrics import text_width
from tutor.view.page import BAR, Page
from tutor.view.standing import SCREEN_NAMES
from tutor.view.story import Story
from tutor.view.theme import Look, host_ink

PAST, FUTURE = 0.47, 0.18
"""Opacity of what was and of what will be."""


def lifelines(told: Story, page: Page, time: int, lens: Lens = PLAIN, lit: Linked = NOTHING) -> Iterator[Mark]:
    """The bars of every host; behind those that are lit, a glow."""
    for host in range(len(told.hosts)):
        yield from _lifeline(told, page, host, time, lens, lit)


def names(told: Story, page: Page, time: int, lens: Lens = PLAIN) -> Iterator[Mark]:
    """The states' names beside every bar; they lie on the cursor's line, not under it."""
    for host in range(len(told.hosts)):
        yield from _names(told, page, host, time, lens)


class Piece(NamedTuple):
    """From, to, in which state (None: nobody knows); ``is_last``: no other follows it, as far as is known."""

    start: int
    stop: int
    state: State | None
    is_last: bool

    def holds(self, time: int) -> bool:
        """Is the host in this state at ``time``? One that ends then is over."""
        return self.start <= time and (time < self.stop or self.is_last)


def pieces(told: Story, page: Page, host: int, lens: Lens) -> Iterator[Piece]:
    """The stretches of a lifeline that may be on the page; nothing after its end."""
    cuts = told.cuts(host, lens.focus)
    last = min(page.end, page.last)
    for place in range(max(0, bisect_right(cuts, page.first, key=lambda cut: cut.at) - 1), len(cuts)):
        cut = cuts[place]
        if cut.at > last:
            return
        stop = cuts[place + 1].at if place + 1 < len(cuts) else page.end
        is_last = place + 1 == len(cuts) or stop > page.end
        yield Piece(cut.at, max(cut.at, min(stop, page.end)), cut.state, is_last)


def _lifeline(told: Story, page: Page, host: int, time: int, lens: Lens, lit: Linked) -> Iterator[Mark]:
    x = page.x(host)
    for piece in pieces(told, page, host, lens):
        start, stop, state, _ = piece
        top, bottom, now = page.y(start), page.y(stop), page.y(time)
        if stop >= page.end:
            bottom += 8
        if bottom < page.top or top > page.bottom + 20:
            continue
        if state is State.CLOSED:
            yield Line(x, max(page.top, top), x, bottom, Ink("border"), 2)
            continue
        is_current = piece.holds(time)
        identity = f"state:{told.hosts[host]}:{state}:{start}" if state is not None else ""
        if (told.hosts[host], start) in lit.stretches:
            yield Rect(x - BAR / 2 - 5, top - 3, BAR + 10, max(8.0, bottom - top + 4), 7, Ink("accent", 0.3))
        if start <= time:
            seen = min(bottom, max(now, top + 2)) if is_current else bottom
            alpha = 1.0 if is_current else PAST
            yield Rect(x - BAR / 2, top, BAR, max(2.0, seen - top - 1.5), 3, host_ink(host, alpha), id=identity)
            if is_current and bottom > seen:
                yield Rect(x - BAR / 2, seen, BAR, bottom - seen - 1.5, 3, host_ink(host, FUTURE), id=identity)
        else:
            yield Rect(x - BAR / 2, top, BAR, max(2.0, bottom - top - 1.5), 3, host_ink(host, FUTURE), id=identity)


def hidden(page: Page, count: int, look: Look, rest: str) -> Iterator[Mark]:
    """Below the horizon: lifelines that nobody can know yet, and why (``rest``; "": no word of it)."""
    top = page.y(page.end) + 12
    if page.bottom - top < 20:
        return
    for host in range(count):
        yield Line(page.x(host), top, page.x(host), page.bottom + 8, Ink("border"), 3, (1, 2))
    if not rest:
        return
    words = look.words.t(rest)
    width = text_width(words, "ui", page.text)
    if page.bottom - top > 8 * page.text and width < page.width - page.gutter:
        x, y = (page.left + page.right) / 2, (top + page.bottom) / 2
        yield Rect(x - width / 2 - 8, y - page.text, width + 16, page.text * 1.9, 5, Ink("surface"))
        yield Text(x, y + page.text * 0.3, words, Ink("ink3"), page.text, anchor="middle")


def silence(page: Page, look: Look) -> Iterator[Mark]:
    """What stands on the page of a run in which nothing is sent."""
    words = look.words.t("No segment is sent in this run.")
    x, y = (page.left + page.right) / 2, (page.top + page.bottom) / 2
    if text_width(words, "ui", page.text) < page.width - page.gutter:
        yield Text(x, y, words, Ink("ink2"), page.text, anchor="middle")


def _names(told: Story, page: Page, host: int, time: int, lens: Lens) -> Iterator[Mark]:
    """The names of the states beside the bar, in their order; the current one in a filled pill, always in sight."""
    for piece, y in _rows(told, page, host, time, lens):
        assert piece.state is not None, "those without a name are left out"
        if piece.holds(time):
            yield from _pill(page, host, piece.state, y)
            continue
        name, ink = screen_state(piece.state), Ink("ink2") if piece.start <= time else Ink("ink3")
        x, anchor = _side(page, host, 12)
        if abs(y - page.y(time)) < page.text * 0.75:
            width = text_width(name, "ui", page.text, 600)
            left = x - width if anchor == "end" else x
            yield Rect(left - 3, y - page.text * 0.6, width + 6, page.text * 1.2, 4, Ink("surface"))
        yield Text(x, y + page.text * 0.34, name, ink, page.text, 600, "ui", anchor)  # type: ignore[arg-type]


def _rows(told: Story, page: Page, host: int, time: int, lens: Lens) -> list[tuple[Piece, float]]:
    """Which states are named and how high, from top to bottom. The current one has its place; those before it give
    way upwards, those after it downwards, and who would leave the page is not named."""
    line = page.text * 1.5
    named: list[tuple[Piece, float]] = []
    here = None
    for piece in pieces(told, page, host, lens):
        is_current = piece.holds(time)
        if piece.state is None or (piece.state is State.CLOSED and not (is_current and piece.start > 0)):
            continue
        if is_current or (page.y(piece.stop) > page.top and page.y(piece.start) < page.bottom):
            here = len(named) if is_current else here
            named.append((piece, max(page.y(piece.start) + line * 0.55, page.top + line * 0.5)))
    if not named:
        return []
    anchor = here or 0
    rows = [(named[anchor][0], min(named[anchor][1], page.bottom))]
    for piece, wish in reversed(named[:anchor]):
        y = min(wish, rows[0][1] - line)
        if y < page.top + max(-line * 0.1, page.text * 0.42 - 14):  # under the hosts' heads
            break
        rows.insert(0, (piece, y))
    for piece, wish in named[anchor + 1 :]:
        y = max(wish, rows[-1][1] + line)
        if y + page.text * 0.5 > page.height:
            break
        rows.append((piece, y))
    return rows


def _side(page: Page, host: int, gap: float) -> tuple[float, str]:
    """Where a name stands: left of the first lifeline, right of every other."""
    return (page.left - gap, "end") if host == 0 else (page.x(host) + gap, "start")


def screen_state(state: State) -> str:
    """A state's name as the figure has it."""
    return SCREEN_NAMES.get(state, str(state))


def _pill(page: Page, host: int, state: State, y: float) -> Iterator[Mark]:
    name, size = screen_state(state), page.text
    width = text_width(name, "ui", size, 700) + 14
    x, _ = _side(page, host, 9)
    left = x - width if host == 0 else x
    yield Rect(left, y - size * 0.78, width, size * 1.56, 6, host_ink(host))
    yield Text(left + width / 2, y + size * 0.35, name, Ink("on"), size, 700, "ui", "middle")
