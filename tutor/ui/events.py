"""The list of events: one sentence for each instant about now, for eyes, keyboards and screen readers.

Rules
-----
* What lies ahead is listed too, as far as it may be known; the row of now is the current one.
* A step forward moves rows; only a jump makes the list anew.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QListWidgetItem

from tutor.teach import intents
from tutor.teach.session import Session
from tutor.ui.found_rows import whose
from tutor.ui.panel import ListPanel
from tutor.ui.style import Style
from tutor.ui.why import said_now
from tutor.view.listing import EventRow, events_about
from tutor.view.theme import Look
from tutor.words import Words, mark


def event_rows(session: Session, words: Words) -> tuple[EventRow, ...]:
    """The events about the playhead; nothing behind the horizon."""
    trace = session.trace
    here, last = trace.index_at(session.playhead), trace.index_at(session.visible_end)
    rows = events_about(trace, here, last, words, whose=whose(session))
    told = said_now(session, words).step
    return tuple(replace(row, is_told=True) if row.step == told else row for row in rows)


class Events(ListPanel):
    """Shows ``EventRow``s; a click, an arrow or Enter leads to that moment, and the why line tells of that event."""

    name = mark("Events")

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(self._walk)
        self._listed: tuple[EventRow, ...] = ()

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self._listed = ()

    def rows(self, session: Session, look: Look) -> tuple[EventRow, ...]:
        assert isinstance(look.words, Words), "a window speaks a language"
        return event_rows(session, look.words)

    def show_rows(self, rows: tuple[EventRow, ...]) -> None:
        blocker = QSignalBlocker(self.list)
        self._show_rows(rows)
        blocker.unblock()

    def _show_rows(self, rows: tuple[EventRow, ...]) -> None:
        was, self._listed = self._listed, rows
        first = _shift(was, rows)
        if first is None:
            self.list.clear()
            first = len(was)
        for _ in range(first if self.list.count() else 0):
            self.list.takeItem(0)
        while self.list.count() > len(rows):
            self.list.takeItem(self.list.count() - 1)
        for place, row in enumerate(rows):
            if place >= self.list.count():
                self.list.addItem(QListWidgetItem())
            self._fill(self.list.item(place), row)
        now = next((place for place, row in enumerate(rows) if row.is_ahead), len(rows)) - 1
        now = next((place for place, row in enumerate(rows) if row.is_told), now)
        self.list.setCurrentRow(now)
        current = self.list.item(now)
        if current is not None:
            self.list.scrollToItem(current)

    def _fill(self, item: QListWidgetItem, row: EventRow) -> None:
        """Say what is not said already."""
        if item.data(ROW) == row:
            return
        item.setData(ROW, row)
        item.setText(f"{row.at / 1_000_000:.3f} s   {row.text}")
        item.setForeground(QBrush(self.style_now.colour("ink3" if row.is_ahead else "ink")))

    def choose(self, item: QListWidgetItem) -> None:
        row = item.data(ROW)
        self.wanted.emit(intents.Seek(row.at, row.step))

    def _walk(self, item: QListWidgetItem | None, _was: QListWidgetItem | None) -> None:
        """The arrows lead from row to row, and each is told."""
        if item is not None and self.list.hasFocus():
            self.choose(item)


ROW = Qt.ItemDataRole.UserRole
"""Where an item keeps its ``EventRow``."""


def _shift(was: tuple[EventRow, ...], rows: tuple[EventRow, ...]) -> int | None:
    """How many rows went away at the top; None if that is not what happened."""
    steps = [row.step for row in was]
    if not rows or rows[0].step not in steps:
        return None
    first = steps.index(rows[0].step)
    kept = min(len(was) - first, len(rows))
    same = all(a.step == b.step and a.text == b.text for a, b in zip(was[first:], rows[:kept], strict=False))
    return first if same else None
