"""At the beginning of a lecture: are its saved runs still what was saved? The lecturer is told, and nobody else.

Rules
-----
* One run at a time, between the events of the windows: nobody waits for it. What was read is shown later as it is.
* Whoever has gone on meanwhile is told at the run itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from tutor.ui.present.show import Show


class Inspecting(QObject):
    """Reads the saved runs of a presentation, and warns of those that are at fault."""

    def __init__(self, show: Show) -> None:
        super().__init__(show)
        self.show = show
        self._left = list(show.runs.saved)
        self._found: list[str] = []
        self._at = show.here.at
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)
        self._timer.start()

    def _next(self) -> None:
        show = self.show
        if not self._left or show.here.at != self._at or show.here.situation is not None:
            return
        told = show.runs.told(self._left.pop(0), show.words)
        if told:
            self._found.append(told)
            show.warn("\n".join(self._found))
        self._timer.start()

    def stop(self) -> None:
        """Look at no more."""
        self._timer.stop()
