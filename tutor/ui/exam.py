"""The exam's page: before it, a question of it, and its result; over all of them the clock.

Rules
-----
* It shows rows and says what was wanted; it knows no answer.
* While an exam goes on there is no other page, no manual and no hint; whoever wants away is asked first.
* The clock is calm: its text changes with the minute, and in the last minute with the second.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QWidget

from tutor.ui.card import set_ink
from tutor.ui.exam_begin import BeginFace
from tutor.ui.exam_question import QuestionFace
from tutor.ui.exam_result import ResultFace
from tutor.ui.exam_rows import BeginRows, QuestionRows, ResultRows
from tutor.ui.page import Page
from tutor.ui.style import Style
from tutor.ui.window import Window

PICKS = frozenset(f"choose-{number}" for number in range(1, 10))
KEYS = frozenset({"exam-flag", "exam-next", "exam-hand-in"})
ELSEWHERE = frozenset({"network", "atlas", "manual", "glossary"})
"""What is closed while an exam goes on."""

Rows = BeginRows | QuestionRows | ResultRows


class ExamPage(Page):
    """Covers the window. ``refused``: something that is closed now; ``leave_wanted``: the way out, or (True) closing
    the window."""

    picked = Signal(int)
    went = Signal(int)
    acted = Signal(str)
    refused = Signal()
    leave_wanted = Signal(bool)
    topic = "exam"

    def __init__(self, style: Style, window: Window) -> None:
        super().__init__(style, window)
        self.shown: Rows | None = None
        self.clock = QLabel()
        self.begin, self.question, self.result = BeginFace(style), QuestionFace(style), ResultFace(style)
        self.faces = QStackedWidget()
        for face in (self.begin, self.question, self.result):
            self.faces.addWidget(face)
        self.clock.setTextFormat(Qt.TextFormat.PlainText)
        self.clock.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.close_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.close_button.clicked.disconnect()
        self.close_button.clicked.connect(lambda: self.takes("deselect"))
        self.top.addWidget(self.clock)
        self.top.addWidget(self.close_button)
        self.row.addWidget(self.faces)
        self.question.picked.connect(self.picked)
        self.question.went.connect(self.went)
        self.question.acted.connect(self.acted)
        self.result.acted.connect(self.acted)
        self.cover()

    @property
    def canvas(self) -> QWidget:
        """What has the focus when the page opens."""
        face = self.faces.currentWidget()
        return self.begin.list if face is self.begin else self.question if face is self.question else self.result.canvas

    @property
    def is_going_on(self) -> bool:
        """Is a question on the page?"""
        return isinstance(self.shown, QuestionRows)

    def lets_close(self) -> bool:
        if self.is_going_on:
            self.leave_wanted.emit(True)
        return not self.is_going_on

    def takes(self, name: str) -> bool:
        """Carry out a command that means something here; False: it is the window's."""
        if name == "deselect":
            self.leave_wanted.emit(False)
        elif name == "exam":
            if self.is_going_on:
                self.refused.emit()
            else:
                self.leave_wanted.emit(False)
        elif name in PICKS:
            self._pick(int(name.removeprefix("choose-")) - 1)
        elif name in KEYS:
            self._do(name.removeprefix("exam-"))
        elif name in ELSEWHERE and self.is_going_on:
            self.refused.emit()
        else:
            return False
        return True

    def _pick(self, index: int) -> None:
        if isinstance(self.shown, QuestionRows) and index < len(self.shown.options):
            self.picked.emit(index)

    def _do(self, name: str) -> None:
        if isinstance(self.shown, QuestionRows):
            self.acted.emit(name)
        elif isinstance(self.shown, BeginRows) and name == "hand-in":
            self.begin.take()

    # --- looks ---

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        t = style.words.t
        self.set_gaps()
        for face in (self.begin, self.question, self.result):
            face.restyle(style)
        for label, font, role in (
            (self.head, style.font(22, 700), "ink"), (self.rule, style.font(15), "ink2"),
            (self.clock, style.font(18, 700), "ink"),
        ):  # fmt: skip
            label.setFont(font)
            set_ink(label, style, role)
        self.head.setText(t("Exam"))
        self.shown = None

    def show_rows(self, rows: Rows) -> None:
        """Show what there is now."""
        was, self.shown = self.shown, rows
        t, style = self.style_now.words.t, self.style_now
        if isinstance(rows, BeginRows):
            self._turn(self.begin, t("The same seed makes the same exam, on every machine."))
            self.begin.show_rows(rows)
        elif isinstance(rows, QuestionRows):
            self._turn(self.question, rows.rule)
            if rows != was:
                self.question.show_rows(rows)
            if isinstance(was, QuestionRows) and was.posed is not rows.posed:
                self.question.setFocus()
        else:
            self._turn(self.result, rows.rule)
            self.result.show_rows(rows)
        self.clock.setVisible(self.is_going_on)
        said = t("Leave the exam") if self.is_going_on else t("Back to the stage")
        self.close_button.restyle(style, said, key=t("Esc"))
        self.own = KEYS | PICKS | {"exam"} if self.is_going_on else frozenset({"exam", "exam-hand-in"})
        if type(was) is not type(rows):
            self.parentWidget().set_active(frozenset())
            self.canvas.setFocus()

    def _turn(self, face: QWidget, rule: str) -> None:
        self.rule.setText(rule)
        self.faces.setCurrentWidget(face)

    def show_time(self, said: str) -> None:
        """Say how much time there is."""
        if said != self.clock.text():
            self.clock.setText(said)
            self.clock.setAccessibleName(said)
