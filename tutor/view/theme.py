"""Roles of colour and how they look; and ``Look``, everything about a picture that is taste, not fact.

Rules
-----
* Pictures speak of roles. Only ``Theme`` knows colours, and only ``assets/tokens.json`` and ``assets/paper.json``
  hold them.
* Colour and dash mean the **host**: the first host is role ``a``, solid, a circle; the second is ``b``, dashed,
  a rounded square. Red (``err``) means lost, repeated or reset, and always stands beside a glyph or a word.
  Violet (``accent``) is for controls, never for data.
* ``CONTRASTS`` states what each role promises against its ground (WCAG 2.2, 1.4.3 and 1.4.11); a test keeps it.
* A theme of paper is for files and printers, not for a screen: it has no partner but itself, and no colour. What
  colours tell elsewhere is told by dash, shape, glyph or word, as it is there too.
* A theme is data. High contrast is pure black and white without tints, every stroke one px wider; a projector's theme
  names the contrast that its room leaves (about 7:1 with the lamps on, 15:1 in the dark), and stays readable in it;
  its strokes are one px wider as well, and its hosts and alarms stay apart under that veil for every eye.

Theory
------
A ``Look`` is hashable and compares by value, so that it can be part of a layer's key. Its ``words`` are left out of
the comparison: the language already is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from tutor import resources
from tutor.joining import Speech
from tutor.view.marks import Ink

HOST_ROLES = ("a", "b")
"""Role of the first host, of the second, and so on around."""

HOST_DASHES: tuple[tuple[float, ...], ...] = ((), (2.6, 1.2))
"""Dash (in pen widths) of each host's strokes: the first host is solid."""

CONTRASTS: tuple[tuple[str, str, float], ...] = (
    ("ink", "surface", 7.0),
    ("ink2", "surface", 7.0),
    ("ink3", "surface", 4.5),
    ("edge", "surface", 3.0),
    ("nodeb", "surface", 3.0),
    ("ink", "node", 7.0),
    ("a", "surface", 4.5),
    ("b", "surface", 4.5),
    ("err", "surface", 4.5),
    ("ok", "surface", 4.5),
    ("accent", "surface", 4.5),
    ("ink", "a_tint", 7.0),
    ("ink", "b_tint", 7.0),
    ("ink", "bg", 7.0),
    ("ink2", "surface2", 7.0),
    ("on", "a", 4.5),
    ("on", "b", 4.5),
    ("on", "err", 4.5),
    ("on", "accent", 4.5),
    ("surface", "now", 7.0),
)
"""(role, role of its ground, least contrast ratio)."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A name and a colour (``#RRGGBB``) for every role.

    ``title`` is its English name; ``partner`` the same theme by night or day; ``extra_width`` px are added to every
    stroke; ``room`` is the greatest contrast that a projector's room leaves, None for a screen.
    """

    name: str
    colours: Mapping[str, str]
    title: str = ""
    is_dark: bool = False
    partner: str = ""
    extra_width: float = 0.0
    room: float | None = None

    def colour(self, role: str) -> str:
        """The colour of a role. An unknown role is our mistake: ``KeyError``."""
        return self.colours[role]

    @property
    def is_plain(self) -> bool:
        """Has it no tints, so that only a stroke can set something off?"""
        return self.colours["accent_tint"] == self.colours["surface"]


@cache
def themes() -> Mapping[str, Theme]:
    """Every theme by its name ("light", "contrast-dark"), read once from ``assets/tokens.json``."""
    tokens = json.loads(resources.asset_text("tokens.json"))
    return MappingProxyType({name: _theme(name, row) for name, row in tokens.items()})


@cache
def papers() -> Mapping[str, Theme]:
    """Every theme of paper by its name ("print"), read once from ``assets/paper.json``."""
    tokens = json.loads(resources.asset_text("paper.json"))
    return MappingProxyType({name: _theme(name, row) for name, row in tokens.items()})


def _theme(name: str, row: dict[str, Any]) -> Theme:
    return Theme(name, **{**row, "colours": MappingProxyType(row["colours"])})


def theme(name: str) -> Theme:
    """The theme of that name, of a screen or of paper; ``ValueError`` names those there are."""
    found = themes().get(name) or papers().get(name)
    if found is None:
        raise ValueError(f"there is no theme {name!r}; allowed: {', '.join((*themes(), *papers()))}")
    return found


def contrast(first: str, second: str, glare: float = 0.05) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance).

    ``glare`` is the light that lies on the screen besides, as part of white: 0.05 for WCAG's own room.
    """
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + glare) / (dark + glare)


def contrast_in(room: float, first: str, second: str) -> float:
    """The contrast of two colours in a room that leaves black and white no more than ``room``:1."""
    return contrast(first, second, 1 / (room - 1))


def washed(colour: str, room: float) -> str:
    """A colour under the veil of white light that leaves no more than ``room``:1 of black and white."""
    glare = 1 / (room - 1)
    veiled = [(light + glare) / (1 + glare) for light in _linear(colour)]
    return "#" + "".join(
        f"{round(255 * (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055)):02X}" for c in veiled
    )


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> list[float]:
    """Red, green, blue as parts of the most light (IEC 61966-2-1)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


class PlainEnglish:
    """Speech without a catalogue: every text is its own translation."""

    def t(self, text: str, **values: object) -> str:
        """``text`` with its {placeholders} filled."""
        return text.format(**values) if values else text


@dataclass(frozen=True, slots=True)
class Look:
    """Language, theme, size, motion and what is picked out.

    ``text_scale`` 0.8 to 2.0 multiplies every text size. ``selection`` is the id that was clicked, ``hover`` the id
    under the pointer or the focus. ``least`` (px): no text is smaller, but for edges' labels that do not matter now;
    what happens now, an edge that is taken and a segment on its way, is written ``emphasis`` times as large.
    ``names`` (px): a room's diagram. So large are the states' names, as far as nodes can grow; edges' labels are
    ``text_scale`` times ``least`` or smaller, and one that has no room at ``least`` is not written.
    """

    lang: str = "en"
    theme_name: str = "light"
    text_scale: float = 1.0
    motion: Literal["full", "reduced"] = "full"
    selection: str = ""
    hover: str = ""
    words: Speech = field(default_factory=PlainEnglish, compare=False)
    least: float = 12.0
    emphasis: float = 1.0
    names: float = 0.0

    @property
    def theme(self) -> Theme:
        """The theme that ``theme_name`` names."""
        return theme(self.theme_name)

    @property
    def is_chinese(self) -> bool:
        """Chinese has no capitals and no spaced letters."""
        return self.lang.startswith("zh")


LIGHT = theme("light")
DARK = theme("dark")


def host_ink(index: int, alpha: float = 1.0) -> Ink:
    """The ink of the host with that place in ``World.hosts``."""
    return Ink(HOST_ROLES[index % len(HOST_ROLES)], alpha)


def host_tint(index: int, alpha: float = 1.0) -> Ink:
    """The pale ground of the host with that place."""
    return Ink(HOST_ROLES[index % len(HOST_ROLES)] + "_tint", alpha)


def host_dash(index: int) -> tuple[float, ...]:
    """The dash of the host with that place, in pen widths."""
    return HOST_DASHES[index % len(HOST_DASHES)]


def host_letter(index: int) -> str:
    """The letter on the host's badge: A, B, C…"""
    return chr(ord("A") + index)
