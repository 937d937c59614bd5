"""Sheet: what a panel's picture is drawn on. It keeps the marks, the words of ids, and the sizes of text.

Rules
-----
* No text leaves the room it is given: it is cut with an ellipsis, and its id says the whole of it.
* Sizes follow ``look.text_scale``; nothing is smaller than ``LEAST``.
"""

from __future__ import annotations

import math

from tutor.view.cells import pieces
from tutor.view.marks import Anchor, Ink, Layer, Line, Mark, Picture, Polyline, Rect, Text
from tutor.view.metrics import shortened, text_width
from tutor.view.nodes import badge
from tutor.view.standing import host_name
from tutor.view.theme import Look, host_ink
from tutor.world.host import Host

LEAST = 12.0
"""No text is smaller (px)."""
MARGIN = 12.0
"""Px around everything."""

Place = tuple[float, float, float]
"""Where something is drawn: x, y, and the width there is."""


class Sheet:
    """An empty picture ``width`` px wide.

    ``live`` marks change from frame to frame and lie on top; all others stay as long as nothing happens.
    ``em`` is the size of its text (px), ``small`` that of notes, ``mono`` that of numbers, ``row`` a line's height.
    """

    def __init__(self, width: float, look: Look) -> None:
        self.width = width
        self.look = look
        self.em = max(LEAST, 13.0 * look.text_scale)
        self.mono = max(LEAST, 12.5 * look.text_scale)
        self.small = LEAST * max(1.0, look.text_scale)
        self.row = round(self.em * 1.48)
        self.marks: list[Mark] = []
        self.live: list[Mark] = []
        self.titles: dict[str, str] = {}

    def t(self, text: str, **values: object) -> str:
        """``text`` in the reader's language; the catalogue's tool reads the calls of this name."""
        return self.look.words.t(text, **values)

    def add(self, *marks: Mark) -> None:
        """Draw these on top."""
        self.marks += marks

    def title(self, mark: str, words: str) -> None:
        """What an id stands for, in words."""
        self.titles[mark] = words

    # --- text ---

    def text(
        self,
        x: float,
        top: float,
        words: str,
        ink: Ink,
        *,
        room: float = math.inf,
        size: float = 0.0,
        weight: int = 400,
        mono: bool = False,
        anchor: Anchor = "start",
        identity: str = "",
        is_live: bool = False,
    ) -> float:
        """One line in the row that begins at ``top``, cut to ``room`` px; its width is returned."""
        font = "mono" if mono else "ui"
        size = size or (self.mono if mono else self.em)
        if room < math.inf:
            words = shortened(words, room, font, size, weight)
        if words:
            middle = top + self.row / 2
            line = Text(x, middle + size * 0.36, words, ink, size, weight, font, anchor, id=identity)  # type: ignore[arg-type]
            (self.live if is_live else self.marks).append(line)
        return text_width(words, font, size, weight)

    def wide(self, words: str, *, weight: int = 400, mono: bool = False, size: float = 0.0) -> float:
        """How wide ``words`` are (px)."""
        return text_width(words, "mono" if mono else "ui", size or (self.mono if mono else self.em), weight)

    def lines(self, words: str, room: float, *, most: int = 3, weight: int = 400) -> list[str]:
        """``words`` in lines of at most ``room`` px, broken between words; the last of ``most`` is cut."""
        found: list[str] = []
        line = ""
        for word in pieces(words):
            if line.strip() and self.wide(line + word.rstrip(), weight=weight) > room and len(found) < most - 1:
                found.append(line.rstrip())
                line = ""
            line += word
        return [*found, line.rstrip()] if line.strip() else found

    def heading(self, x: float, top: float, words: str, room: float) -> None:
        """The head of a group: spaced capitals in English."""
        size = max(LEAST, self.em * 0.92)
        words = words if self.look.is_chinese else words.upper()
        self.text(x, top, words, Ink("ink3"), room=room, size=size, weight=700)

    # --- things that many pictures show ---

    def host(self, index: int, host: Host, x: float, top: float, room: float, *, more: str = "") -> float:
        """Badge, name and ``more`` (an address) of a host; the width is returned."""
        side = self.em * 1.75
        self.add(*badge(index, (x + side / 2, top + self.row / 2), side))
        left = x + side + self.em * 0.4
        name = host_name(host.name, self.look.words)
        end = left + self.text(left, top, name, Ink("ink"), room=room - (left - x), weight=700)
        rest = x + room - end - self.em * 0.7
        if more and rest > self.wide(more, mono=True):
            end += self.em * 0.7
            end += self.text(end, top, more, Ink("ink2"), mono=True)
        return end - x

    def pill(self, index: int, place: Place, words: str, *, identity: str = "") -> float:
        """A state's name in a pill of the host's colour; the width is returned, 0 if there was no room."""
        x, top, room = place
        wide = self.wide(words, weight=700) + self.em * 1.1
        if wide > room:
            return 0.0
        tall = self.row * 0.96
        y = top + (self.row - tall) / 2
        self.add(Rect(x, y, wide, tall, tall * 0.3, host_ink(index), id=identity))
        self.text(x + wide / 2, top, words, Ink("on"), weight=700, anchor="middle", identity=identity)
        return wide

    def ring(self, index: int, x: float, y: float, radius: float, left: float, identity: str) -> None:
        """A clock about (x, y) whose hand has ``left`` (0 to 1) of its way to go."""
        self.add(_arc(x, y, radius, 1.0, Ink("border"), 3.0, identity))
        if left > 0:
            self.live.append(_arc(x, y, radius, left, host_ink(index), 3.4, identity))

    def selected(self, x: float, top: float, wide: float, tall: float, identity: str) -> None:
        """A frame if ``identity`` is what was clicked, and the ground that a click hits."""
        is_selected = bool(identity) and self.look.selection == identity
        stroke = Ink("accent") if is_selected else None
        ground = Ink("accent_tint") if is_selected else Ink("surface", 0.0)
        self.add(Rect(x, top, wide, tall, 4, ground, stroke, 1.6, id=identity))

    def rule(self, x: float, top: float, wide: float) -> None:
        """A pale line across."""
        self.add(Line(x, top, x + wide, top, Ink("grid"), 1))

    def picture(self, height: float) -> Picture:
        """What was drawn: what stays is painted once, what is live every frame."""
        still = tuple(self.marks)
        layers = (Layer("static", ("hosts", hash(still)), still), Layer("moving", None, tuple(self.live)))
        return Picture(self.width, height, layers, tuple(self.titles.items()))


def _arc(x: float, y: float, radius: float, part: float, ink: Ink, width: float, identity: str) -> Polyline:
    """``part`` of a circle, counted back from its top: what a countdown has left."""
    pieces = max(2, round(28 * part))
    angles = [2 * math.pi * (1 - part + part * step / pieces) for step in range(pieces + 1)]
    points = tuple((x + radius * math.sin(angle), y - radius * math.cos(angle)) for angle in angles)
    return Polyline(points, ink, width, None, id=identity)


def span_text(micros: int) -> str:
    """What is left of a timer, to be read at a glance: ``0.840 s``, ``12.5 s``, ``59 s``, ``1:59:30``."""
    seconds = max(0, micros) / 1_000_000
    if seconds < 10:
        return f"{seconds:.3f} s"
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d} min"


def clock(at: int) -> str:
    """A moment of the run: ``1.050 s``."""
    return f"{at / 1_000_000:.3f} s"
