"""The middle of the network's page: the segments as cards on a table, the moves so far, and how the cards are read.

Rules
-----
* The table of cards takes what it needs of the height, but leaves room for the moves; below it no line is cut in half.
* What a hint speaks of, what is chosen and the newest move are brought into sight.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from tutor.ui.canvas import Canvas
from tutor.ui.card import Card, set_ink
from tutor.ui.network_reading import Reading
from tutor.ui.network_rows import NetworkRows
from tutor.ui.page import scrolling
from tutor.ui.style import Style
from tutor.view.marks import Rect
from tutor.view.moves import moves, numbered
from tutor.view.theme import Look
from tutor.view.wire import wire
from tutor.words import Words

SPARE = 4
"""Px that are left free below the moves: a head may be a little higher than it says."""

UNBOUNDED = (1 << 24) - 1
"""A widget may be as high as it likes (Qt's QWIDGETSIZE_MAX)."""

SHARE, LEAST, BAR = 0.78, 120, 10
"""Of the height the cards take so much at most, the rest is for the moves, but never less than so many px; and the
width of a scroll bar (px)."""


class TableCanvas(Canvas):
    """A canvas on which Enter does what can be done."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class NetworkTable(Card):
    """Shows ``NetworkRows``; its ``canvas`` tells what was clicked (``clicked``) and that Enter was pressed."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.shown: NetworkRows | None = None
        self.canvas = TableCanvas(style)
        self.room = scrolling(self.canvas)
        self.moves_head, self.moves = QLabel(), Canvas(style)
        self.reading = Reading()
        inner = QWidget()
        self.told_layout = QVBoxLayout(inner)
        self.told_layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.moves, self.reading):
            self.told_layout.addWidget(part)
        self.told_layout.addStretch(1)
        self.told = scrolling(inner)
        self.told.setFrameShape(QFrame.Shape.NoFrame)
        self.head.setWordWrap(True)
        self.body.addWidget(self.room)
        self.body.addWidget(self.moves_head)
        self.body.addWidget(self.told, 1)
        self.body.addStretch()
        self.canvas.resized.connect(self.draw)
        self.fitting, self.later = QTimer(self), QTimer(self)
        for timer, what in ((self.fitting, self._fit_told), (self.later, self._reveal)):
            timer.setSingleShot(True)
            timer.timeout.connect(what)

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        super().restyle(style)
        t = style.words.t
        self.told_layout.setSpacing(style.px(10))
        self.say(t("The wire"))
        self.canvas.restyle(style)
        self.canvas.setAccessibleName(t("The wire"))
        self.moves_head.setFont(style.head_font())
        set_ink(self.moves_head, style, "ink2")
        self.reading.restyle(style)
        self.moves.restyle(style)
        self.moves.setAccessibleName(t("Your moves"))

    def show_rows(self, rows: NetworkRows) -> None:
        """Show a game."""
        self.shown, style = rows, self.style_now
        self.reading.show_rows(rows.states, rows.numbers)
        head = style.words.t("Your moves") if rows.history else style.words.t("No move has been made yet.")
        self.moves_head.setText(style.head(head) if rows.history else head)
        self.draw()

    def draw(self) -> None:
        """Draw both pictures for the room that they have."""
        if self.shown is None:
            return
        style = self.style_now
        words = style.words if isinstance(style.words, Words) else Words(style.lang)
        look = Look(style.lang, style.theme_name, max(style.scale, style.text_scale), words=words)
        most = max(LEAST, round((self.height() - self._heads()) * SHARE))
        picture = wire(self.shown.wire, (float(self.room.width() - BAR), float(most)), look)
        height = round(picture.height)
        self.canvas.setMinimumHeight(height)
        self.room.setFixedHeight(min(height, most))
        self.canvas.show_picture(picture, self.shown.spoken)
        self._draw_moves(look)
        self.fitting.start(0)
        marked = {card.id for lane in self.shown.wire.lanes for card in lane.cards if card.is_hinted or card.is_chosen}
        box = next((each for each in picture.marks() if isinstance(each, Rect) and each.id and each.id in marked), None)
        if box is not None:
            self.room.ensureVisible(round(box.x + box.w / 2), round(box.y + box.h / 2), 0, round(box.h * 0.6))

    def _draw_moves(self, look: Look) -> None:
        rows = self.shown.history if self.shown is not None else ()
        picture = moves(rows, float(self.told.width() - BAR), look)
        if picture.height != self.moves.minimumHeight():
            self.later.start(0)
        self.moves.setFixedHeight(round(picture.height))
        self.moves.setVisible(bool(rows))
        told = "\n".join(f"{number} {row.text}".strip() for number, row in zip(numbered(rows), rows, strict=True))
        self.moves.show_picture(picture, told)

    def _reveal(self) -> None:
        """The newest move is in sight."""
        self.told.ensureVisible(0, self.moves.height() if self.moves.isVisible() else 0, 0, 0)

    def _fit_told(self) -> None:
        """Below the table no line is cut in half; when nothing can be played, cards are explained if that fits."""
        if self.shown is None:
            return
        room = self.height() - self._heads() - self.room.height()
        moves_high = self.moves.height() + self.told_layout.spacing() if self.moves.isVisible() else 0
        whole = moves_high + self.reading.heightForWidth(self.told.viewport().width())
        self.reading.setVisible(whole <= room or not self.shown.is_won)
        ends = [self.moves.height()] * bool(moves_high) + [moves_high + end for end in self.reading.ends()]
        fitting = max((end for end in ends if end <= room - SPARE), default=room)
        self.told.setMaximumHeight(max(1, fitting) if whole > room else UNBOUNDED)

    def _heads(self) -> int:
        """What the two heads take of the height."""
        edges, heads = self.body.contentsMargins(), (self.head, self.moves_head)
        gaps = edges.top() + edges.bottom() + 3 * self.body.spacing()
        return gaps + sum(head.sizeHint().height() for head in heads)
