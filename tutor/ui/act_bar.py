"""The bar for any act: a line of the vocabulary, completed word by word, done at the playhead.

Rules
-----
* Tab takes the completion that is marked, Up and Down mark another, Enter does what is written, Esc closes.
* A line that cannot be read stays, its wrong word selected, and why is said; so does one that the world refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QVBoxLayout, QWidget

from tutor.teach import completing, intents
from tutor.ui import focus
from tutor.ui.card import set_ink
from tutor.world.lines import LineError

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor


MOST_ROWS = 9
"""So many completions are seen at once."""


class ActBar(QWidget):
    """A veil over the window with a field, how the act is written, completions, and what is wrong."""

    def __init__(self, conductor: Conductor, text: str = "") -> None:
        super().__init__(conductor.window)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._conductor = conductor
        self._style = style = conductor.style
        self._before = conductor.window.focusWidget()
        veil = style.colour("bg")
        self.setStyleSheet(f"ActBar {{ background: rgba({veil.red()}, {veil.green()}, {veil.blue()}, 150); }}")
        words = style.words
        self.setAccessibleName(words.t("Do anything"))
        self.frame = QFrame(self)
        self.frame.setObjectName("overlay")
        self.field = QLineEdit()
        self.field.setFont(style.mono(17))
        self.field.setPlaceholderText(words.t("an act, as client close or drop #3"))
        self.field.setAccessibleName(words.t("Do anything"))
        self.usage, self.error = QLabel(), QLabel()
        for label, font, role in ((self.usage, style.mono(14), "ink2"), (self.error, style.font(15), "ink")):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setFont(font)
            set_ink(label, style, role)
        self.list = QListWidget()
        self.list.viewport().setAutoFillBackground(False)
        self.list.setFont(style.mono(15))
        self.list.setAccessibleName(words.t("What may come next"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _item: self.complete())
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(*[style.px(14)] * 4)
        for part in (self.field, self.usage, self.error, self.list):
            column.addWidget(part)
        self.error.hide()
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self.run)
        self.field.installEventFilter(self)
        self.field.setText(text)
        self._fill(text)

    def open(self) -> None:
        """Show it over the window and take what is typed."""
        for old in self.parentWidget().findChildren(ActBar):
            if old is not self:
                old.close()
        self.setGeometry(self.parentWidget().rect())
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def _place(self) -> None:
        """In the middle of the upper part of the window, as high as what it says."""
        row = self.list.sizeHintForRow(0) if self.list.count() else 0
        self.list.setVisible(row > 0)
        self.list.setFixedHeight(max(1, min(self.list.count(), MOST_ROWS) * row + 4))
        width = min(self._style.px(820), self.width() - 40)
        top = min(70, self.height() // 8)
        column = self.frame.layout()
        assert column is not None, "the frame was built with a column"
        height = min(column.totalHeightForWidth(width) if column.hasHeightForWidth() else column.sizeHint().height(),
                     self.height() - top - 10)  # fmt: skip
        self.frame.setGeometry((self.width() - width) // 2, top, width, height)

    def complete(self) -> None:
        """Take the completion that is marked."""
        item = self.list.currentItem()
        if item is not None:
            stem = item.text()
            self.field.setText(stem if stem.endswith(("=", ".")) else f"{stem} ")

    def run(self) -> None:
        """Do what is written, and close; or say why not."""
        text = self.field.text().strip()
        if not text:
            return
        session = self._conductor.send(intents.ActNow(text))
        if session.notice is None or session.notice.id != "cannot-act":
            self.close()
            return
        self._conductor.window.notice.say("")
        self.error.setText(session.notice.text(self._style.words))
        self.error.show()
        self._place()
        if isinstance(session.notice.detail, LineError):
            fault = session.notice.detail
            self.field.setSelection(fault.column - 1, len(fault.found))

    def closeEvent(self, event) -> None:
        focus.give_back(self._before, self.parentWidget())
        super().closeEvent(event)

    def mousePressEvent(self, _event) -> None:
        self.close()

    def eventFilter(self, watched, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, row = event.key(), self.list.currentRow()
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(key))
            if by is not None:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, row + by)))
                return True
            if key == Qt.Key.Key_Tab:
                self.complete()
                return True
            if key == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)

    def _fill(self, text: str) -> None:
        world = self._conductor.session.world
        self.usage.setText(completing.usage(text) or self._style.words.t("Tab completes, Enter does it"))
        self.error.hide()
        self.list.clear()
        self.list.addItems(completing.completions(text, world))
        self.list.setCurrentRow(0)
        self._place()
