"""One sentence over the foot of the window, for a few seconds; what is told of the run is not covered."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from tutor.ui.style import Style

EDGE = 10
"""Px between the sentence and what lies around it."""


class Notice(QLabel):
    """Why something was not done. It goes away by itself and never takes a click."""

    STAYS_FOR, WARNS_FOR = 4000, 15_000

    def __init__(self, parent: QWidget, below: QWidget) -> None:
        super().__init__(parent)
        self._below = below
        self.setObjectName("notice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def restyle(self, style: Style) -> None:
        """Take the font from ``style``."""
        self.setFont(style.font(16, 600))

    def warn(self, text: str) -> None:
        """Show what must not be missed: it stays until it can have been read, beside what is shown already."""
        shown = self.text() if self.isVisible() else ""
        self.say("\n".join(filter(None, (shown, text))))
        self._timer.start(self.WARNS_FOR)

    def say(self, text: str) -> None:
        """Show a sentence, or take it away."""
        self.setText(text)
        self.setVisible(bool(text))
        self.setAccessibleName(text)
        if text:
            self.place()
            self.raise_()
            self._timer.start(self.STAYS_FOR)

    def place(self) -> None:
        """Above the line that tells of the run, in the middle."""
        parent = self.parentWidget()
        room = parent.width() - 8 * EDGE
        self.setWordWrap(False)
        wish = self.sizeHint()
        self.setWordWrap(wish.width() > room)
        self.resize(min(wish.width(), room), self.heightForWidth(room) if self.wordWrap() else wish.height())
        shown = self._below.isVisibleTo(parent)
        foot = self._below.mapTo(parent, QPoint(0, 0)).y() - EDGE // 2 if shown else parent.height() - 2 * EDGE - 66
        self.move(QPoint((parent.width() - self.width()) // 2, foot - self.height()))
