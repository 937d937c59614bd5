"""How the cards are read: the signs on them and what each means, for somebody who has never read an RFC.

Rules
-----
* Where there is little width for the text, each meaning stands below its sign.
* It can say where its lines end, so that nobody cuts one in half.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from tutor.explore.ends import A, B
from tutor.teach.network_plain import FIRST_NUMBERS, READING
from tutor.ui.card import set_ink
from tutor.ui.style import Style

SIZE = 14
NARROW = 420
"""With less width than this (px of the 1920-px layout) a meaning stands below its sign."""


class Reading(QWidget):
    """A small table: the sign in bold, and beside it what it means."""

    def __init__(self) -> None:
        super().__init__()
        self.style_now: Style | None = None
        self.head = QLabel()
        self.states = tuple((QLabel(), QLabel()) for _ in (A, B))
        """Of the states in which the two ends are now."""
        self.numbers = tuple((QLabel(), QLabel()) for _ in FIRST_NUMBERS)
        """Of the initial numbers that can be on the cards."""
        self.rows = (*self.states, *((QLabel(sign), QLabel()) for sign, _ in READING), *self.numbers)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 6, 0, 0)
        self.grid.setColumnStretch(1, 1)
        self.grid.addWidget(self.head, 0, 0, 1, 2)
        for sign, meaning in self.rows:
            meaning.setWordWrap(True)
            for label in (sign, meaning):
                label.setTextFormat(Qt.TextFormat.PlainText)
        self.is_stacked: bool | None = None
        self._arrange(is_stacked=False)

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        self.grid.setHorizontalSpacing(style.px(14))
        self.grid.setVerticalSpacing(style.px(4))
        self.head.setFont(style.head_font())
        self.head.setText(style.head(style.words.t("How to read the cards")))
        set_ink(self.head, style, "ink2")
        for (_, meaning), (_, said) in zip(self.rows[len(self.states) : -len(self.numbers)], READING, strict=True):
            meaning.setText(style.words.t(said))
        for sign, meaning in self.rows:
            sign.setFont(style.font(SIZE, 700))
            meaning.setFont(style.font(SIZE))
            set_ink(sign, style, "ink")
            set_ink(meaning, style, "ink2")
        self._fit()

    def show_rows(self, states: tuple[tuple[str, str], ...], numbers: tuple[tuple[str, str], ...]) -> None:
        """Explain these states and these initial numbers, and no others."""
        for rows, told in ((self.states, states), (self.numbers, numbers)):
            for place, labels in enumerate(rows):
                for label, text in zip(labels, told[place] if place < len(told) else ("", ""), strict=True):
                    label.setText(text)
                    label.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def ends(self) -> list[int]:
        """Where each line ends, from the upper edge (px), when it is laid out."""
        self.grid.activate()
        return [meaning.geometry().bottom() + 1 for _, meaning in self.rows if not meaning.isHidden()]

    def _fit(self) -> None:
        if self.style_now is not None:
            self._arrange(is_stacked=self.width() < self.style_now.text_px(NARROW))

    def _arrange(self, *, is_stacked: bool) -> None:
        if is_stacked == self.is_stacked:
            return
        self.is_stacked = is_stacked
        top = Qt.AlignmentFlag.AlignTop
        for place, (sign, meaning) in enumerate(self.rows):
            if is_stacked:
                self.grid.addWidget(sign, 2 * place + 1, 0, 1, 2, top)
                self.grid.addWidget(meaning, 2 * place + 2, 0, 1, 2, top)
            else:
                self.grid.addWidget(sign, place + 1, 0, top)
                self.grid.addWidget(meaning, place + 1, 1, top)
