"""The rail: every step of the lesson, what one may have read, and the checks, in one line on the card.

Rules
-----
* Steps are bars, what one may have read squares, checks diamonds: shape says what it is, colour and fill how far it is.
* A click on one that has been reached goes there; for the keyboard there is the list of all of them (``contents``).
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tutor.ui.rows import RailStep
from tutor.ui.style import Style

_INKS = {"done": "ok", "wrong": "ink3", "current": "accent", "ahead": "grid", "unreachable": "grid"}


class Rail(QWidget):
    """``wanted`` names what was clicked: its place among ``steps``, from 0; -1: the list of all."""

    wanted = Signal(int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.steps: tuple[RailStep, ...] = ()
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def restyle(self, style: Style) -> None:
        """Take size and colours from ``style``."""
        self._style = style
        self.setFixedHeight(max(14, style.px(16)))
        self.update()

    def show_steps(self, steps: tuple[RailStep, ...], name: str) -> None:
        """Show these; ``name``: all of it in words."""
        self.setAccessibleName(name)
        if steps != self.steps:
            self.steps = steps
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, max(14, self._style.px(16)))

    def place_of(self, index: int) -> QRectF:
        """Where one of them lies."""
        gap, side = 3.0, float(self.height())
        small = min(side, self.width() / max(1, 2 * len(self.steps)))
        bars = sum(step.kind == "beat" for step in self.steps)
        others = len(self.steps) - bars
        room = self.width() - others * (small + gap) - (2 * gap if others else 0)
        wide = room / max(1, bars)
        if index < bars:
            return QRectF(index * wide, 0, max(2.0, wide - gap), side)
        return QRectF(room + 2 * gap + (index - bars) * (small + gap), 0, small, side)

    def at(self, x: float) -> int:
        """The one at this place; -1: none."""
        found = (index for index in range(len(self.steps)) if self._reach(index, x))
        return next(found, -1)

    def _reach(self, index: int, x: float) -> bool:
        box = self.place_of(index)
        return box.left() <= x <= box.right() + 3

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, step in enumerate(self.steps):
            self._paint(painter, step, self.place_of(index))
        painter.end()

    def _paint(self, painter: QPainter, step: RailStep, box: QRectF) -> None:
        ink, middle = self._style.colour(_INKS[step.status]), box.center()
        is_open = step.status in ("ahead", "unreachable")
        painter.setBrush(ink if step.kind == "beat" or not is_open else Qt.BrushStyle.NoBrush)
        edge = self._style.colour("nodeb") if is_open and step.kind != "beat" else ink
        painter.setPen(Qt.PenStyle.NoPen if step.kind == "beat" else QPen(edge, 1.6))
        if step.kind == "beat":
            tall = self._style.px(10 if step.status == "current" else 6)
            painter.drawRoundedRect(QRectF(box.left(), middle.y() - tall / 2, box.width(), tall), 3, 3)
            return
        half = min(box.width(), box.height()) / 2 - 1.5
        if step.kind == "read":
            half *= 0.8
            painter.drawRoundedRect(QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half), 2, 2)
            return
        offsets = ((0, -half), (half, 0), (0, half), (-half, 0))
        painter.drawPolygon(QPolygonF([middle + QPointF(x, y) for x, y in offsets]))

    def mouseMoveEvent(self, event) -> None:
        place = self.at(event.position().x())
        step = self.steps[place] if place >= 0 else None
        self.setCursor(Qt.CursorShape.PointingHandCursor if step is not None else Qt.CursorShape.ArrowCursor)
        QToolTip.showText(event.globalPosition().toPoint(), step.title if step is not None else "", self)

    def mousePressEvent(self, event) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            place = self.at(event.position().x())
            self.wanted.emit(place if place >= 0 and self.steps[place].can_go else -1)
