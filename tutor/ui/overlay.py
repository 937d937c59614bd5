"""The list of keys (``?``): every command of the registry that has one, in columns by group."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import NamedTuple

from PySide6.QtCore import QMargins, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from tutor.ui import fonts
from tutor.ui.card import set_ink
from tutor.ui.commands import HAND, LEARNING, LESSON, LOOK, PANEL, RUN, SIGHT, TIME, overlay_rows
from tutor.ui.style import Style
from tutor.words import mark

POINTER: tuple[tuple[str, str], ...] = (
    (mark("Wheel"), mark("Over the timeline: event by event")),
    (mark("Shift+Wheel"), mark("Over the timeline: page by page")),
    (mark("Ctrl+Wheel"), mark("Zoom about the pointer")),
    (mark("Middle button"), mark("Move what is zoomed")),
    (mark("Right button"), mark("What can be done to this")),
)
"""What wheel and buttons do on the stage; clicks are explained by what they do."""

MOUSE = mark("Mouse")
Columns = tuple[tuple[str, ...], ...]
COLUMNS: tuple[Columns, ...] = (
    ((TIME, HAND, LESSON), (RUN, SIGHT, MOUSE), (PANEL, LOOK, LEARNING)),
    ((TIME, HAND), (LESSON, RUN), (SIGHT, MOUSE, LEARNING), (PANEL, LOOK)),
)
"""Groups of commands as they stand beside one another: columns of about the same height, three of them or four."""


HEAD = 24
"""Px of the title."""


class Density(NamedTuple):
    """How close the rows stand: px of text, between rows, between groups, around everything."""

    text: float
    rows: float
    groups: float
    edge: float


DENSITIES = (Density(15, 7, 14, 28), Density(15, 4, 12, 22), Density(14, 2, 8, 16), Density(13, 0, 6, 12))
"""The first with which everything fits is taken; where none does, the list scrolls."""


class KeysOverlay(QWidget):
    """Covers the window with a veil and shows the keys. A click or Esc closes it.

    ``columns``: how groups may stand beside one another; ``shown``: the commands that are listed, by id, and how their
    keys are printed; None for all.
    """

    def __init__(
        self,
        style: Style,
        parent: QWidget,
        columns: tuple[Columns, ...] = COLUMNS,
        shown: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(parent)
        self._style, self._arrangements, self._shown = style, columns, shown
        self.frame = QFrame(self)
        self.frame.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._wish = QSize()
        self._density = DENSITIES[0]
        self.setVisible(False)

    def toggle(self, style: Style) -> None:
        """Open or close."""
        if self.isVisible():
            self.setVisible(False)
            return
        self.setGeometry(self.parentWidget().rect())
        self.restyle(style)
        self.setVisible(True)
        self.raise_()
        self.setFocus()

    def restyle(self, style: Style) -> None:
        """Write all rows anew, in the looks and the language of ``style``."""
        self._style = style
        veil = style.colour("bg")
        self.setStyleSheet(f"KeysOverlay {{ background: rgba({veil.red()}, {veil.green()}, {veil.blue()}, 200); }}")
        self.setAccessibleName(style.words.t("All keys"))
        self._fill()

    def _fill(self) -> None:
        """Write all rows, as close as they must stand to be seen at once."""
        arrangements = self._arrangements
        for self._density, columns in product(DENSITIES, arrangements):
            keys = self._columns(columns)
            self._wish = keys.sizeHint().grownBy(self._around())
            if self._wish.height() <= self.height() and self._wish.width() <= self.width():
                break
        self.frame.hide()
        self.frame.deleteLater()
        self.frame = QFrame(self)
        self.frame.setObjectName("overlay")
        column = QVBoxLayout(self.frame)
        style, edge = self._style, self._style.px(self._density.edge)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(style.px(self._density.groups))
        column.addWidget(self._head())
        self.scroll = QScrollArea()
        self.scroll.setWidget(keys)
        self.scroll.setWidgetResizable(True)
        self.scroll.viewport().setAutoFillBackground(False)
        keys.setAutoFillBackground(False)
        column.addWidget(self.scroll)
        self.place()

    def _around(self) -> QMargins:
        """What stands around the columns: edges, and the head above."""
        style, edge = self._style, self._style.px(self._density.edge) + 2
        head = self._head().sizeHint().height() + style.px(self._density.groups)
        return QMargins(edge, edge + head, edge, edge + 2)

    def _head(self) -> QLabel:
        return self._label(self._style.words.t("All keys"), HEAD, 700, "ink")

    def _columns(self, columns: Columns) -> QWidget:
        style, words, groups = self._style, self._style.words, QHBoxLayout()
        groups.setSpacing(style.px(2 * self._density.groups))
        for stacked in columns:
            stack = QVBoxLayout()
            stack.setSpacing(style.px(self._density.groups))
            for group in stacked:
                if group == MOUSE:
                    stack.addLayout(self._grid(words.t(MOUSE), [(words.t(by), words.t(does)) for by, does in POINTER]))
                else:
                    stack.addLayout(self._group(group))
            stack.addStretch(1)
            groups.addLayout(stack)
        keys = QWidget()
        keys.setObjectName("column")
        keys.setLayout(groups)
        groups.setContentsMargins(0, 0, style.px(10), 0)
        return keys

    def _group(self, group: str) -> QGridLayout:
        words = self._style.words
        rows = []
        for command in overlay_rows(group):
            shown = command.shown if self._shown is None else self._shown.get(command.id)
            if shown is None:
                continue
            keys = "  ".join(words.t(key) if len(key) > 2 and key.isalpha() else key for key in shown)
            rows.append((keys, words.t(command.text)))
        return self._grid(words.t(group), rows)

    def _grid(self, head_text: str, rows: list[tuple[str, str]]) -> QGridLayout:
        style, size = self._style, self._density.text
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(self._density.groups + 6))
        grid.setVerticalSpacing(style.px(self._density.rows))
        head = self._label(style.head(head_text), size, 700, "ink2")
        grid.addWidget(head, 0, 0, 1, 2)
        widest = QFontMetrics(style.font(size, 600)).horizontalAdvance("Ctrl+Shift+Z")
        grid.setColumnMinimumWidth(0, widest)
        head.setVisible(bool(rows))
        for line, (keys, does) in enumerate(rows, start=1):
            key = self._label(keys, size, 600, "accent")
            key.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(key, line, 0)
            grid.addWidget(self._label(does, size, 400, "ink"), line, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _label(self, text: str, size: float, weight: int, role: str) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if any(is_chinese for _, is_chinese in fonts.runs(text)):
            weight = fonts.cjk_weight(weight, on_dark=self._style.theme.is_dark)
        label.setFont(self._style.font(size, weight))
        set_ink(label, self._style, role)
        return label

    def place(self) -> None:
        """Put the frame into the middle."""
        size = self._wish
        self.frame.setGeometry(
            max(0, (self.width() - size.width()) // 2), max(0, (self.height() - size.height()) // 2),
            min(size.width(), self.width()), min(size.height(), self.height()),
        )  # fmt: skip
        self.frame.show()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self._fill()

    def mousePressEvent(self, _event) -> None:
        self.setVisible(False)
