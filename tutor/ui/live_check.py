"""The linter beside the typing: it runs in a thread, and only what it says of the newest text is heard.

Rules
-----
* A lesson comes from anybody: the linter's own limits bound the check, and the window never waits for it, not even to
  close.
* One check at a time; what was typed meanwhile is checked when it is done.
* The sentences are those of ``tcp-tutor check``.
"""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from tutor.teach.check import check_text
from tutor.teach.errors import LessonError

PATIENCE_MS = 350
"""The check begins so long after the last letter."""


class _Mouth(QObject):
    """What the thread speaks through; it may outlive the window."""

    done = Signal(int, object)


class LiveCheck(QObject):
    """``ask`` as often as the text changes; ``told`` carries the faults of the last one."""

    told = Signal(object)
    begun = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.newest = 0
        self._asked: tuple[str, Path, str] | None = None
        self._is_busy = False
        self._mouth = _Mouth()
        self._mouth.done.connect(self._hear, Qt.ConnectionType.QueuedConnection)
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
        if self._is_busy or self._asked is None:
            return
        self._is_busy = True
        arguments = (self._mouth, self.newest, *self._asked)
        threading.Thread(target=_work, args=arguments, name="live check", daemon=True).start()

    def _hear(self, number: int, errors: object) -> None:
        self._is_busy = False
        if isinstance(errors, Exception):
            raise errors
        if number == self.newest:
            self.told.emit(errors)
        elif not self._timer.isActive():
            self._begin()


def _work(mouth: _Mouth, number: int, text: str, path: Path, lang: str) -> None:
    try:
        mouth.done.emit(number, check_text(text, path, lang))
    except OSError as fault:
        mouth.done.emit(number, (LessonError(str(path), 1, 1, "", str(fault)),))
    except Exception as fault:  # noqa: BLE001  a fault of ours: it is raised again where faults are reported
        mouth.done.emit(number, fault)
