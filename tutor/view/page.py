"""Page: the ladder's geometry. Where the lifelines stand, and where a moment lies on the page.

Rules
-----
* Vertical distance is the Tempo's wall time: what is folded there is folded here.
* A run that fits is stretched to fill the page, but not beyond what is readable; a longer one scrolls so that the
  cursor stays at ``CURSOR`` of the height.
* Time may run right instead of down: then a page's lengths are widths, and ``spot`` turns the two about.
* Nothing here depends on what lies after ``end``, the last moment that may be shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.view.metrics import text_width
from tutor.view.theme import Look
from tutor.world.tempo import Tempo

LEAST_TEXT = 13.0
"""Px of a name: what is set smaller beside it has 12 still."""
BESIDE = 0.93
"""So large, in parts of a name, is a number beside it."""
GUTTER = 50.0
"""Px for the time's ticks; more where a run is so long that its times need it."""
CURSOR = 0.62
"""Where the cursor stays when the page scrolls."""
LEAST, MOST = 76.0, 200.0
"""Px that a flight of the Tempo's floor takes at least and at most."""
UNIT = 250_000
"""The Tempo's floor in wall microseconds."""
LONG = 1_000_000_000
"""From such an end on (microseconds) times do not fit into ``GUTTER``."""
HEAD = 96.0
"""Px for a host's head where time runs right."""
WIDER = 1.35
"""Where time runs right a flight takes so many times the room, as chips are wide."""
BAR = 10.0
"""Width of a lifeline."""


NARROW_LEFT = 0.36
"""Where on a narrow page the first lifeline stands, in parts of the width."""
PILL_AIR = 25.0
"""Px that a state's name takes in its pill beside its letters, with what lies between it and the lifeline."""
SCRIPTED_MARGIN = 30.0
"""Px beside the lifeline of a host that a script speaks for."""
USUAL_TEXT = 15.0
"""Px of a name in a usual window, for which ``GUTTER`` is."""
LOW = 260.0
"""Below this height (px) the hosts' heads are low as well, so that three segments have room."""
LAST_ROWS = 6.0
"""Below the last moment, where moments are told downwards; in heights of the text."""


@dataclass(frozen=True, slots=True)
class Page:
    """One ladder's geometry in px; ``scale`` is px per microsecond of wall time."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    text: float
    scale: float
    offset: float
    tempo: Tempo
    end: int
    is_narrow: bool
    hosts: int = 2
    gutter: float = GUTTER
    """What the times at the left take (px); 0 where there is no room for them."""
    is_across: bool = False
    """Time runs right: ``top`` and ``bottom`` are then the left and right ends of time, ``left`` and ``right`` the
    heights of the first and last lifeline."""
    is_low: bool = False
    least: float = 12.0
    """No text is smaller (px)."""

    def y(self, time: float) -> float:
        """Where the moment ``time`` (simulated microseconds) lies."""
        return self.top + self.tempo.to_wall(time) * self.scale - self.offset

    def time(self, y: float) -> int:
        """The moment at ``y``."""
        return self.tempo.to_time((y - self.top + self.offset) / self.scale)

    def x(self, host: int) -> float:
        """The middle of a host's lifeline; they stand at equal distances."""
        return self.left + (self.right - self.left) * host / max(1, self.hosts - 1)

    def spot(self, across: float, along: float) -> tuple[float, float]:
        """The point (x, y) that lies ``across`` the lifelines and ``along`` time."""
        return (along, across) if self.is_across else (across, along)

    @property
    def grown(self) -> float:
        """By how much the text is larger than in a usual window; 1 at least."""
        return _grown(self.text)

    @property
    def length(self) -> float:
        """Px that time has."""
        return self.bottom - self.top

    @property
    def first(self) -> int:
        """The earliest moment on the page."""
        return self.time(self.top)

    @property
    def last(self) -> int:
        """The latest moment on the page that may be shown."""
        return min(self.end, self.time(self.bottom) + 1)


def lay_out(
    size: tuple[float, float],
    look: Look,
    tempo: Tempo,
    time: int,
    end: int,
    *,
    is_scripted: bool = False,
    hosts: int = 2,
    over: float = 0.0,
) -> Page:
    """The page for a card of ``size`` with the cursor at ``time``; nothing after ``end`` counts.

    ``is_scripted``: the second host has no states, and so no room for their names. ``over``: px between the hosts'
    heads and the page for words about it, unless the card is low.
    """
    width, height = size
    is_narrow = width < 520
    longest = text_width(f"{end / 1_000_000:.3f}", "ui", 12, 700) + 12
    gap = 20 if is_narrow else 28
    smallest = least_of(look)
    text, gutter = max(smallest, (13.0 if is_narrow else USUAL_TEXT) * look.text_scale), GUTTER
    for _ in range(2):  # the times in the gutter grow with the text, and take room from it
        gutter = max(GUTTER * _grown(text), longest if end >= LONG else 0.0)
        share = (width * 0.66 - gutter) / 2 - BAR - gap  # two names beside the lifelines leave a third for the rest
        text = max(smallest, min(text, text * share / text_width("ESTABLISHED", "ui", text, 700)))
    label = text_width("ESTABLISHED", "ui", text, 700) + gap
    left = gutter + label + BAR / 2
    right = width - (SCRIPTED_MARGIN if is_scripted else label) - BAR / 2 - 2
    if right - left < 0.3 * width:  # so narrow that states and times have no room beside one another: no times
        left, gutter = left - gutter, 0.0
    if right - left < 0.3 * width:
        left, right = NARROW_LEFT * width, 0.68 * width
        if look.least > 12.0:  # a room's names are larger, and whole all the same
            text = max(smallest, min(text, _most(width)))
            label = text_width("ESTABLISHED", "ui", text, 700) + gap
            right = max(left + 0.22 * width, min(right, width - label - BAR))
    is_low = height < LOW
    top = 50.0 * min(max(1.0, look.text_scale), 1.4) if is_low else 76.0 * min(look.text_scale, 1.4)
    top = max(top, head_height(look) + 24.0)
    bottom = height - max(22.0, 0.85 * text if look.least > 12.0 else 0.0)  # half of a room's pill is higher
    top += 0.0 if is_low else over
    rows = 0.0 if tempo.is_even else LAST_ROWS * text
    scale, offset = _scroll(tempo, time, end, (bottom - top, rows), min(look.text_scale, 1.5))
    return Page(
        width, height, top, bottom, left, right, text, scale, offset, tempo, end, is_narrow, hosts, gutter,
        is_low=is_low, least=look.least,
    )  # fmt: skip


def least_of(look: Look) -> float:
    """Px of a name at least: what is set smaller beside it (``BESIDE``) is still as large as the look asks for."""
    return max(LEAST_TEXT, look.least / BESIDE if look.least > 12.0 else 0.0)


def most_least(width: float) -> float:
    """Px of the least text for which a timeline so wide has room for the names beside it."""
    return _most(width) * BESIDE


def _most(width: float) -> float:
    """Px of the largest names that fit beside the first lifeline of a narrow page."""
    return (NARROW_LEFT * width - PILL_AIR) / text_width("ESTABLISHED", "ui", 1, 700)


def head_height(look: Look) -> float:
    """Px that a host's head needs where the look asks for larger text than usual; else 0."""
    return 2.1 * look.least if look.least > 12.0 else 0.0


def _grown(text: float) -> float:
    return max(1.0, text / USUAL_TEXT)


def lay_across(size: tuple[float, float], look: Look, tempo: Tempo, time: int, end: int, *, hosts: int = 2) -> Page:
    """The same with time to the right: the hosts' heads at the left, their lifelines one under another."""
    width, height = size
    text = max(least_of(look), (13.0 if height < 340 else 15.0) * look.text_scale)
    top, bottom = GUTTER + HEAD * min(look.text_scale, 1.4), width - 16.0
    left, right = 2.6 * text, max(7.0 * text, height - 4.6 * text)
    scale, offset = _scroll(tempo, time, end, (bottom - top, 0.0), min(look.text_scale, 1.5) * WIDER)
    is_low = height < 340
    return Page(
        width, height, top, bottom, left, right, text, scale, offset, tempo, end, is_low, hosts, is_across=True,
        least=look.least,
    )  # fmt: skip


def _scroll(tempo: Tempo, time: int, end: int, room: tuple[float, float], larger: float) -> tuple[float, float]:
    """(px per microsecond of wall time, px that are scrolled away) for ``room`` px of time, some of it kept free."""
    length, kept = room
    known = max(tempo.to_wall(end), 1.0)
    free = length - 12 - kept
    scale = min(MOST, max(LEAST * larger, free / known * UNIT)) / UNIT
    overflow = max(0.0, known * scale - free)
    return scale, min(overflow, max(0.0, tempo.to_wall(time) * scale - CURSOR * length))
