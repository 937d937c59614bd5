"""A question of the exam: at the left its run up to the moment, at the right what is asked and the answers."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.canvas import Canvas
from tutor.ui.card import Card, set_ink
from tutor.ui.exam_parts import Options, RunSoFar, look_of
from tutor.ui.exam_rows import QUESTION, QuestionRows
from tutor.ui.page import scrolling
from tutor.ui.prose import Prose
from tutor.ui.style import Style
from tutor.view.exam import numbers

SHARES = {False: (9, 11), True: (37, 63)}
"""How the width is shared; True: the answers are tables and there is little of it."""

NARROW = 1200
"""Px."""

NUMBERS = 0.17
"""So much of the height the row of numbers may take; where it needs more, it is smaller than the rest."""

SETTING = 0.36
"""So much of the left card's height its words may take."""


class QuestionFace(QWidget):
    """Two cards. ``picked``: an answer (from 0); ``went``: a question's place; ``acted``: flag, next or hand-in."""

    picked = Signal(int)
    went = Signal(int)
    acted = Signal(str)

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.style_now = style
        self.shown: QuestionRows | None = None
        self.run, self.asked = Card(style), Card(style)
        self.setting, self.canvas = Prose(style, 15), RunSoFar(style)
        self.prompt, self.how = Prose(style, 17), QLabel()
        self.options = Options(style)
        self.numbers = Canvas(style)
        self.flag, self.next, self.hand_in = Button(), Button("primary"), Button()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build()
        self.options.picked.connect(self.picked)
        self.numbers.clicked.connect(self._go)
        self.numbers.resized.connect(self._draw_numbers)
        for button, name in ((self.flag, "flag"), (self.next, "next"), (self.hand_in, "hand-in")):
            button.clicked.connect(lambda _checked=False, act=name: self.acted.emit(act))

    def _build(self) -> None:
        self.setting_room = scrolling(self.setting)
        self.setting_room.viewport().installEventFilter(self)
        self.run.body.addWidget(self.setting_room)
        self.run.body.addWidget(self.canvas, 1)
        self.rest = QWidget()
        self.run.body.addWidget(self.rest, 1)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 8, 0)
        self.how.setTextFormat(Qt.TextFormat.PlainText)
        self.how.setWordWrap(True)
        for part in (self.prompt, self.how, self.options):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.room = scrolling(inner)
        self.asked.body.addWidget(self.room, 1)
        self.numbers.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.asked.body.addWidget(self.numbers)
        self.ways = QHBoxLayout()
        self.ways.addWidget(self.flag)
        self.ways.addStretch(1)
        self.ways.addWidget(self.hand_in)
        self.ways.addWidget(self.next)
        self.asked.body.addLayout(self.ways)
        self.cards = QHBoxLayout(self)
        self.cards.setContentsMargins(0, 0, 0, 0)
        self.cards.addWidget(self.run)
        self.cards.addWidget(self.asked)

    def _go(self, mark: str) -> None:
        if mark.startswith(QUESTION):
            self.went.emit(int(mark.removeprefix(QUESTION)))

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        for card in (self.run, self.asked):
            card.restyle(style)
        for layout in (self.layout(), self.column, self.ways):
            layout.setSpacing(style.px(10))
        for part in (self.setting, self.prompt, self.canvas, self.numbers):
            part.restyle(style)
        self.how.setFont(style.font(15))
        set_ink(self.how, style, "ink2")
        if self.shown is not None:
            self.show_rows(self.shown)

    def show_rows(self, rows: QuestionRows) -> None:
        """Show a question."""
        was, self.shown = self.shown, rows
        style, t = self.style_now, self.style_now.words.t
        self.run.say(t("The run so far") if rows.posed.has_run else t("What it is about"))
        self.asked.say(rows.head)
        self.setAccessibleName(rows.head)
        self.setAccessibleDescription(rows.prompt)
        self.setting.say(rows.setting)
        self.canvas.setVisible(rows.posed.has_run)
        self.rest.setVisible(not rows.posed.has_run)
        self.canvas.show_run(style, rows.posed)
        self.prompt.say(rows.prompt)
        self.how.setText(rows.how)
        self.how.setVisible(bool(rows.how))
        self.options.show_rows(style, rows.options)
        self.numbers.setVisible(bool(rows.numbers))
        self.numbers.setAccessibleName(t("All questions"))
        self.flag.restyle(style, t("Take the flag away") if rows.is_flagged else t("Flag"), key="F")
        self.next.setVisible(bool(rows.next))
        self.next.restyle(style, rows.next, key=t("Enter"))
        self.hand_in.setVisible(rows.is_second)
        self.hand_in.restyle(style, t("Hand in"), key="Ctrl+" + t("Enter"))
        self._draw_numbers()
        self._share()
        if was is None or was.posed is not rows.posed:
            self.room.verticalScrollBar().setValue(0)
            self.setting_room.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.canvas.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._share()
        self._draw_numbers()

    def _share(self) -> None:
        """The words above the ladder are as high as they must be, and scroll from some height on.

        Where there is little width, what a program printed gets most of it.
        """
        is_wide = self.shown is not None and any(row.is_table for row in self.shown.options)
        for part, share in enumerate(SHARES[is_wide and self.width() < NARROW * max(1.0, self.style_now.text_scale)]):
            self.cards.setStretch(part, share)
        self._fit_setting()

    def eventFilter(self, watched, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit_setting()
        return super().eventFilter(watched, event)

    def _fit_setting(self) -> None:
        width = max(80, self.setting_room.viewport().width())
        tall, most = self.setting.heightForWidth(width) + 2, round(self.height() * SETTING)
        has_run = self.shown is None or self.shown.posed.has_run
        self.setting_room.setFixedHeight(min(tall, most) if has_run else min(tall, round(self.height() * 0.8)))

    def _draw_numbers(self) -> None:
        if self.shown is None or not self.shown.numbers:
            return
        look, width = look_of(self.style_now), float(max(80, self.numbers.width()))
        made = (
            numbers(self.shown.numbers, width, replace(look, text_scale=look.text_scale * smaller))
            for smaller in (1.0, 0.85, 0.7, 0.6, 0.5)
        )
        picture = next((each for each in made if each.height <= self.height() * NUMBERS), None)
        picture = picture or numbers(self.shown.numbers, width, replace(look, text_scale=0.8))
        self.numbers.setFixedHeight(round(picture.height + 0.5))
        here = next((row.said for row in self.shown.numbers if row.is_here), "")
        self.numbers.show_picture(picture, here)
