"""The filter of the timeline: a line to type in, how many segments it lets through, and what is wrong with it.

Rules
-----
* Whatever is typed is tried at once. Esc clears it, Enter leaves it for the next segment that it lets through; while it
  has the keyboard no key is a command.
* The fault is told right under the line, over the picture: nothing moves while somebody types.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from tutor.teach import intents
from tutor.ui.card import Card, set_ink
from tutor.ui.lensing import FilterRows
from tutor.ui.style import Style


class FilterLine(QLineEdit):
    """A line that keeps Esc and Enter to itself."""

    left = Signal()
    entered = Signal()

    def event(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in keys:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self.textEdited.emit("")
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FilterBox(QWidget):
    """Shows ``FilterRows``; ``wanted`` carries the intent to see through another filter."""

    wanted = Signal(object)
    left = Signal()
    entered = Signal()

    def __init__(self, style: Style, card: Card) -> None:
        super().__init__(card)
        self._style = style
        self._card = card
        self.line = FilterLine()
        self.line.setClearButtonEnabled(False)
        self.line.textEdited.connect(lambda text: self.wanted.emit(intents.See("filter", text)))
        self.line.left.connect(self.left)
        self.line.entered.connect(self.entered)
        self.count = QLabel()
        self.error = QLabel(card)
        for label in (self.count, self.error):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setObjectName("filter-error")
        self.error.setProperty("floats", True)
        self.error.setWordWrap(True)
        self.error.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.error.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self.count)
        row.addWidget(self.line, 100)

    def restyle(self, style: Style) -> None:
        """Take fonts, sizes and language from ``style``."""
        self._style = style
        words = style.words
        self.line.setFont(style.mono(14))
        self.line.setMinimumWidth(style.px(52))
        self.line.setMaximumWidth(style.px(240))
        self.line.setPlaceholderText(words.t("Filter"))
        self.line.setAccessibleName(words.t("Filter the segments"))
        self.line.setToolTip(words.t("For example: {example}", example="tcp.flags.syn == 1 and host == server"))
        self.count.setFont(style.font(14, 600))
        set_ink(self.count, style, "ink2")
        self.error.setFont(style.font(14))
        self.show_rows(FilterRows(self.line.text(), self.count.text(), self.error.text()))

    def open(self) -> None:
        """Take the keyboard."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def show_rows(self, rows: FilterRows) -> None:
        """Show the count or the fault; the text only if it is another."""
        if rows.text != self.line.text():
            self.line.setText(rows.text)
        if rows.count != self.count.text():
            self.count.setText(rows.count)
            self._make_room()
        self.line.setAccessibleDescription(rows.error or rows.count)
        if rows.error != self.error.text() or bool(rows.error) != self.error.isVisibleTo(self._card):
            self.error.setText(rows.error)
            self.error.setVisible(bool(rows.error))
            self.place()

    def _make_room(self) -> None:
        """The count is worth more than the card's head, where there is no room for both."""
        words = self._card.head.sizeHint().width() + self.count.sizeHint().width()
        room = self._card.width() - 4 * self._style.px(14)
        self._card.head.setVisible(words + self.line.minimumWidth() <= room)

    def place(self) -> None:
        """Put the fault under the line, as wide as the card lets it."""
        if not self.error.text():
            return
        margin = self._style.px(14)
        width = self._card.width() - 2 * margin
        at = self.mapTo(self._card, QPoint(0, self.height()))
        self.error.setGeometry(margin, at.y() + 4, width, self.error.heightForWidth(width))
        self.error.raise_()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._make_room()
        self.place()
