"""A short text that changes from frame to frame: a clock, a count.

Rules
-----
* It is painted. A ``QLabel`` asks the whole window for a new layout whenever its text is set, sixty times a second.
* It has room for the longest text that is to come: what stands beside it keeps its place.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from tutor.ui.style import Style


class Reading(QWidget):
    """One line of text."""

    def __init__(self, *, to_right: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._role = "ink"
        self._style = Style()
        self._font = QFont()
        self._wide = 0
        side = Qt.AlignmentFlag.AlignRight if to_right else Qt.AlignmentFlag.AlignLeft
        self._where = side | Qt.AlignmentFlag.AlignVCenter
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """What is written."""
        return self._text

    def restyle(self, style: Style, font: QFont, role: str) -> None:
        """Take a font and the colour of a role. What was written is forgotten."""
        self._style, self._font, self._role = style, font, role
        self._text, self._wide = "", 0
        self.updateGeometry()
        self.update()

    def say(self, text: str, *, room_for: str = "") -> None:
        """Write this; ``room_for`` is to fit in the same place."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.update()
        wide = max(self._width_of(text), self._width_of(room_for))
        if wide != self._wide:
            self._wide = wide
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._wide, QFontMetrics(self._font).lineSpacing())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(self._style.colour(self._role))
        painter.drawText(self.rect(), self._where, self._text)
        painter.end()

    def _width_of(self, text: str) -> int:
        """Every digit counts as wide as a 0, or the width would change with each."""
        steady = "".join("0" if sign.isdigit() else sign for sign in text)
        return QFontMetrics(self._font).horizontalAdvance(steady) + 2
