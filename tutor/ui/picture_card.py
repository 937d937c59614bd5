"""A card with a picture in it, and room for what was clicked."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from tutor.ui.canvas import Canvas
from tutor.ui.card import Card
from tutor.ui.details import Details
from tutor.ui.rows import DetailRows
from tutor.ui.style import Style

MOST, MOST_LOW = 0.66, 0.35
"""The part of the card that what was clicked takes at most, also on a low card; more of it scrolls."""
LOW = 480
"""A card below this height (px before scaling) is low: three rows of the picture stay in sight."""


class PictureCard(Card):
    """A card that holds a canvas, and what was clicked: under the canvas, or floating over its foot."""

    def __init__(self, style: Style, parent: QWidget | None = None, *, floats: bool = False) -> None:
        super().__init__(style, parent)
        self.canvas = Canvas(style, zooms=True)
        self.details = Details(style, self)
        self._floats = floats
        self.body.addWidget(self.canvas, 1)
        if not floats:
            self.body.addWidget(self.details)

    def show_details(self, rows: DetailRows | None) -> None:
        """Show what was clicked, or nothing."""
        self.details.show_rows(rows)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if self.details.rows is None:
            return
        if not self._floats:
            width, is_low = self.body.geometry().width(), self.height() < self.style_now.px(LOW)
            self.details.fit(width, is_low=is_low)
            most = round(self.height() * (MOST_LOW if is_low else MOST))
            self.details.setFixedHeight(min(self.details.heightForWidth(width), most))
            return
        at = self.canvas.geometry()
        width = min(at.width(), max(self.style_now.px(440), at.width() // 3))
        height = min(self.details.heightForWidth(width), round(at.height() * MOST))
        self.details.setGeometry(at.x(), at.bottom() - height + 1, width, height)
        self.details.raise_()

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.canvas.restyle(style)
        self.details.restyle(style)
