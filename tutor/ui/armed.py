"""What is armed by hand and waits for its segment: a line above the ladder, that a click takes back."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent

from tutor.ui.button import Button
from tutor.ui.style import Style


class Armed(Button):
    """The newest armed act in words, with how many more there are; the others are in the hint.

    Where the line has no room, the words give way, and what stands behind them stays.
    """

    def __init__(self) -> None:
        super().__init__("plain")
        self._sentence, self._tail = "", ""
        self._wish = QSize()
        self.hide()

    def show_sentences(self, sentences: tuple[str, ...], style: Style) -> None:
        """Say what is armed, the newest first; nothing hides the line."""
        self.setVisible(bool(sentences))
        if sentences:
            self._sentence, self._tail = sentences[0], f"{_more(sentences)}   ✕"
            hint = "\n".join((*sentences, style.words.t("Take back what is armed")))
            self.restyle(style, f"{self._sentence}{self._tail}", hint=hint)
            self._wish = super().sizeHint()
            self.updateGeometry()
            self._fit()

    def sizeHint(self) -> QSize:
        return self._wish if self._wish.isValid() else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = metrics.horizontalAdvance(self._sentence) - max(0, self._wish.width() - self.width())
        written = metrics.elidedText(self._sentence, Qt.TextElideMode.ElideRight, room) + self._tail
        if self._sentence and written != self.text():
            self.setText(written)


def _more(sentences: tuple[str, ...]) -> str:
    return f"  +{len(sentences) - 1}" if len(sentences) > 1 else ""
