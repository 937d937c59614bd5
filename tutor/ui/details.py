"""What was clicked: a segment, a state, an edge; what a hand can do to the one, and a way to the others."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from tutor.joining import named, sentences
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.prose import Prose
from tutor.ui.rows import DetailRows
from tutor.ui.style import Style


class Details(QFrame):
    """Shows ``DetailRows`` at the foot of a card. ``wanted`` names a command of the registry."""

    wanted = Signal(str)
    closed = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self._style = style
        self.rows: DetailRows | None = None
        self.title = QLabel()
        self.close_button = Button("plain", "close")
        self.lines: list[tuple[QLabel, Prose]] = []
        self.drop = Button("", "drop")
        self.delay = Button()
        self.duplicate = Button()
        self.there = Button()
        self.more = Button("plain", "menu")
        self._build()
        for button, command in (
            (self.drop, "drop"), (self.delay, "delay"), (self.duplicate, "duplicate"), (self.there, "take-me-there"),
            (self.more, "touch-menu"),
        ):  # fmt: skip
            button.clicked.connect(lambda _checked=False, name=command: self.wanted.emit(name))
        self.close_button.clicked.connect(self.closed)
        self.restyle(style)
        self.setVisible(False)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        self.top = top = QHBoxLayout()
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(self.more)
        top.addWidget(self.close_button)
        column.addLayout(top)
        self.content = QWidget()
        self.grid = QGridLayout(self.content)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setColumnStretch(1, 1)
        self.scroll = QScrollArea()
        self.scroll.setWidget(self.content)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.content.setAutoFillBackground(False)
        self.scroll.viewport().setAutoFillBackground(False)
        column.addWidget(self.scroll, 1)
        self.hands = QWidget()
        row = QHBoxLayout(self.hands)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.drop, self.delay, self.duplicate):
            row.addWidget(button)
        row.addStretch(1)
        column.addWidget(self.hands)
        self.way = QWidget()
        row = QHBoxLayout(self.way)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.there)
        row.addStretch(1)
        column.addWidget(self.way)

    def fit(self, width: int, *, is_low: bool) -> None:
        """Where there is little height the buttons stand beside the title: as many of them as ``width`` px hold."""
        if is_low != (self.top.indexOf(self.hands) >= 0):
            if is_low:
                self.top.insertWidget(1, self.hands)
            else:
                self.layout().insertWidget(2, self.hands)
        gap, buttons = self._style.px(8), (self.drop, self.delay, self.duplicate)
        margins = self.layout().contentsMargins()
        beside = (self.title, self.more, self.close_button)
        room = width - margins.left() - margins.right() - sum(each.sizeHint().width() + gap for each in beside)
        for button in buttons:
            room -= button.sizeHint().width() + gap
            button.setVisible(not is_low or room >= 0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as everything in it needs; whoever gives less has it scroll."""
        margins, layout = self.layout().contentsMargins(), self.layout()
        inner = width - margins.left() - margins.right() - self.scroll.verticalScrollBar().sizeHint().width()
        parts = [
            max(self.title.sizeHint().height(), self.close_button.sizeHint().height()),
            max(0, self.grid.heightForWidth(max(40, inner))),
        ]
        below = [part for part in (self.hands, self.way) if self.layout().indexOf(part) >= 0]
        parts += [part.sizeHint().height() for part in below if not part.isHidden()]
        return margins.top() + margins.bottom() + sum(parts) + layout.spacing() * len(parts) + 4

    def restyle(self, style: Style) -> None:
        """Take sizes, fonts and words from ``style``."""
        self._style = style
        words = style.words
        self.layout().setContentsMargins(style.px(12), style.px(8), style.px(10), style.px(10))
        self.layout().setSpacing(style.px(6))
        self.grid.setHorizontalSpacing(style.px(12))
        self.grid.setVerticalSpacing(style.px(3))
        self.hands.layout().setSpacing(style.px(8))
        self.title.setFont(style.font(16, 700))
        self.drop.restyle(style, words.t("Drop"), hint=words.t("Lose this segment"), key="D")
        self.delay.restyle(style, words.t("Delay"), hint=words.t("Let this segment arrive later"), key="R")
        self.duplicate.restyle(style, words.t("Duplicate"), hint=words.t("Let this segment arrive twice"), key="U")
        self.there.restyle(style, words.t("Take me there"), key="Ctrl+G")
        self.more.restyle(style, name=words.t("What can be done here"), key="Shift+F10")
        self.close_button.restyle(style, name=words.t("Close"), key=words.t("Esc"))
        rows, self.rows = self.rows, None
        self.show_rows(rows)

    def show_rows(self, rows: DetailRows | None) -> None:
        """Show this, or nothing."""
        if rows == self.rows and rows is not None:
            return
        self.rows = rows
        self.setVisible(rows is not None)
        if rows is None:
            return
        self.setAccessibleName(rows.title)
        words = self._style.words
        said = [named(name, value, words) if name.strip() else value for name, value in rows.lines]
        self.setAccessibleDescription(sentences([*said, rows.there], words))
        self.title.setText(rows.title)
        set_ink(self.title, self._style, rows.role)
        while len(self.lines) < len(rows.lines):
            self._add_line()
        for place, (name, value) in enumerate(self.lines):
            is_used = place < len(rows.lines)
            name.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                name.setText(rows.lines[place][0])
                name.setFont(self._style.font(14))
                set_ink(name, self._style, "ink2")
                value.restyle(self._style)
                value.say(rows.lines[place][1])
        self.hands.setVisible(rows.can_touch)
        self.way.setVisible(bool(rows.there))
        self.there.setToolTip(rows.there.replace("`", ""))
        self.there.setAccessibleDescription(rows.there)
        self.scroll.verticalScrollBar().setValue(0)
        self.more.setVisible(rows.can_touch)

    def _add_line(self) -> None:
        name, value = QLabel(), Prose(self._style, 14)
        name.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.grid.addWidget(name, len(self.lines), 0)
        self.grid.addWidget(value, len(self.lines), 1)
        self.lines.append((name, value))
