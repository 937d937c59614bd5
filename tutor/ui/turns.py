"""Turns: what lies beside the stage while something moves there.

Rules
-----
* While a run plays or a hand scrubs, every frame has the stage and one view beside it: a frame must not wait for
  panels nobody can read at that pace. When it rests, every view is shown at once.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

RESTS_AFTER_MS = 60
"""How long nothing must have moved before it counts as rest."""


class Turns(QObject):
    """Shows views in turn (``pass_on``) or all of them (``show_all``); what waits is shown when it rests."""

    def __init__(self, parent: QObject, *views: Callable[[], None]) -> None:
        super().__init__(parent)
        self._views = views
        self._next = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(RESTS_AFTER_MS)
        self._rest.timeout.connect(self.show_all)

    def pass_on(self) -> None:
        """Something moves: show the next view, and the others in their turn or at rest."""
        self._views[self._next]()
        self._next = (self._next + 1) % len(self._views)
        self._rest.start()

    def show_all(self) -> None:
        """Show every view."""
        self._rest.stop()
        for show in self._views:
            show()

    def stop(self) -> None:
        """Show nothing any more: the window is closing."""
        self._rest.stop()
