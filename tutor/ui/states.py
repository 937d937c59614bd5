"""The list of states: where each host stands and where it can go, for eyes, keyboards and screen readers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem

from tutor.teach import intents
from tutor.teach.session import Session
from tutor.ui.panel import ListPanel
from tutor.ui.style import Style
from tutor.view.roll import Standings, roll
from tutor.view.theme import Look
from tutor.words import mark


class States(ListPanel):
    """Shows one line a host; Enter or a click explains the state, or puts the connection in focus."""

    name = mark("States")

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

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

    def choose(self, item: QListWidgetItem) -> None:
        chosen = item.data(Qt.ItemDataRole.UserRole)
        kind, _, name = chosen.partition(":")
        self.wanted.emit(intents.See("focus", name) if kind == "conn" else intents.Select(chosen))
