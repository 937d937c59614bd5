"""The searches beside the page: they can be called off, and only the newest question is answered.

A search that nobody waits for any more ends at its next report (``breadth.EVERY`` worlds).
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from tutor.explore.breadth import Statistics
from tutor.explore.elsewhere import elsewhere
from tutor.explore.onward import way_on
from tutor.teach.network import Told, ToldElsewhere, Wanted
from tutor.teach.puzzles import Puzzle
from tutor.ui.errand import Errand, Report

PORTION = 4096
"""So many more worlds are worth telling."""


class NetworkSearch(QObject):
    """``ask`` for what is ``Wanted``; ``found`` brings what was (``Told``, ``ToldElsewhere``), ``got_to`` how many
    worlds have been seen until then.
    """

    found = Signal(object)
    got_to = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.asked: tuple[Puzzle, Wanted] | None = None
        """What is being searched; None: nothing."""
        self._errand: Errand | None = None

    def ask(self, puzzle: Puzzle, wanted: Wanted) -> None:
        """Search for what is wanted; what was asked before is called off, unless it is the same."""
        if self.asked == (puzzle, wanted):
            return
        self.stop()
        self.asked = (puzzle, wanted)
        self._errand = Errand("network search", partial(_work, puzzle, wanted))
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


def _work(puzzle: Puzzle, wanted: Wanted, report: Report) -> object:
    told_of = 0

    def progress(statistics: Statistics) -> bool:
        nonlocal told_of
        if statistics.worlds - told_of < PORTION:
            return report(None)
        told_of = statistics.worlds
        return report(told_of)

    if wanted.is_elsewhere:
        return ToldElsewhere(puzzle, elsewhere(puzzle.play, progress))
    return Told(puzzle, wanted.deeds, way_on(puzzle.play, wanted.deeds, progress))
