"""The list of keys (``?``): every command of the registry that has one, in columns by group."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from tutor.ui import fonts
from tutor.ui.card import set_ink
from tutor.ui.commands import HAND, LESSON, LOOK, PANEL, RUN, SIGHT, TIME, overlay_rows
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

COLUMNS = ((TIME, LESSON), (HAND, RUN), (SIGHT, PANEL, LOOK))
"""Groups of commands as they stand beside one another."""
WIDE_COLUMNS = ((TIME, LESSON), (HAND,), (RUN, SIGHT), (PANEL, LOOK))
"""The same in a window that has room for one column more."""


class KeysOverlay(QWidget):
    """Covers the window with a veil and shows the keys. A click or Esc closes it."""

    def __init__(self, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self.frame = QFrame(self)
        self.frame.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._wish = QSize()
        self.setVisible(False)

    def toggle(self, style: Style) -> None:
        """Open or close."""
        if self.isVisible():
            self.setVisible(False)
            return
        self.restyle(style)
        self.setGeometry(self.parentWidget().rect())
        self.place()
        self.setVisible(True)
        self.raise_()
        self.setFocus()

    def restyle(self, style: Style) -> None:
        """Write all rows anew, in the looks and the language of ``style``."""
        self._style = style
        veil = style.colour("bg")
        self.setStyleSheet(f"KeysOverlay {{ background: rgba({veil.red()}, {veil.green()}, {veil.blue()}, 200); }}")
        self.setAccessibleName(style.words.t("All keys"))
        self.frame.hide()
        self.frame.deleteLater()
        self.frame = QFrame(self)
        self.frame.setObjectName("overlay")
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(*[style.px(28)] * 4)
        column.setSpacing(style.px(16))
        column.addWidget(self._label(style.words.t("All keys"), 24, 700, "ink"))
        keys = self._columns(WIDE_COLUMNS)
        if keys.sizeHint().width() + 2 * style.px(28) + 14 > self.parentWidget().width():
            keys = self._columns(COLUMNS)
        self.scroll = QScrollArea()
        self.scroll.setWidget(keys)
        self.scroll.setWidgetResizable(True)
        self.scroll.viewport().setAutoFillBackground(False)
        keys.setAutoFillBackground(False)
        self._wish = keys.sizeHint()
        column.addWidget(self.scroll)
        self.place()

    def _columns(self, columns: tuple[tuple[str, ...], ...]) -> QWidget:
        """All groups, some under one another; the mouse stands with time, or with what the hand does."""
        style = self._style
        words, groups = style.words, QHBoxLayout()
        groups.setSpacing(style.px(36))
        for stacked in columns:
            stack = QVBoxLayout()
            stack.setSpacing(style.px(14))
            for group in stacked:
                stack.addLayout(self._group(group))
            if stacked == (HAND,) or (TIME in stacked and (HAND,) not in columns):
                stack.addLayout(self._grid(words.t("Mouse"), [(words.t(by), words.t(does)) for by, does in POINTER]))
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
            keys = "  ".join(words.t(key) if len(key) > 2 and key.isalpha() else key for key in command.shown)
            rows.append((keys, words.t(command.text)))
        return self._grid(words.t(group), rows)

    def _grid(self, head_text: str, rows: list[tuple[str, str]]) -> QGridLayout:
        style = self._style
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(22))
        grid.setVerticalSpacing(style.px(7))
        head = self._label(style.head(head_text), 15, 700, "ink2")
        head.setFont(style.head_font())
        grid.addWidget(head, 0, 0, 1, 2)
        widest = QFontMetrics(style.font(15, 600)).horizontalAdvance("Ctrl+Shift+Z")
        grid.setColumnMinimumWidth(0, widest)
        head.setVisible(bool(rows))
        for line, (keys, does) in enumerate(rows, start=1):
            key = self._label(keys, 15, 600, "accent")
            key.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(key, line, 0)
            grid.addWidget(self._label(does, 15, 400, "ink"), line, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _label(self, text: str, size: int, weight: int, role: str) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        if any(is_chinese for _, is_chinese in fonts.runs(text)):
            weight = fonts.cjk_weight(weight, on_dark=self._style.theme.is_dark)
        label.setFont(self._style.font(size, weight))
        set_ink(label, self._style, role)
        return label

    def place(self) -> None:
        """Put the frame into the middle."""
        style = self._style
        size = self._wish.grownBy(QMargins(style.px(28), style.px(28), style.px(28) + 14, style.px(76)))
        self.frame.setGeometry(
            max(0, (self.width() - size.width()) // 2), max(0, (self.height() - size.height()) // 2),
            min(size.width(), self.width()), min(size.height(), self.height()),
        )  # fmt: skip
        self.frame.show()

    def mousePressEvent(self, _event) -> None:
        self.setVisible(False)
