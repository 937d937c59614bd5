"""Several runs in one file: the first is on screen, and this dialog offers the others.

Rules
-----
* The file has been opened already: whoever closes the dialog keeps the run that is there.
* A lesson's run is called as the lesson is, in the person's language; any other as its file was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from tutor.ui.button import Button
from tutor.ui.style import Style, sheet


class RunsDialog(QDialog):
    """A list of the runs; ``chosen`` gets the place (from 0) of another one."""

    def __init__(self, style: Style, names: Sequence[str], parent: QWidget, chosen: Callable[[int], None]) -> None:
        super().__init__(parent)
        t = style.words.t
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("Several runs"))
        self.setStyleSheet(sheet(style))
        self._chosen = chosen
        said = QLabel(t("This file holds {count} runs. The first is open; another one?", count=len(names)))
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        said.setFont(style.font(15))
        self.list = QListWidget()
        self.list.setFont(style.font(15))
        self.list.setAccessibleName(t("Runs"))
        self.list.addItems(list(names))
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _item: self.take())
        self.list.setMinimumWidth(min(style.px(460), round(parent.width() * 0.8)))
        self.list.setMinimumHeight(min(style.px(min(12, len(names)) * 27 + 12), round(parent.height() * 0.6)))
        self.show_it, self.leave = Button("primary"), Button()
        self.show_it.restyle(style, t("Show this one"))
        self.leave.restyle(style, t("Leave it as it is"))
        self.show_it.clicked.connect(self.take)
        self.leave.clicked.connect(self.reject)
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(*(min(style.px(18), 18),) * 4)
        column.setSpacing(style.px(12))
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.show_it)
        for part in (said, self.list):
            column.addWidget(part)
        column.addLayout(row)
        self.list.setFocus()

    def take(self) -> None:
        """Show the one that is marked."""
        place = self.list.currentRow()
        self.accept()
        if place > 0:
            self._chosen(place)
