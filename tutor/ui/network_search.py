"""The search beside the page: it can be called off, and only the newest question is answered.

A search that nobody waits for any more ends at its next report (``breadth.EVERY`` worlds).
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from tutor.explore.breadth import Statistics
from tutor.explore.onward import way_on
from tutor.teach.network import Deeds, Told
from tutor.teach.puzzles import Puzzle
from tutor.ui.errand import Errand, Report

PORTION = 4096
"""So many more worlds are worth telling."""


class NetworkSearch(QObject):
    """``ask`` for a way on; ``found`` brings it (``Told``), ``got_to`` how many worlds have been seen until then."""

    found = Signal(object)
    got_to = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.asked: tuple[Puzzle, Deeds] | None = None
        """What is being searched; None: nothing."""
        self._errand: Errand | None = None

    def ask(self, puzzle: Puzzle, deeds: Deeds) -> None:
        """Search on from where ``deeds`` lead; what was asked before is called off, unless it is the same."""
        if self.asked == (puzzle, deeds):
            return
        self.stop()
        self.asked = (puzzle, deeds)
        self._errand = Errand("network search", partial(_work, puzzle, deeds))
        self._errand.told.connect(self.got_to)
        self._errand.ended.connect(self._rest)
        self._errand.came.connect(self.found)
        self._errand.begin()

    def stop(self) -> None:
        """Call off what is being searched."""
        self.asked = None
        if self._errand is not None:
            self._errand.call_off()

    def _rest(self) -> None:
        self.asked = None


def _work(puzzle: Puzzle, deeds: Deeds, report: Report) -> object:
    told_of = 0

    def progress(statistics: Statistics) -> bool:
        nonlocal told_of
        if statistics.worlds - told_of < PORTION:
            return report(None)
        told_of = statistics.worlds
        return report(told_of)

    return Told(puzzle, deeds, way_on(puzzle.play, deeds, progress))
