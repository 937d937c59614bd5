"""The paper of an exam, made beside the window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from tutor.teach.lesson import Lesson
from tutor.teach.paper import exam_paper
from tutor.ui.errand import Errand, Report


class PaperMaker(QObject):
    """``ask`` for a paper; ``made`` brings its questions (none, if there is nothing to ask)."""

    made = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._errand: Errand | None = None

    def ask(self, lessons: tuple[Lesson, ...], count: int, seed: int) -> None:
        """Make a paper; what was asked before is not told any more."""
        self.stop()
        self._errand = Errand("exam paper", partial(_work, lessons, count, seed))
        self._errand.came.connect(self.made)
        self._errand.begin()

    def stop(self) -> None:
        """Nobody waits any more."""
        if self._errand is not None:
            self._errand.call_off()


def _work(lessons: tuple[Lesson, ...], count: int, seed: int, _: Report) -> object:
    return exam_paper(lessons, count, seed)
