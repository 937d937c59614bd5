"""The one sentence under the pictures: as large as two lines of it allow, and never smaller than the room can read.

Rules
-----
* Its height is that of two lines of the largest size, whatever it says and however large the room: the pictures above
  it do not jump, and lose nothing to it.
* A sentence for which that is too little at the size that the room asks for is said more briefly (``rows.briefer``),
  then smaller, down to the least; what has no room even then ends with an ellipsis. All of it is on the console.
* Why an answer is wrong is said whole: it becomes smaller before it becomes briefer, and what has no room even then
  ``is_short``, which the lecturer is told.
* Whose event it tells shows by the host's sign, a refusal by a word.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from tutor.ui import fonts
from tutor.ui.card import set_ink
from tutor.ui.present.rows import SOURCE, briefer
from tutor.ui.style import Style
from tutor.ui.why import Sign, WhyRow

LARGEST, LEAST, MOST = 26, 15, 28
"""Px of the audience's layout, in which 15 is the least that the last row reads; two lines of ``MOST`` have room."""
LINES = 2


class Caption(QWidget):
    """Shows a ``WhyRow``."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style, self._asked = style, float(LEAST)
        self.row, self._is_whole = WhyRow(""), False
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
        """Take colours, sizes and language from ``style``; the room asks for type ``times`` the least."""
        self._style, self._asked = style, min(float(MOST), LEAST * times)
        self.layout().setSpacing(style.px(12))
        self.refused.setFont(style.font(15, 700))
        self.refused.setText(style.words.t("REFUSED"))
        set_ink(self.refused, style, "ink2")
        set_ink(self.said, style, "ink")
        self.setAccessibleName(style.words.t("What has just happened, and why"))
        self.setFixedHeight(QFontMetrics(self._font(LARGEST)).lineSpacing() * LINES + style.px(8))
        self._write()

    def show_row(self, row: WhyRow, *, is_whole: bool = False) -> None:
        """Show this sentence. ``is_whole``: rather smaller than more briefly."""
        if (row, is_whole) != (self.row, self._is_whole):
            self.row, self._is_whole = row, is_whole
            self._write()

    @property
    def is_short(self) -> bool:
        """Is less said than was to be said whole?"""
        return self._is_whole and SOURCE.sub("", self.said.text()) != SOURCE.sub("", self.row.sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _write(self) -> None:
        self.sign.show_host(self._style, self.row.host)
        self.sign.setVisible(self.row.host is not None)
        self.refused.setVisible(self.row.is_refusal)
        self.setAccessibleDescription(self.row.sentence)
        self._fit()

    def _font(self, size: float) -> QFont:
        return fonts.ui(max(1, round(size * self._style.scale)), 600)

    def _fit(self) -> None:
        """The sentence as whole as it goes at the size that the room asks for, and as large as it goes then."""
        texts = briefer(self.row.sentence)
        asked = range(max(LARGEST, math.floor(self._asked)), math.ceil(self._asked) - 1, -1)
        below = range(math.ceil(self._asked) - 1, LEAST - 1, -1)
        tries = [(text, size) for text in texts for size in asked] + [(texts[-1], size) for size in below]
        if self._is_whole:
            whole = dict.fromkeys((self.row.sentence, SOURCE.sub("", self.row.sentence)))
            tries = [(text, size) for sizes in (asked, below) for text in whole for size in sizes] + tries
        text, size = next((each for each in tries if self._holds(*each)), (texts[-1], LEAST))
        while not self._holds(text, size) and len(text) > 1:
            text = text[: max(1, len(text) - 4)].rstrip("… ") + "…"
        self.said.setFont(self._font(size))
        self.said.setText(text)

    def _holds(self, text: str, size: int) -> bool:
        room = QSize(max(80, self.width() - self._beside()), max(20, self.height()))
        box = QFontMetrics(self._font(size)).boundingRect(QRect(0, 0, room.width(), 10_000), WRAPS, text)
        return box.height() <= room.height() and box.width() <= room.width()

    def _beside(self) -> int:
        gap = self._style.px(12)
        sign = self.sign.width() + gap if self.row.host is not None else 0
        return sign + (self.refused.sizeHint().width() + gap if self.row.is_refusal else 0)


WRAPS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
