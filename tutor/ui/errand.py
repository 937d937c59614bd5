"""An errand: work beside the window, in a thread of its own, called off when nobody waits for it any more.

Rules
-----
* The thread shares nothing with the window but values: what it is given, what it tells, what it brings.
* An errand ends in the window's thread, as all of Qt's objects must (``collector``): it is kept until its thread is
  over, whatever becomes of the window that sent it.
* A fault of ours in the thread is raised in the window, where faults are reported.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

Report = Callable[[object], bool]
"""Tells the window something on the way; False: nobody waits any more."""


class Errand(QObject):
    """``came`` brings what the work returned, ``told`` what it reported on the way; ``ended`` comes before ``came``,
    also where a fault comes instead. Nothing comes after ``call_off``.

    The work is called with one function, a ``Report``.
    """

    came = Signal(object)
    told = Signal(object)
    ended = Signal()
    _over = Signal(object, object)
    _said = Signal(object)

    under_way: set[Errand] = set()  # noqa: RUF012  one for the process: what keeps an errand whose window is gone
    """Those whose thread is not over."""

    def __init__(self, name: str, work: Callable[[Report], object]) -> None:
        super().__init__()
        self.is_wanted = True
        """Does anybody wait for it?"""
        self._work: Callable[[Report], object] | None = work
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._over.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._said.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Send it."""
        self.under_way.add(self)
        self._thread.start()

    def call_off(self) -> None:
        """Nobody waits any more: nothing of it is told from now on, and its work hears so at its next report."""
        self.is_wanted = False

    # --- in the thread ---

    def _run(self) -> None:
        work, self._work = self._work, None
        found, fault = None, None
        try:
            found = work(self._report) if work is not None else None
        except Exception as raised:  # noqa: BLE001  it is raised again in the window
            fault = raised
        try:
            self._over.emit(found, fault)
        except RuntimeError:  # the program has ended, and Qt with it
            return

    def _report(self, news: object) -> bool:
        if self.is_wanted and news is not None:
            self._said.emit(news)
        return self.is_wanted

    # --- in the window's thread ---

    @Slot(object)
    def _tell(self, news: object) -> None:
        if self.is_wanted:
            self.told.emit(news)

    @Slot(object, object)
    def _end(self, found: object, fault: Exception | None) -> None:
        self._thread.join()  # it has nothing left to do but to let go of this errand
        self.under_way.discard(self)
        if not self.is_wanted:
            return
        self.is_wanted = False
        self.ended.emit()
        if fault is not None:
            raise fault
        self.came.emit(found)
