"""Finds what a careful eye would find on a screen: words cut off, things that lie on one another, letters too small.

Rules
-----
* It looks at what is visible only, and says of each flaw its kind, where it is, and by how much.
* Widgets: the words of a label, button, tab or field are wider or higher than their room (``cut``); two siblings lie
  on one another (``overlap``); one reaches out of its parent (``outside``); its letters are under 12 px (``small``).
  What a scroll area holds is wider than it and cannot be scrolled to (``cut``).
* Pictures: a text lies on another (``overlap``), is cut by a clip or the edge (``cut``), half hidden by a shape that is
  painted later (``covered``), or under 12 px (``small``).
* What floats on purpose (a notice, a panel of details over a picture) says so in ``FLOATS``; it must be opaque and
  inside its parent all the same.

Theory
------
A line of text is as tall as its ink: from the top of a capital (0.74 em, Chinese 0.88) to the foot of a g (0.22 em).
Its width is that of ``view.metrics``, by which pictures are laid out. A tolerance of a pixel keeps rounding out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QSizeGrip,
    QSplitterHandle,
    QTabBar,
    QWidget,
)

from tutor.ui import fonts
from tutor.ui.canvas import Canvas
from tutor.ui.prose import Prose
from tutor.view.marks import Box, Group, Mark, Picture, Rect, Text
from tutor.view.metrics import text_width

LEAST = 12
"""No text on screen is smaller (px)."""

FLOATS = frozenset({"notice", "details", "more", "floats"})
"""Names of widgets that lie on others on purpose; ``more`` and the like set it as their object name."""

VEILS = ("QRubberBand", "KeysOverlay", "Palette", "QFocusFrame", "Shade")
"""Classes that cover the window on purpose."""

CONTROLS = (
    QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractSlider, QTabBar,
    QAbstractItemView, Canvas,
)  # fmt: skip
"""Kinds of widgets that somebody works with: each has a name for screen readers (``nameless`` if not)."""

CHROME = (QScrollBar, QSplitterHandle, QSizeGrip)
"""Qt's own handles: laid by Qt, touching their neighbours."""


class Flaw(NamedTuple):
    """One flaw: its kind, where it is (a path of names, or a canvas and a text), and how bad."""

    kind: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where} ({self.detail})"


def flaws_of(root: QWidget) -> list[Flaw]:
    """Every flaw of a window, dialog or menu that is on screen, each once."""
    found: dict[tuple[str, str], Flaw] = {}
    for flaw in itertools.chain(_of_widgets(root), _of_pictures(root)):
        found.setdefault(flaw[:2], flaw)
    return list(found.values())


# --- widgets ---


def visible(root: QWidget) -> list[QWidget]:
    """The widgets of a window that one can see at least a pixel of, the window first."""
    inside = [w for w in root.findChildren(QWidget) if w.isVisible() and w.window() is root]
    return [root, *(w for w in inside if not w.visibleRegion().isEmpty())]


def name_of(widget: QWidget) -> str:
    """A name that lasts: class, object name, and what it says of itself."""
    kind = type(widget).__name__
    named = widget.objectName()
    said = widget.accessibleName() or (widget.text() if isinstance(widget, QLabel | QAbstractButton) else "")
    return kind + (f"#{named}" if named and not named.startswith("qt_") else "") + (f"[{said[:40]}]" if said else "")


def _of_widgets(root: QWidget) -> Iterator[Flaw]:
    seen = visible(root)
    for widget in seen:
        text = cut(widget)
        if text:
            yield Flaw("cut", name_of(widget), text)
        if _writes(widget) and 0 < widget.font().pixelSize() < LEAST:
            yield Flaw("small", name_of(widget), f"{widget.font().pixelSize()} px")
        if is_control(widget) and not (widget.accessibleName() or getattr(widget, "text", str)()):
            yield Flaw("nameless", f"{name_of(widget)} in {name_of(widget.parentWidget())}", "a screen reader is lost")
        over = _out_of_reach(widget)
        if over:
            yield Flaw("cut", name_of(widget), over)
        if widget is not root and not isinstance(widget, CHROME):
            out = _outside(widget)
            if out:
                yield Flaw("outside", name_of(widget), out)
    yield from _overlaps(seen)


def is_control(widget: QWidget) -> bool:
    """Is it something to work with, and not a part that Qt puts inside of one?"""
    inner = isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox | QTabBar | QLineEdit)
    is_bar = isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_")
    return isinstance(widget, CONTROLS) and not inner and not is_bar


def _writes(widget: QWidget) -> bool:
    if isinstance(widget, QLabel | QAbstractButton):
        return bool(widget.text())
    return isinstance(widget, QLineEdit | QTabBar | QComboBox | Prose)


def cut(widget: QWidget) -> str:
    """Why the words of a widget do not fit into it, or ``""``."""
    if isinstance(widget, Prose):
        need = widget.heightForWidth(widget.width())
        return f"needs {need} px of height, has {widget.height()}" if need > widget.height() + 1 else ""
    if isinstance(widget, QTabBar):
        return _cut_tabs(widget)
    if isinstance(widget, QLineEdit) and not isinstance(widget.parent(), QAbstractSpinBox):
        return _cut_field(widget)
    if not isinstance(widget, QLabel | QAbstractButton) or not widget.text():
        return ""
    if "…" in widget.text() and widget.accessibleName() not in ("", widget.text()):
        return ""  # shortened on purpose: a screen reader and the tooltip have it whole
    hint = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else widget.sizeHint().height()
    if hint > widget.height() + 1:
        return f"needs {hint} px of height, has {widget.height()}"
    need = widget.minimumSizeHint().width()
    if not widget.hasHeightForWidth() and need > widget.width() + 1:
        return f"needs {need} px of width, has {widget.width()}"
    if isinstance(widget, QLabel) and widget.wordWrap():
        return _cut_word(widget)
    return ""


def _cut_word(label: QLabel) -> str:
    """A wrapped label is cut where its longest word is wider than it is."""
    metrics, room = label.fontMetrics(), label.contentsRect().width()
    pieces = label.text().replace("\u200b", " ").split()  # Qt ends a line at a zero width space as at a space
    words = (word for word in pieces if not any(chinese for _, chinese in fonts.runs(word)))
    widest = max((metrics.horizontalAdvance(word) for word in words), default=0)
    return f"its longest word needs {widest} px, it has {room}" if widest > room + 1 else ""


def _cut_tabs(bar: QTabBar) -> str:
    for place in range(bar.count()):
        scrolls = bar.usesScrollButtons() and bar.objectName() == "strip-tabs"
        if bar.isTabVisible(place) and bar.tabRect(place).right() > bar.width() and not scrolls:
            return f"tab {bar.tabText(place)!r} ends at {bar.tabRect(place).right()} of {bar.width()} px"
        need = bar.fontMetrics().horizontalAdvance(bar.tabText(place))
        if bar.isTabVisible(place) and need > bar.tabRect(place).width():
            return f"tab {bar.tabText(place)!r} needs {need} px, has {bar.tabRect(place).width()}"
    return ""


def _cut_field(field: QLineEdit) -> str:
    said = field.placeholderText() if not field.text() else ""
    need = field.fontMetrics().horizontalAdvance(said)
    room = field.contentsRect().width()
    return f"the hint needs {need} px, has {room}" if said and need > room + 1 else ""


def _outside(widget: QWidget) -> str:
    """By how much a widget reaches out of its parent; inside a scroll area that is what scrolling is for."""
    parent = widget.parentWidget()
    if parent is None or _is_scrolled(widget):
        return ""
    room, at = parent.rect(), widget.geometry()
    over = max(room.left() - at.left(), room.top() - at.top(), at.right() - room.right(), at.bottom() - room.bottom())
    return f"{over} px out of {name_of(parent)}" if over > 1 else ""


def _out_of_reach(widget: QWidget) -> str:
    """By how much what a scroll area holds is wider than its viewport, where nobody can scroll sideways."""
    off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if not isinstance(widget, QScrollArea) or widget.widget() is None or widget.horizontalScrollBarPolicy() != off:
        return ""
    over = widget.widget().width() - widget.viewport().width()
    return f"its contents are {over} px wider than it, and it scrolls up and down only" if over > 1 else ""


def _is_scrolled(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    area = parent.parentWidget() if parent is not None else None
    return isinstance(area, QAbstractScrollArea) and parent is area.viewport()


def _overlaps(seen: list[QWidget]) -> Iterator[Flaw]:
    families: dict[QWidget, list[QWidget]] = {}
    for widget in seen:
        parent = widget.parentWidget()
        if parent is None or widget.isWindow() or widget.objectName() in FLOATS or isinstance(widget, CHROME):
            continue
        if type(widget).__name__ in VEILS or widget.property("floats"):
            continue
        if isinstance(parent, QAbstractScrollArea | QTabBar):
            continue
        families.setdefault(parent, []).append(widget)
    for children in families.values():
        for one, other in itertools.combinations(children, 2):
            shared = one.geometry().intersected(other.geometry())
            if shared.width() > 1 and shared.height() > 1:
                size = f"{shared.width()}x{shared.height()} px"
                yield Flaw("overlap", f"{name_of(one)} / {name_of(other)}", size)


# --- pictures ---


class Line(NamedTuple):
    """One text of a picture, where its ink lies, where it is clipped, and how many marks came before it."""

    mark: Text
    box: Box
    clip: Box
    place: int


def _of_pictures(root: QWidget) -> Iterator[Flaw]:
    for canvas in visible(root):
        if isinstance(canvas, Canvas):
            name = canvas.accessibleName() or name_of(canvas)
            seen = canvas.visibleRegion().boundingRect() if _is_scrolled(canvas) else canvas.rect()
            for flaw in picture_flaws(canvas.picture, _box(seen)):
                yield Flaw(flaw.kind, f"{name} | {flaw.where}", flaw.detail)


def _box(rect: QRect) -> Box:
    return Box(rect.left(), rect.top(), rect.right() + 1, rect.bottom() + 1)


def picture_flaws(picture: Picture, view: Box | None = None) -> Iterator[Flaw]:
    """The flaws of one picture. ``view``: the part that is on screen; what is scrolled away is cut by nothing."""
    edge = Box(0, 0, picture.width, picture.height)
    marks = list(_placed(picture, edge))
    lines = [_line(mark, clip, place) for place, (mark, clip) in enumerate(marks) if isinstance(mark, Text)]
    shown = [line for line in lines if _meets(line.box, line.clip) and _is_seen(line, marks, view or edge)]
    for line in shown:
        text = line.mark.text[:40]
        if line.mark.size < LEAST - 0.01:
            yield Flaw("small", text, f"{line.mark.size:.1f} px")
        over = _over(line.box, line.clip)
        if over > 1.5:
            yield Flaw("cut", text, f"{over:.0f} px beyond the edge")
        hidden = next((part for part in _shades(line, marks) if _meets(line.box.grown(-1.5), part)), None)
        if hidden is not None:
            yield Flaw("covered", text, "half hidden by a shape")
    for one, other in itertools.combinations(shown, 2):
        if _meets(one.box.grown(-0.75), other.box.grown(-0.75)):
            pair = " / ".join(sorted((one.mark.text[:40], other.mark.text[:40])))
            yield Flaw("overlap", pair, f"at {one.box.left:.0f},{one.box.top:.0f}")


def _placed(picture: Picture, edge: Box) -> Iterator[tuple[Mark, Box]]:
    """Every mark with the box that it is clipped to, from bottom to top."""
    for layer in picture.layers:
        yield from _opened(layer.marks, edge)


def _opened(marks: tuple[Mark, ...], clip: Box) -> Iterator[tuple[Mark, Box]]:
    for mark in marks:
        if isinstance(mark, Group):
            if mark.opacity > 0.02:
                yield from _opened(mark.marks, _shared(clip, mark.clip) if mark.clip else clip)
        else:
            yield mark, clip


def _line(mark: Text, clip: Box, place: int) -> Line:
    width = text_width(mark.text, mark.font, mark.size, mark.weight, mark.spacing)
    left = {"start": mark.x, "middle": mark.x - width / 2, "end": mark.x - width}[mark.anchor]
    above = 0.88 if any(chinese for _, chinese in fonts.runs(mark.text)) else 0.74
    box = Box(left, mark.y - mark.size * above, left + width, mark.y + mark.size * 0.22)
    return Line(mark, box, clip, place)


def _is_seen(line: Line, marks: list[tuple[Mark, Box]], view: Box) -> bool:
    """Not empty, not transparent, on screen, and not wholly under a later shape."""
    if not line.mark.text.strip() or line.mark.ink.alpha < 0.05 or not _meets(line.box, view):
        return False
    return not any(_over(line.box, shade) <= 0.5 for shade in _shades(line, marks))


def _shades(line: Line, marks: list[tuple[Mark, Box]]) -> Iterator[Box]:
    """The opaque rectangles that are painted after the text."""
    for mark, clip in itertools.islice(marks, line.place + 1, None):
        if isinstance(mark, Rect) and mark.fill is not None and mark.fill.alpha > 0.6:
            yield _shared(Box(mark.x, mark.y, mark.x + mark.w, mark.y + mark.h), clip)


def _shared(one: Box, other: Box) -> Box:
    return Box(
        max(one.left, other.left), max(one.top, other.top), min(one.right, other.right), min(one.bottom, other.bottom)
    )


def _meets(one: Box, other: Box) -> bool:
    shared = _shared(one, other)
    return shared.left < shared.right and shared.top < shared.bottom


def _over(box: Box, room: Box) -> float:
    """By how many px a box reaches out of another."""
    return max(room.left - box.left, room.top - box.top, box.right - room.right, box.bottom - room.bottom)


# --- top-level widgets ---


def on_screen(window: QWidget) -> list[QWidget]:
    """The window and what has opened over it: menus, dialogs, popups."""
    from PySide6.QtWidgets import QApplication

    others = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not window]
    mine = [w for w in others if w.parentWidget() is not None and w.parentWidget().window() is window]
    return [window, *sorted(mine, key=lambda w: isinstance(w, QDialog))]


def grab(window: QWidget):
    """What a person sees: the window with everything that has opened over it."""
    from PySide6.QtGui import QPainter

    image = window.grab().toImage()
    painter = QPainter(image)
    for popup in on_screen(window)[1:]:
        painter.drawPixmap(popup.pos() - window.mapToGlobal(QPoint(0, 0)), popup.grab())
    painter.end()
    return image
