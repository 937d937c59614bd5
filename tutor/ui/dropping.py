"""Files that are dragged from outside and dropped on a window."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class TakesFiles(QWidget):
    """A widget on which a file can be dropped: ``file_dropped`` says which."""

    file_dropped = Signal(str)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _first_file(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _first_file(event)
        if path:
            event.acceptProposedAction()
            self.file_dropped.emit(path)


def _first_file(event: QDropEvent) -> str:
    """The path of the first file that is dragged; empty if none is."""
    paths = (url.toLocalFile() for url in event.mimeData().urls())
    return next((path for path in paths if path), "")
