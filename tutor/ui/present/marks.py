"""What a lecturer lays over the room's window: spotlight, laser, strokes, and black or white over everything.

Rules
-----
* Spotlight, laser and strokes are marks of roles, computed from a ``Presenting``: no clock but its seconds. Where less
  motion is wanted, the laser leaves no trail.
* A pen is violet like all controls, never a host's colour or red, which mean something in these pictures.
* Black is black and white is white, whatever style sheet the window wears: they are painted, not styled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from tutor.teach.presenting import LASER, SPOT, TRAIL_SECONDS, WHITE, Place, Presenting
from tutor.ui.paint import paint_marks
from tutor.ui.style import Style
from tutor.view.marks import Command, Ellipse, Ink, Line, Mark, Path, Point, Polyline

SPOT_SHARE, LASER_SHARE, PEN_SHARE = 0.17, 0.011, 0.0055
"""Radius of the spotlight and of the laser's dot, width of the pen: shares of the window's height."""
VEIL = 0.72
ARC = 0.5523
"""Where a cubic curve's handles lie, of a quarter of a circle."""

Finds = Callable[[str, Place], Point]
"""From a place on a picture (``diagram``, ``ladder``, ``""``: the window) to px of the window."""


def over(
    here: Presenting, size: tuple[float, float], find: Finds, *, has_trail: bool = True, is_dark: bool = False
) -> tuple[Mark, ...]:
    """The marks of this moment for a window of ``size`` px; ``is_dark``: its ground is, so the veil is darker still."""
    marks: list[Mark] = []
    for stroke in here.shown_strokes:
        marks += _stroke(stroke.points, stroke.where, size, find)
    if here.pointer is not None:
        x, y = here.pointer[0] * size[0], here.pointer[1] * size[1]
        if here.tool == SPOT:
            marks.append(_veil((x, y), size, "bg" if is_dark else "ink"))
        if here.tool == LASER:
            marks += _trail(here, size) if has_trail else ()
            r = LASER_SHARE * size[1]
            marks.append(Ellipse(x, y, r * 1.9, r * 1.9, Ink("accent", 0.3)))
            marks.append(Ellipse(x, y, r, r, Ink("accent"), Ink("surface"), 2.0))
    return tuple(marks)


def _stroke(points: tuple[Place, ...], where: str, size: tuple[float, float], find: Finds) -> Iterator[Mark]:
    found = tuple(find(where, point) for point in points)
    width = PEN_SHARE * size[1]
    if len(found) == 1:
        yield Ellipse(*found[0], width / 2, width / 2, Ink("accent"))
        return
    for ink, wide in ((Ink("surface", 0.8), width + 3), (Ink("accent"), width)):
        yield Polyline(found, ink, wide, cap="round")


def _trail(here: Presenting, size: tuple[float, float]) -> Iterator[Mark]:
    width = 2 * LASER_SHARE * size[1]
    for one, other in pairwise(here.trail):
        share = max(0.0, 1 - (here.elapsed - other.when) / TRAIL_SECONDS)
        a, b = one.at, other.at
        ink = Ink("accent", round(0.7 * share, 2))
        yield Line(a[0] * size[0], a[1] * size[1], b[0] * size[0], b[1] * size[1], ink, width * share)


def _veil(at: Point, size: tuple[float, float], role: str) -> Mark:
    """Everything dark but a disc."""
    (x, y), (wide, high), r = at, size, SPOT_SHARE * size[1]
    k = ARC * r
    around: tuple[Command, ...] = (
        ("M", (0.0, 0.0)), ("L", (wide, 0.0)), ("L", (wide, high)), ("L", (0.0, high)), ("Z", ()),
        ("M", (x + r, y)), ("C", (x + r, y + k, x + k, y + r, x, y + r)), ("C", (x - k, y + r, x - r, y + k, x - r, y)),
        ("C", (x - r, y - k, x - k, y - r, x, y - r)), ("C", (x + k, y - r, x + r, y - k, x + r, y)), ("Z", ()),
    )  # fmt: skip
    return Path(around, None, 0.0, Ink(role, VEIL))


class Over(QWidget):
    """Lies over everything and lets every click through; shows marks."""

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self.marks: tuple[Mark, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def restyle(self, style: Style) -> None:
        """Take the looks of ``style``."""
        self._style = style
        self.update()

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Show these, and only these."""
        if marks != self.marks:
            self.marks = marks
            self.update()

    def paintEvent(self, _event) -> None:
        if not self.marks:
            return
        painter = QPainter(self)
        paint_marks(painter, self.marks, self._style.theme)
        painter.end()


class Blank(QWidget):
    """Covers everything with one colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = QColor("#000000")
        self.hide()

    def show_colour(self, colour: str) -> None:
        """Cover everything with ``black`` or ``white``; "": nothing."""
        if colour:
            self._colour = QColor("#FFFFFF" if colour == WHITE else "#000000")
            self.raise_()
            self.update()
        self.setVisible(bool(colour))

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._colour)
        painter.end()
