"""Hall: how large type and lines must be for the back row, and which labels of a picture are too small.

Rules
-----
* Sizes are shares of the window's height, so that they hold for every projector. A label's size is its em, the type's
  own size, which is what the figures below are measured by.
* No label of the audience's window is smaller than ``FLOOR``, whatever the room. A room can only ask for more.
* The text grows ``MOST_SCALE`` times at most, as everywhere: beyond it no diagram holds its labels. Then it is said
  which row can read it, instead of a promise.

Theory
------
Legibility by visual angle. Normal sight tells apart two things one minute of arc from one another and reads letters
of five (ISO 8596, acuity 1.0). Half of that sight, which few in a lecture hall fall short of, reads letters of ten
(``LETTER``): so high a capital must look. A line must be as wide as normal sight needs to see it with certainty, one
minute (``STROKE``). Capitals are ``CAPITAL`` of an em high in the packaged fonts.

``FLOOR`` is this program's own least size. From five heights of the picture on, ten minutes ask for more than that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tutor.joining import Speech, listed
from tutor.view.marks import Box, Group, Mark, Picture, Text
from tutor.view.theme import Theme
from tutor.words import mark

FLOOR = 1 / 50
"""The least em of a label, as a share of the window's height."""

MINUTE = math.pi / 180 / 60
LETTER, STROKE = 10.0, 1.0
"""How high a capital, how wide a line must look from the back row (minutes of arc)."""

CAPITAL = 0.727
"""The height of a capital letter in ems: Inter's and JetBrains Mono's, to a hundredth."""

MOST_SCALE = 2.0
"""The text of a picture grows no more than that (``theme.Look``)."""

THIN = 1.4
"""Px of the thinnest line that means something, in a window 1080 px high."""

NEAREST, FARTHEST = 1.0, 150.0
"""Metres to the back row that can be typed in."""

NARROWEST, WIDEST = 0.3, 40.0
"""Metres of a screen's width that can be typed in."""


@dataclass(frozen=True, slots=True)
class Hall:
    """A room: how far the back row is from the screen, how wide the projected picture is; metres."""

    back_row: float
    screen: float

    def __post_init__(self) -> None:
        if not NEAREST <= self.back_row <= FARTHEST:
            raise ValueError(f"back row: found {self.back_row:g} m; allowed: {NEAREST:g} to {FARTHEST:g}")
        if not NARROWEST <= self.screen <= WIDEST:
            raise ValueError(f"width of the screen: found {self.screen:g} m; allowed: {NARROWEST:g} to {WIDEST:g}")


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a room asks for. Shares of the window's height.

    ``text``: the least em; ``scale``: how many times ``FLOOR`` that is; ``line``: the least width of a line.
    ``reach``: so far away (metres) the text can be read; infinite where no room was told.
    """

    text: float = FLOOR
    scale: float = 1.0
    line: float = 0.0
    reach: float = math.inf
    back_row: float = 0.0

    @property
    def is_enough(self) -> bool:
        """Can the back row read it?"""
        return self.back_row <= self.reach * (1 + 1e-9)

    def text_px(self, height: float) -> float:
        """The least em (px) in a window of that height."""
        return self.text * height

    def extra_width(self, height: float) -> float:
        """By how much (px) every line is to be wider in a window of that height."""
        thin = THIN * height / 1080
        return max(0.0, self.line * height - thin)


ANY_ROOM = Sizes()
"""Where nobody has told how large the room is."""


def sizes(hall: Hall | None, aspect: float = 16 / 9) -> Sizes:
    """What ``hall`` asks for, on a picture so many times as wide as high."""
    if hall is None:
        return ANY_ROOM
    height = hall.screen / aspect
    wanted = hall.back_row * math.tan(LETTER * MINUTE) / CAPITAL / height
    scale = min(MOST_SCALE, max(1.0, wanted / FLOOR))
    text = scale * FLOOR
    reach = text * height * CAPITAL / math.tan(LETTER * MINUTE)
    return Sizes(text, scale, hall.back_row * math.tan(STROKE * MINUTE) / height, reach, hall.back_row)


def thickened(theme: Theme, by: float) -> Theme:
    """The theme with every line wider by so many px; it has a name of its own, since pixels are kept by it."""
    by = round(by, 1)
    return replace(theme, name=f"{theme.name}+{by:g}", extra_width=theme.extra_width + by) if by else theme


# --- what is too small ---


@dataclass(frozen=True, slots=True)
class Short:
    """A label that is too small. ``id`` of what it stands on, "" if nobody can click that; ``share`` of the height."""

    id: str
    text: str
    share: float


def too_small(picture: Picture, height: float, *, zoom: float = 1.0, floor: float = FLOOR) -> tuple[Short, ...]:
    """The labels whose em is less than ``floor`` of a window ``height`` px high, the smallest first.

    ``zoom``: the picture is painted so many times as large. What is cut off is not looked at.
    """
    whole = Box(0, 0, picture.width, picture.height)
    found = (
        Short(label.id or picture.at(*_middle(label)) or "", label.text, label.size * zoom / height)
        for layer in picture.layers
        for label in _labels(layer.marks, whole)
        if label.size * zoom < floor * height * (1 - 1e-6)
    )
    return tuple(sorted(found, key=lambda short: short.share))


def _labels(marks: Sequence[Mark], clip: Box) -> Iterator[Text]:
    for mark_ in marks:
        if isinstance(mark_, Group):
            inner = clip if mark_.clip is None else _both(clip, mark_.clip)
            if mark_.opacity > 0:
                yield from _labels(mark_.marks, inner)
        elif isinstance(mark_, Text) and mark_.text.strip() and mark_.ink.alpha > 0 and clip.contains(*_middle(mark_)):
            yield mark_


def _both(one: Box, other: Box) -> Box:
    return Box(
        max(one.left, other.left), max(one.top, other.top), min(one.right, other.right), min(one.bottom, other.bottom)
    )


def _middle(label: Text) -> tuple[float, float]:
    """About the middle of a label."""
    half = len(label.text) * label.size * 0.25
    shift = {"start": half, "middle": 0.0, "end": -half}[label.anchor]
    return label.x + shift, label.y - CAPITAL * label.size / 2


SMALL_ONE = mark("1 label is smaller than 1/50 of the height: {names}.")
SMALL_MANY = mark("{count} labels are smaller than 1/50 of the height: {names}.")
ENLARGE = mark("Text {times} times as large would do, or the zoom.")
FAR = mark("The text can be read from up to {reach} m; the back row is at {row} m. Zoom in on what matters.")

NAMED = 3
"""So many labels are named."""


def warning(shorts: Sequence[Short], words: Speech) -> str:
    """What the lecturer is told of labels that are too small; "" where there are none."""
    if not shorts:
        return ""
    names = [words.t("“{label}”", label=short.text) for short in dict.fromkeys(_bare(short) for short in shorts)]
    names = [*names[:NAMED], *(["…"] if len(names) > NAMED else [])]
    sentence = SMALL_ONE if len(shorts) == 1 else SMALL_MANY
    said = words.t(sentence, count=len(shorts), names=listed(names, words))
    times = math.ceil(FLOOR / shorts[0].share * 10) / 10
    return f"{said} {words.t(ENLARGE, times=f'{times:g}')}"


def _bare(short: Short) -> Short:
    return Short("", short.text, 0.0)


def too_far(asked: Sizes, words: Speech) -> str:
    """What the lecturer is told where even the largest text does not reach the back row; "" where it does."""
    if asked.is_enough:
        return ""
    return words.t(FAR, reach=f"{asked.reach:.1f}", row=f"{asked.back_row:g}")
