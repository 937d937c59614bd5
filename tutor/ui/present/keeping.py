"""The votes of a room on their way to the disk: one after the other, away from the frame.

Rules
-----
* The window never waits for a disk. What cannot be written is said once, and the lecture goes on.
* Without a file everything is in memory, as for a picture or a test.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from tutor import doctor
from tutor.teach.votes import Votes
from tutor.teach.votes_file import FILE, VotesFile

LAST_WAIT_S = 3.0
"""How long the end of a lecture waits for the last count."""


def now() -> str:
    """This moment with its zone, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def file_of_user() -> VotesFile:
    """Where whoever runs the program keeps votes."""
    return VotesFile(doctor.data_dir() / FILE)


class Keeping(QObject):
    """Writes votes into a file (None: nowhere). ``failed``: the file, and what the system says; once."""

    failed = Signal(str, object)
    _went_wrong = Signal(object)

    def __init__(self, file: VotesFile | None, parent: QObject) -> None:
        super().__init__(parent)
        self.file = file
        self._thread = ThreadPoolExecutor(1, "votes") if file is not None else None
        self._last: set = set()
        self._has_failed = False
        self._went_wrong.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def of_today(self) -> dict[str, Votes]:
        """Question -> what this class has voted today: a lecture that was broken off goes on where it was."""
        try:
            found = self.file.of_class() if self.file is not None else ()
        except OSError as fault:
            self._tell(fault)
            return {}
        return {votes.question: votes for votes in found if votes.at[:10] == now()[:10]}

    def keep(self, votes: Votes) -> None:
        """Write these votes, some time soon."""
        if self.file is not None:
            self._do(self.file.keep, votes)

    def clean(self) -> None:
        """The next class begins."""
        if self.file is not None:
            self._do(self.file.clean, now())

    def settle(self) -> None:
        """Wait until all is written that was to be."""
        wait(self._last, LAST_WAIT_S)

    def end(self) -> None:
        """No more votes come."""
        self.settle()
        if self._thread is not None:
            self._thread.shutdown(wait=False)

    def _do(self, deed: Callable, what: object) -> None:
        assert self._thread is not None, "a file has a thread"
        self._last = {each for each in self._last if not each.done()}
        self._last.add(self._thread.submit(self._try, deed, what))

    def _try(self, deed: Callable, what: object) -> None:
        try:
            deed(what)
        except OSError as fault:
            self._went_wrong.emit(fault)

    @Slot(object)
    def _tell(self, why: OSError) -> None:
        if not self._has_failed and self.file is not None:
            self._has_failed = True
            self.failed.emit(str(Path(self.file.path)), why)
