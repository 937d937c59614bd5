"""A splitter whose handles go back to the rule on a double click."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSplitter, QSplitterHandle


class Splitter(QSplitter):
    """A splitter whose handles go back to the rule on a double click."""

    reset_wanted = Signal()

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)


class _Handle(QSplitterHandle):
    def mouseDoubleClickEvent(self, _event) -> None:
        self.splitter().reset_wanted.emit()
