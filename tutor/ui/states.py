"""The list of states: where each host stands and where it can go, for eyes, keyboards and screen readers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout

from tutor.teach import intents
from tutor.teach.session import Session
from tutor.ui.panel import Panel
from tutor.ui.style import Style
from tutor.view.roll import Standings, roll
from tutor.view.theme import Look


class States(Panel):
    """Shows one line a host; Enter or a click explains the state, or puts the connection in focus."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.viewport().setAutoFillBackground(False)
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.list.setFont(style.font(14))
        self.list.setAccessibleName(style.words.t("States"))

    def rows(self, session: Session, look: Look) -> tuple[Standings, ...]:
        return roll(session.trace, session.playhead, look.words, horizon=session.horizon, focus=session.sight.focus)

    def show_rows(self, rows: tuple[Standings, ...]) -> None:
        here = self.list.currentRow()
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            item.setData(Qt.ItemDataRole.UserRole, row.mark)
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(0, here), len(rows) - 1))

    def _choose(self, item: QListWidgetItem) -> None:
        mark = item.data(Qt.ItemDataRole.UserRole)
        kind, _, name = mark.partition(":")
        self.wanted.emit(intents.See("focus", name) if kind == "conn" else intents.Select(mark))
