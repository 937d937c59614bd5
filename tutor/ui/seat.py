"""The seat: whose files in the state folder are these, when two windows are open at a time; and when they are written.

Rules
-----
* A window sits on one seat for as long as its process lives, and writes the files of that seat and no others. The
  first window has seat 1; who comes while that is taken sits on the next one.
* A lock says that a seat is taken. The lock of a process that died is nobody's.
* What is on screen is kept a few seconds after it changed, not only at the end: no end is certain to be announced.
* A folder in which nothing can be written has no seats to quarrel about; that nothing is kept there is said once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from tutor.ui import leaving

if TYPE_CHECKING:
    from tutor.teach.session import Session

SEATS = 20
"""More windows than this share the last seat's number, and the later ones keep nothing."""
AFTER_MS = 3000
"""A change is kept so long after it was made."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place for one window in ``folder``. ``number`` from 1; 0: every seat is taken, nothing is kept."""

    folder: Path
    number: int = 1
    _lock: QLockFile | None = field(default=None, repr=False, compare=False)

    @classmethod
    def claim(cls, folder: Path) -> Seat:
        """The first seat in ``folder`` that no living process sits on."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return cls(folder)
        for number in range(1, SEATS + 1):
            lock = QLockFile(str(leaving.files(folder, number)[0].with_suffix(".lock")))
            lock.setStaleLockTime(0)  # a lock does not grow old: only its process can die
            if lock.tryLock(0):
                return cls(folder, number, lock)
            if lock.error() != QLockFile.LockError.LockFailedError:
                return cls(folder, number)
        return cls(folder, 0)

    @property
    def is_first(self) -> bool:
        """Is this the only window, or the first of several?"""
        return self.number == 1

    @property
    def run(self) -> Path:
        """The file of the run."""
        return leaving.files(self.folder, self.number)[0]

    def release(self) -> None:
        """Leave the seat to the next window."""
        if self._lock is not None:
            self._lock.unlock()


class Saver(QObject):
    """Keeps a window's session on its seat. ``failed`` says once that it cannot, with the file's path."""

    failed = Signal(str)

    def __init__(self, session: Callable[[], Session], seat: Seat | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seat = seat
        self._session = session
        self._kept: Session | None = None
        self._has_failed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AFTER_MS)
        self._timer.timeout.connect(self._when_quiet)

    def note(self) -> None:
        """Something is different: keep it soon."""
        if self.seat is not None and not self._timer.isActive():
            self._timer.start()

    def _when_quiet(self) -> None:
        """A run that plays is kept only if it is another one than before: where it plays is told when it stops."""
        session = self._session()
        if session.is_playing and self._kept is not None and session.timeline is self._kept.timeline:
            self._timer.start()
        else:
            self.keep()

    def keep(self) -> bool:
        """Keep the session now, unless it is kept already; is it?"""
        session, seat = self._session(), self.seat
        if seat is None or not seat.number:
            return False
        if session is self._kept:
            return True
        if leaving.leave(session, seat.folder, seat.number):
            self._kept = session
            self._has_failed = False
            return True
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(str(seat.run))
        return False

    def end(self) -> None:
        """The window closes: keep the session, and let the next window have the seat."""
        self._timer.stop()
        self.keep()
        if self.seat is not None:
            self.seat.release()
            self.seat = None
