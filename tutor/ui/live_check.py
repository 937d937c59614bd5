"""The linter beside the typing: it runs in a thread, and only what it says of the newest text is heard.

Rules
-----
* A lesson comes from anybody: the linter's own limits bound the check, and the window never waits for it, not even to
  close.
* One check at a time; what was typed meanwhile is checked when it is done.
* The sentences are those of ``tcp-tutor check``.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from tutor.commands.check import replayed
from tutor.teach.check import check_text
from tutor.teach.errors import LessonError
from tutor.teach.lecture_check import check_lecture_text
from tutor.teach.lecture_reading import looks_like_lecture
from tutor.ui.errand import Errand, Report

PATIENCE_MS = 350
"""The check begins so long after the last letter."""


class LiveCheck(QObject):
    """``ask`` as often as the text changes; ``told`` carries the faults of the last one."""

    told = Signal(object)
    begun = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.newest = 0
        self._asked: tuple[str, Path, str] | None = None
        self._errand: Errand | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._begin)

    def ask(self, text: str, path: Path, lang: str, *, at_once: bool = False) -> None:
        """Check this text, soon."""
        self.newest += 1
        self._asked = (text, path, lang)
        self.begun.emit()
        if at_once:
            self._timer.stop()
            self._begin()
        else:
            self._timer.start()

    def stop(self) -> None:
        """Nobody listens any more."""
        self._timer.stop()
        self.newest += 1
        self._asked = None

    def _begin(self) -> None:
        if self._errand is not None or self._asked is None:
            return
        self._errand = Errand("live check", partial(_work, self.newest, *self._asked))
        self._errand.ended.connect(self._rest)
        self._errand.came.connect(self._hear)
        self._errand.begin()

    def _rest(self) -> None:
        self._errand = None

    def _hear(self, heard: tuple[int, tuple[LessonError, ...]]) -> None:
        number, errors = heard
        if number == self.newest:
            self.told.emit(errors)
        elif not self._timer.isActive():
            self._begin()


def _work(number: int, text: str, path: Path, lang: str, _: Report) -> tuple[int, tuple[LessonError, ...]]:
    try:
        if looks_like_lecture(text):
            return number, check_lecture_text(text, path, lang, replayed)
        return number, tuple(check_text(text, path, lang))
    except OSError as fault:
        return number, (LessonError(str(path), 1, 1, "", str(fault)),)
