"""Answers that are not picked: a time that is typed, an explanation that is told against a clock.

Rules
-----
* What is written goes to the session with every letter: nothing is lost when the card is shown anew.
* The clock begins when one begins it, and its end takes nothing away: it is said, and the points appear.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.style import Style

LONGEST = 40
"""No time is spelt longer."""

BEAT_MS = 200
"""The clock is looked at so often; what it shows changes once a second."""


class TimeField(QLineEdit):
    """A field for a time. ``written`` with every letter."""

    written = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST)
        self.textEdited.connect(self.written)

    def restyle(self, style: Style) -> None:
        """Take size and words from ``style``."""
        self.setFont(style.mono(17, 600))
        self.setMinimumHeight(max(34, style.px(42)))
        self.setPlaceholderText(style.words.t("3s, 200ms, 2min"))
        self.setAccessibleName(style.words.t("Your answer: a time, with its unit"))

    def show_text(self, text: str) -> None:
        """Show what is written, unless it is shown."""
        if text != self.text():
            self.setText(text)

    def begin(self, letter: str) -> None:
        """A digit was pressed somewhere else: go on here."""
        self.setFocus()
        self.end(False)
        self.insert(letter)
        self.written.emit(self.text())


class ExplainBox(QWidget):
    """The clock and the sheet of an explanation. ``told`` carries what was written, when one has finished."""

    written = Signal(str)
    told = Signal(str, bool)
    """The words, and whether it was the clock that ended them."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style, self._seconds, self._shown = style, 0, -1
        self.clock, self.sheet = QLabel(), QPlainTextEdit()
        self.sheet.setTabChangesFocus(True)
        self.sheet.textChanged.connect(lambda: self.written.emit(self.sheet.toPlainText()))
        self.begin = Button("primary")
        self.begin.clicked.connect(self.press)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.clock, self.sheet, self.begin):
            column.addWidget(part)
        self._elapsed, self._timer = QElapsedTimer(), QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_running(self) -> bool:
        """Has the clock begun, and not ended?"""
        return self._timer.isActive()

    def restyle(self, style: Style) -> None:
        """Take sizes and words from ``style``."""
        self._style, t = style, style.words.t
        self.layout().setSpacing(style.px(8))
        self.clock.setFont(style.mono(24, 700))
        set_ink(self.clock, style, "ink")
        self.sheet.setFont(style.font(15))
        self.sheet.setFixedHeight(style.px(150))
        self.sheet.setPlaceholderText(t("Write it, or say it aloud."))
        self.sheet.setAccessibleName(t("Your explanation"))
        self._write()

    def show_task(self, seconds: int, text: str) -> None:
        """Show an explanation that is to be given in so many seconds, with what is written already; 0: none."""
        if seconds != self._seconds or not seconds:
            self._timer.stop()
            self._shown = -1
        self._seconds = seconds
        if text != self.sheet.toPlainText():
            self.sheet.blockSignals(True)
            self.sheet.setPlainText(text)
            self.sheet.blockSignals(False)
        self._write()

    def press(self) -> None:
        """Begin; or, once it runs, be done."""
        if not self._seconds:
            return
        if self.is_running:
            self._end(is_late=False)
            return
        self._elapsed.start()
        self._timer.start()
        self._write()
        self.sheet.setFocus()

    def left(self) -> int:
        """Seconds that are left."""
        gone = self._elapsed.elapsed() // 1000 if self.is_running else 0
        return max(0, self._seconds - gone)

    def hideEvent(self, event) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _look(self) -> None:
        if self.left() == 0:
            self._end(is_late=True)
        elif self.left() != self._shown:
            self._write()

    def _end(self, *, is_late: bool) -> None:
        self._timer.stop()
        self.told.emit(self.sheet.toPlainText(), is_late)

    def _write(self) -> None:
        style, left = self._style, self.left()
        self._shown = left
        said = f"{left // 60}:{left % 60:02d}"
        if said != self.clock.text():
            self.clock.setText(said)
            self.clock.setAccessibleName(style.words.t("{count} s are left", count=left))
        is_running = self.is_running
        self.clock.setVisible(is_running)
        self.sheet.setVisible(is_running)
        if is_running:
            self.begin.restyle(style, style.words.t("I have said it"), key="Ctrl+Enter")
        else:
            self.begin.restyle(style, style.words.t("Begin: {count} s", count=left), key=style.words.t("Enter"))
