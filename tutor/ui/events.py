"""The list of events: one sentence for each instant up to now, for eyes, keyboards and screen readers."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout

from tutor.teach import intents
from tutor.teach.session import Session
from tutor.ui.panel import Panel
from tutor.ui.style import Style
from tutor.view.announce import announce_step
from tutor.view.theme import Look
from tutor.words import Words

MOST = 200
"""So many events are listed at most, the latest ones."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened at an instant (microseconds)."""

    at: int
    text: str


def event_rows(session: Session, words: Words) -> tuple[EventRow, ...]:
    """Up to ``MOST`` events, the last of them at the playhead or before it."""
    steps = session.trace.steps
    found: list[EventRow] = []
    for place in range(session.trace.index_at(session.playhead), -1, -1):
        said = announce_step(steps[place].records, words)
        if said:
            found.append(EventRow(steps[place].at, said))
        if len(found) == MOST:
            break
    return tuple(reversed(found))


class Events(Panel):
    """Shows ``EventRow``s; a click or Enter leads to that moment."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.viewport().setAutoFillBackground(False)
        self.list.itemActivated.connect(self._seek)
        self.list.itemClicked.connect(self._seek)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.list.setFont(style.font(14))
        self.list.setAccessibleName(style.words.t("Events"))

    def rows(self, session: Session, look: Look) -> tuple[EventRow, ...]:
        assert isinstance(look.words, Words), "a window speaks a language"
        return event_rows(session, look.words)

    def show_rows(self, rows: tuple[EventRow, ...]) -> None:
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.at / 1_000_000:.3f} s   {row.text}")
            item.setData(Qt.ItemDataRole.UserRole, row.at)
            self.list.addItem(item)
        self.list.setCurrentRow(len(rows) - 1)
        self.list.scrollToBottom()

    def _seek(self, item: QListWidgetItem) -> None:
        self.wanted.emit(intents.Seek(item.data(Qt.ItemDataRole.UserRole)))
