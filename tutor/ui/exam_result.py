"""What came of an exam: the score by concept as bars, and every answer that was not right, with its reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.canvas import Canvas
from tutor.ui.card import Card, set_ink
from tutor.ui.exam_parts import look_of
from tutor.ui.exam_rows import ResultRows, WrongRow
from tutor.ui.page import scrolling
from tutor.ui.prose import Prose
from tutor.ui.style import Style
from tutor.view.exam import score


class ResultFace(QWidget):
    """Two cards. ``replayed``: the place of a question; ``acted``: sheet, table or anew."""

    replayed = Signal(int)
    acted = Signal(str)

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.style_now = style
        self.shown: ResultRows | None = None
        self.scores, self.wrong = Card(style), Card(style)
        self.said, self.canvas = QLabel(), Canvas(style)
        self.sheet, self.table, self.anew = Button("primary"), Button(), Button()
        self.replays: list[Button] = []
        self._build()
        self.canvas.resized.connect(self._draw)
        for button, name in ((self.sheet, "sheet"), (self.table, "table"), (self.anew, "anew")):
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, act=name: self.acted.emit(act))

    def _build(self) -> None:
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.room = scrolling(self.canvas)
        self.scores.body.addWidget(self.said)
        self.scores.body.addWidget(self.room, 1)
        for button in (self.sheet, self.table, self.anew):
            self.scores.body.addWidget(button)
        self.inner = QWidget()
        self.column = QVBoxLayout(self.inner)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.wrong_room = scrolling(self.inner)
        self.wrong.body.addWidget(self.wrong_room, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.scores, 2)
        row.addWidget(self.wrong, 3)

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now, t = style, style.words.t
        for card, head in ((self.scores, t("Score by concept")), (self.wrong, t("What was not right"))):
            card.restyle(style)
            card.say(head)
        for layout in (self.layout(), self.column):
            layout.setSpacing(style.px(10))
        self.said.setFont(style.font(18, 700))
        set_ink(self.said, style, "ink")
        self.canvas.restyle(style)
        self.canvas.setAccessibleName(t("Score by concept"))
        self.sheet.restyle(style, t("Result sheet as PDF…"))
        self.table.restyle(style, t("Result as a table (CSV)…"))
        self.anew.restyle(style, t("Another exam"))
        self.shown = None

    def show_rows(self, rows: ResultRows) -> None:
        """Show a result."""
        if rows == self.shown:
            return
        self.shown = rows
        self.said.setText(rows.said)
        self._fill(rows)
        self._draw()

    def _fill(self, rows: ResultRows) -> None:
        while (item := self.column.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        self.replays = []
        for row in rows.wrong:
            self._add(row)
        if rows.none:
            said = Prose(self.style_now, 17, self.inner)
            said.say(rows.none)
            self.column.addWidget(said)
        self.column.addStretch(1)

    def _add(self, row: WrongRow) -> None:
        style = self.style_now
        said = Prose(style, 15, self.inner)
        said.say(row.said)
        replay = Button("", "play", self.inner)
        replay.restyle(style, style.words.t("Replay"), row.replay)
        replay.setAccessibleName(row.replay)
        replay.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        replay.clicked.connect(lambda _checked=False, place=row.place: self.replayed.emit(place))
        self.replays.append(replay)
        self.column.addWidget(said)
        self.column.addWidget(replay)
        gap = QWidget(self.inner)
        gap.setFixedHeight(style.px(10))
        self.column.addWidget(gap)

    def _draw(self) -> None:
        if self.shown is None:
            return
        room = float(self.room.viewport().width()), float(self.room.viewport().height())
        picture = score(self.shown.scores, room, look_of(self.style_now))
        self.canvas.setMinimumHeight(int(picture.height) if picture.height > room[1] + 1 else 0)
        self.canvas.show_picture(picture, "\n".join(row.said for row in self.shown.scores))
