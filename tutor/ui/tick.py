"""A box to tick, drawn in the theme's colours: the usual one is hard to see in the dark, and small.

Rules
-----
* Violet is the colour of controls: a ticked box is filled with it and has a tick, an empty one has a border.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QWidget

from tutor.ui.button import keeps_key
from tutor.ui.style import Style


class Tick(QCheckBox):
    """A check box. Reached with Tab it answers Space itself."""

    def __init__(self, style: Style | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style or Style()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def restyle(self, style: Style, text: str) -> None:
        """Take the looks of ``style``; ``text`` stands beside the box."""
        self._style = style
        self.setText(text)
        self.updateGeometry()
        self.update()

    def _side(self) -> int:
        return max(18, self._style.px(20))

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        wide = self._side() + metrics.horizontalAdvance(self.text()) + (10 if self.text() else 0) + 4
        return QSize(round(wide), max(self._side() + 1, 28, math.ceil(metrics.height())))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, where) -> bool:
        return self.rect().contains(where)

    def event(self, event: QEvent) -> bool:
        return True if keeps_key(self, event) else super().event(event)

    def paintEvent(self, _event) -> None:
        painter, style, side = QPainter(self), self._style, self._side()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(2, (self.height() - side) / 2 + 1, side - 2, side - 2)
        is_on = self.isChecked()
        edge = "accent" if is_on or self.hasFocus() or self.underMouse() else "nodeb"
        painter.setPen(QPen(style.colour(edge), 2 if self.hasFocus() else 1.4))
        painter.setBrush(style.colour("accent" if is_on else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        if is_on:
            painter.setPen(QPen(style.colour("on"), 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            points = ((0.24, 0.52), (0.44, 0.72), (0.78, 0.3))
            painter.drawPolyline(
                QPolygonF([QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in points])
            )
        painter.setPen(style.colour("ink"))
        painter.setFont(self.font())
        place = QRectF(side + 8, 0, self.width() - side - 8, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.end()
