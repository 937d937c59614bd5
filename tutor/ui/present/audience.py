"""What the room sees: diagram, ladder, one sentence and a thin line of time. Nothing on it can be pressed.

Rules
-----
* All sizes follow its height: 15 px of its layout are a fiftieth of it, the least that the last row reads.
* The pictures have their share of the height first, whatever the room: frames, gaps, the sentence's place and the line
  of time are as in a small one. In a larger room the heads go, whose words the pictures say themselves.
* It keeps its own theme. It reads no session: pictures and rows are shown to it.
* What is not TCP says so over the pictures, whole where two lines hold it. Only a blank covers that.
* It says where the pointer is, in shares of itself or of a picture; what that means is decided elsewhere. A pointer at
  rest is hidden.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QMouseEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from tutor.teach.presenting import BOTH, DIAGRAM, LADDER, Place
from tutor.ui.canvas import Canvas
from tutor.ui.card import Card
from tutor.ui.legend import Legend
from tutor.ui.present.caption import Caption
from tutor.ui.present.marks import Blank, Over
from tutor.ui.reading import Reading
from tutor.ui.rows import HostColumn
from tutor.ui.style import Style, sheet, wear
from tutor.ui.topbar import Banner
from tutor.view.hall import thickened
from tutor.view.marks import Point
from tutor.view.theme import Theme, theme

SHARE = 50
"""The least text is this part of the window's height."""
HIDES_AFTER_MS = 2000
STRETCHES = (100, 70)
LEAST_LINE = 38
"""Px of the line of time, whose ticks and knob are as large on every window."""
LARGE = 1.05
"""From so many times the usual type on the pictures have no heads."""
MOST_BESIDE = 1.3
"""So many times as large as usual become legend and time, which have a place of one height."""


def scale_of(height: int) -> float:
    """The scale of a layout in which 15 px are a ``SHARE`` of this height."""
    return max(0.4, height / SHARE / 15)


@dataclass(frozen=True, slots=True)
class HallStyle(Style):
    """The looks of a room's window: every stroke is ``extra`` px wider, and all is ``times`` larger than elsewhere."""

    extra: float = 0.0
    times: float = 1.0

    @property
    def theme(self) -> Theme:
        """The theme, with strokes that the back row can see."""
        return thickened(theme(self.theme_name), self.extra)

    @property
    def base(self) -> HallStyle:
        """The looks of what is as large in every room: frames, gaps, heads."""
        return replace(self, scale=self.scale / self.times, extra=0.0, times=1.0)

    @property
    def beside(self) -> HallStyle:
        """The looks of what grows with the room as far as its place allows."""
        times = min(self.times, MOST_BESIDE)
        return replace(self, scale=self.scale / self.times * times, times=times)

    def text_px(self, size: float) -> int:
        """A text size of the layout; what is the least that can be read is not rounded down."""
        return max(1, math.ceil(size * self.scale - 0.001))


class Audience(QWidget):
    """The room's window. ``pointed``: a ``Place`` on it, or None; ``drawn``: (picture, place, is it a new stroke);
    ``zoomed``: (picture, place, is it to be larger)."""

    pointed = Signal(object)
    drawn = Signal(str, object, bool)
    lifted = Signal()
    zoomed = Signal(str, object, bool)
    reshaped = Signal()
    closing = Signal()

    def __init__(self, style: Style) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("root")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.style_now = style
        self.layout_now = BOTH
        self._free = (0, 0)
        self._told: tuple[tuple[HostColumn, ...], Style] | None = None
        self.diagram, self.ladder = self._card(style), self._card(style)
        self.legend = Legend(style)
        self.diagram.top.addWidget(self.legend)
        self.caption = Caption(style)
        self.time, self.line = Reading(), Canvas(style)
        self.line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.stage, self.foot = QHBoxLayout(), QHBoxLayout()
        self.strip = Card(style)
        self.strip.head.hide()
        for place, card in enumerate((self.diagram, self.ladder)):
            self.stage.addWidget(card, STRETCHES[place])
        self.foot.addWidget(self.line, 1)
        self.foot.addWidget(self.time)
        self.strip.body.addWidget(self.caption)
        self.strip.body.addLayout(self.foot)
        self.banner = Banner(most_lines=2)
        self.column = QVBoxLayout(self)
        self.column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.column.addWidget(self.banner)
        self.column.addLayout(self.stage, 1)
        self.column.addWidget(self.strip)
        self.over = Over(style, self)
        self.blank = Blank(self)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hiding = QTimer(self)
        self._hiding.setSingleShot(True)
        self._hiding.setInterval(HIDES_AFTER_MS)
        self._hiding.timeout.connect(self.hide_pointer)
        self._hiding.start()

    @staticmethod
    def _card(style: Style) -> Card:
        card = Card(style)
        card.canvas = Canvas(style, zooms=True)  # type: ignore[attr-defined]
        card.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # type: ignore[attr-defined]
        card.body.addWidget(card.canvas, 1)  # type: ignore[attr-defined]
        return card

    @property
    def canvases(self) -> dict[str, Canvas]:
        """The canvas of each picture, by its name."""
        return {DIAGRAM: self.diagram.canvas, LADDER: self.ladder.canvas}

    # --- looks ---

    def restyle(self, style: HallStyle) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        base, beside = style.base, style.beside
        wear(self, sheet(base))
        for part in (self.diagram, self.ladder, self.strip, self.over):
            part.restyle(base)
        self.banner.restyle(beside)
        self.caption.restyle(base, style.times)
        for canvas in (*self.canvases.values(), self.line):
            canvas.restyle(style)
        gap = base.px(7)
        self.column.setContentsMargins(gap, gap, gap, gap)
        self.column.setSpacing(gap)
        self.stage.setSpacing(gap)
        self.strip.body.setContentsMargins(base.px(14), base.px(5), base.px(14), base.px(5))
        self.strip.body.setSpacing(0)
        self.foot.setSpacing(base.px(12))
        self._set_margins()
        for card in (self.diagram, self.ladder):
            card.body.setSpacing(base.px(4))
            card.head.setVisible(style.times < LARGE)
        self.legend.setFixedHeight(math.ceil(base.px(15) * MOST_BESIDE) + 4)
        self.line.setFixedHeight(max(LEAST_LINE, base.px(24)))
        self.time.restyle(beside, beside.font(15, 700), "ink")
        words = style.words
        self.diagram.say(words.t("State diagram"))
        self.ladder.say(words.t("Segment timeline"))
        self.diagram.canvas.setAccessibleName(words.t("State diagram"))
        self.ladder.canvas.setAccessibleName(words.t("Segment timeline"))
        self.line.setAccessibleName(words.t("Scrubber"))

    def leave_free(self, left: int, right: int) -> None:
        """Keep so many px of each picture free at its sides: something else lies there."""
        if (left, right) != self._free:
            self._free = left, right
            self._set_margins()

    def _set_margins(self) -> None:
        style, (left, right) = self.style_now, self._free
        base = style.base if isinstance(style, HallStyle) else style
        for card in (self.diagram, self.ladder):
            card.body.setContentsMargins(base.px(10) + left, base.px(6), base.px(10) + right, base.px(6))

    def lay(self, layout: str) -> None:
        """Both pictures, or one of them."""
        if layout != self.layout_now:
            self.leave_free(0, 0)
        self.layout_now = layout
        self.diagram.setVisible(layout != LADDER)
        self.ladder.setVisible(layout != DIAGRAM)
        self.column.activate()
        self.stage.activate()

    def show_hosts(self, hosts: tuple[HostColumn, ...]) -> None:
        """Show whose colour is whose."""
        if (hosts, self.style_now) != self._told:
            self._told = hosts, self.style_now
            style = self.style_now
            self.legend.show_hosts(style.beside if isinstance(style, HallStyle) else style, hosts)

    def show_protocol(self, warning: str, brief: str) -> bool:
        """Say that this is not TCP, and what it is instead; "" for TCP. Have the pictures another place then?"""
        was = self.stage.geometry()
        self.banner.say(warning, brief)
        self.column.activate()
        self.stage.activate()
        return self.stage.geometry() != was

    def show_blank(self, colour: str) -> None:
        """Cover everything with ``black`` or ``white``; "": show it."""
        self.blank.show_colour(colour)

    def seen(self, size: QSize, ratio: float) -> QPixmap:
        """What the room sees now, small."""
        whole = self.grab()
        room = size * ratio
        small = whole.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        small.setDevicePixelRatio(ratio)
        return small

    def hide_pointer(self) -> None:
        """The pointer rests: it is not a part of the picture."""
        self.setCursor(Qt.CursorShape.BlankCursor)

    # --- places ---

    def place_on(self, at: QPointF) -> tuple[str, Place]:
        """The picture under a point of the window, and where on it; beside them, the window itself."""
        for name, canvas in self.canvases.items():
            inside = canvas.mapFrom(self, at)
            if canvas.isVisibleTo(self) and canvas.rect().contains(inside.toPoint()):
                there = canvas.in_picture(inside)
                return name, (there.x() / max(1, canvas.width()), there.y() / max(1, canvas.height()))
        return "", (at.x() / max(1, self.width()), at.y() / max(1, self.height()))

    def spot(self, x: float, y: float) -> QPointF:
        """A point of the window (px) from shares of it."""
        return QPointF(x * self.width(), y * self.height())

    def point_of(self, where: str, place: Place) -> Point:
        """Where a place on a picture lies on the window (px)."""
        canvas = self.canvases.get(where)
        if canvas is None:
            return place[0] * self.width(), place[1] * self.height()
        inside = QPointF(place[0] * canvas.width(), place[1] * canvas.height()) * canvas.zoom + canvas.origin
        there = canvas.mapTo(self, inside)
        return there.x(), there.y()

    def aim(self, where: str, at: Place, factor: float) -> None:
        """Show a picture ``factor`` times as large, this place of it in the middle."""
        canvas = self.canvases[where]
        canvas.aim(factor, QPointF(at[0] * canvas.width(), at[1] * canvas.height()))

    # --- events ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for part in (self.over, self.blank):
            part.setGeometry(self.rect())
            part.raise_()
        self.reshaped.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.unsetCursor()
        self._hiding.start()
        self.point(event.position(), is_down=bool(event.buttons() & Qt.MouseButton.LeftButton))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.drawn.emit(*self.place_on(event.position()), True)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.lifted.emit()

    def point(self, at: QPointF, *, is_down: bool) -> None:
        """The pointer is there, on this window or on its small picture; with the button down it draws."""
        self.pointed.emit((at.x() / max(1, self.width()), at.y() / max(1, self.height())))
        if is_down:
            self.drawn.emit(*self.place_on(at), False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(*self.place_on(event.position()), event.angleDelta().y() > 0)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._hiding.stop()
        super().closeEvent(event)
        self.closing.emit()
