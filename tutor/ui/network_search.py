"""The search beside the page: it runs in a thread, can be called off, and only the newest question is answered.

Rules
-----
* The thread shares nothing with the window but the question, which is a value, and the answer, which is one too.
* A search that nobody waits for any more ends at its next report (``breadth.EVERY`` worlds).
"""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal

from tutor.explore.breadth import Statistics
from tutor.explore.onward import way_on
from tutor.teach.network import Deeds, Told
from tutor.teach.puzzles import Puzzle

PORTION = 4096
"""So many more worlds are worth telling."""


class _Mouth(QObject):
    """What the thread speaks through; it may outlive the window."""

    done = Signal(int, object)
    told = Signal(int, int)


class NetworkSearch(QObject):
    """``ask`` for a way on; ``found`` brings it (``Told``), ``got_to`` how many worlds have been seen until then."""

    found = Signal(object)
    got_to = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest = 0
        self.asked: tuple[Puzzle, Deeds] | None = None
        """What is being searched; None: nothing."""
        self._mouth = _Mouth()
        self._mouth.done.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._mouth.told.connect(self._count, Qt.ConnectionType.QueuedConnection)

    def ask(self, puzzle: Puzzle, deeds: Deeds) -> None:
        """Search on from where ``deeds`` lead; what was asked before is called off, unless it is the same."""
        if self.asked == (puzzle, deeds):
            return
        self.stop()
        self.asked = (puzzle, deeds)
        arguments = (self._newest, puzzle, deeds)
        threading.Thread(target=self._work, args=arguments, name="network search", daemon=True).start()

    def stop(self) -> None:
        """Call off what is being searched."""
        self._newest += 1
        self.asked = None

    def _work(self, number: int, puzzle: Puzzle, deeds: Deeds) -> None:
        mouth, told_of = self._mouth, 0

        def progress(statistics: Statistics) -> bool:
            nonlocal told_of
            if number != self._newest:
                return False
            if statistics.worlds - told_of >= PORTION:
                told_of = statistics.worlds
                mouth.told.emit(number, told_of)
            return True

        try:
            found: object = Told(puzzle, deeds, way_on(puzzle.play, deeds, progress))
        except Exception as fault:  # noqa: BLE001  a fault of ours: it is raised again where faults are reported
            found = fault
        if number == self._newest:
            mouth.done.emit(number, found)

    def _hear(self, number: int, told: object) -> None:
        if number != self._newest:
            return
        self.asked = None
        if isinstance(told, Exception):
            raise told
        self.found.emit(told)

    def _count(self, number: int, worlds: int) -> None:
        if number == self._newest:
            self.got_to.emit(worlds)
