"""The one sentence under the pictures: as large as two lines of it allow, and never smaller than the room can read.

Rules
-----
* Its height is that of two lines of the largest size, whatever it says: the pictures above it do not jump.
* Whose event it tells shows by the host's sign, a refusal by a word.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from tutor.ui import fonts
from tutor.ui.card import set_ink
from tutor.ui.style import Style
from tutor.ui.why import Sign, WhyRow

LARGEST, LEAST = 26, 15
"""Px of the audience's layout, in which 15 is the least that the last row reads."""
LINES = 2


class Caption(QWidget):
    """Shows a ``WhyRow``."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style, self._largest = style, float(LARGEST)
        self.row = WhyRow("")
        self.sign = Sign(style)
        self.refused = QLabel()
        self.refused.setObjectName("refused")
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.said.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.sign)
        row.addWidget(self.refused)
        row.addWidget(self.said, 1)

    def restyle(self, style: Style, times: float = 1.0) -> None:
        """Take colours, sizes and language from ``style``, which is ``times`` larger than in any room: there the
        sentence is large already."""
        self._style, self._largest = style, max(float(LEAST), LARGEST / times)
        self.layout().setSpacing(style.px(12))
        self.refused.setFont(style.font(15, 700))
        self.refused.setText(style.words.t("REFUSED"))
        set_ink(self.refused, style, "ink2")
        set_ink(self.said, style, "ink")
        self.setAccessibleName(style.words.t("What has just happened, and why"))
        self.setFixedHeight(QFontMetrics(self._font(self._largest)).lineSpacing() * LINES + style.px(6))
        self._write()

    def show_row(self, row: WhyRow) -> None:
        """Show this sentence."""
        if row != self.row:
            self.row = row
            self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _write(self) -> None:
        self.sign.show_host(self._style, self.row.host)
        self.sign.setVisible(self.row.host is not None)
        self.refused.setVisible(self.row.is_refusal)
        self.said.setText(self.row.sentence)
        self.setAccessibleDescription(self.row.sentence)
        self._fit()

    def _font(self, size: float) -> QFont:
        return fonts.ui(max(1, round(size * self._style.scale)), 600)

    def _fit(self) -> None:
        """The largest letters with which the sentence fits; it may take a third line before they are too small."""
        room = QSize(max(80, self.width() - self._beside()), max(20, self.height()))
        size = self._largest
        while True:
            metrics = QFontMetrics(self._font(size))
            box = metrics.boundingRect(QRect(0, 0, room.width(), 10_000), WRAPS, self.row.sentence)
            if size <= LEAST or (box.height() <= room.height() and box.width() <= room.width()):
                break
            size = max(float(LEAST), size - 1)
        self.said.setFont(self._font(size))

    def _beside(self) -> int:
        gap = self._style.px(12)
        sign = self.sign.width() + gap if self.row.host is not None else 0
        return sign + (self.refused.sizeHint().width() + gap if self.row.is_refusal else 0)


WRAPS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
